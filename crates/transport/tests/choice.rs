//! Which image of several is opened.

mod layout;

use jettison_model::Platform;
use jettison_transport::OpenOptions;
use layout::{INDEX, Layout, layer, name, sizes};
use serde_json::{Value, json};

fn with(descriptor: &Value, key: &str, value: Value) -> Value {
    let mut descriptor = descriptor.clone();
    descriptor[key] = value;
    descriptor
}

fn on(descriptor: &Value, os: &str, arch: &str, variant: &str) -> Value {
    with(descriptor, "platform", json!({"os": os, "architecture": arch, "variant": variant}))
}

fn named(descriptor: &Value, name: &str) -> Value {
    with(descriptor, "annotations", json!({"org.opencontainers.image.ref.name": name}))
}

/// Another platform than any that tests run on, twice, and this one.
fn platforms() -> (Layout, Vec<Value>) {
    let mut layout = Layout::default();
    let here = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let images = [
        on(&layout.image("s390x", &[layer("1")]), "linux", "s390x", ""),
        on(&layout.image(here, &[layer("22")]), "linux", here, ""),
        on(&layout.image("arm", &[layer("333")]), "linux", "arm", "v7"),
        on(&layout.image("arm", &[layer("4444")]), "linux", "arm", "v6"),
    ];
    (layout, images.to_vec())
}

fn ask(layout: &Layout, platform: Option<&str>, reference: Option<&str>) -> Result<Vec<u64>, String> {
    let platform: Option<Platform> = platform.map(|platform| platform.parse().unwrap());
    let options = OpenOptions { platform: platform.as_ref(), reference, ..OpenOptions::default() };
    layout.open(&options).map(|image| sizes(&image)).map_err(|error| error.to_string())
}

#[test]
fn an_index_gives_the_platform_asked_for_or_this_machines() {
    let (layout, images) = platforms();
    let layout = layout.index(&images);
    assert_eq!(ask(&layout, None, None), Ok(vec![2]));
    assert_eq!(ask(&layout, Some("linux/s390x"), None), Ok(vec![1]));
    assert_eq!(ask(&layout, Some("linux/arm/v6"), None), Ok(vec![4]));
    let error = ask(&layout, Some("windows/amd64"), None).unwrap_err();
    assert!(error.starts_with("no image for `windows/amd64`; there is: linux/"), "{error}");
    // Without a variant both would do, and nobody knows which.
    assert!(ask(&layout, Some("linux/arm"), None).unwrap_err().contains("several images"));
}

#[test]
fn platforms_that_were_not_saved_are_passed_over() {
    let (mut layout, images) = platforms();
    for image in &images[1..] {
        layout.files.remove(&name(image["digest"].as_str().unwrap()));
    }
    let layout = layout.index(&images);
    assert_eq!(ask(&layout, None, None), Ok(vec![1]));
    let error = ask(&layout, Some("linux/arm/v7"), None).unwrap_err();
    assert!(error.contains("[missing_blob]"), "{error}");
}

#[test]
fn several_foreign_platforms_are_asked_about() {
    let (layout, images) = platforms();
    let layout = layout.index(&images[2..]);
    let error = layout.open(&OpenOptions::default()).unwrap_err();
    assert!(error.to_string().ends_with("say which with --platform: linux/arm/v6, linux/arm/v7"), "{error}");
}

#[test]
fn the_config_tells_the_platform_where_the_index_does_not() {
    let mut layout = Layout::default();
    let image = layout.image("s390x", &[layer("1")]);
    let layout = layout.index(&[image]);
    assert_eq!(ask(&layout, Some("linux/s390x"), None), Ok(vec![1]));
    assert!(ask(&layout, Some("linux/amd64"), None).unwrap_err().contains("there is: linux/s390x"));
}

#[test]
fn a_name_or_a_digest_tells_images_apart() {
    let mut layout = Layout::default();
    let (one, two) = (layout.image("amd64", &[layer("1")]), layout.image("amd64", &[layer("22")]));
    let layout =
        layout.index(&[named(&one, "docker.io/library/app:1.0"), named(&two, "app:2"), named(&two, "other:2")]);
    for (reference, size) in
        [("app:1.0", 1), ("1.0", 1), ("docker.io/library/app:1.0", 1), ("app:2", 2), ("other:2", 2)]
    {
        assert_eq!(ask(&layout, None, Some(reference)), Ok(vec![size]), "{reference}");
    }
    assert_eq!(ask(&layout, None, one["digest"].as_str()), Ok(vec![1]));
    assert!(
        ask(&layout, None, Some("app:3")).unwrap_err().contains("there is: app:2, docker.io/library/app:1.0, other:2")
    );
    assert!(ask(&layout, None, None).unwrap_err().contains("--ref"));
}

#[test]
fn one_image_with_two_names_is_one_image() {
    let mut layout = Layout::default();
    let image = layout.image("amd64", &[layer("1")]);
    let layout = layout.index(&[named(&image, "a:1"), named(&image, "b:1")]);
    assert_eq!(ask(&layout, None, None), Ok(vec![1]));
}

#[test]
fn attestations_are_no_images() {
    let mut layout = Layout::default();
    let image = layout.image("amd64", &[layer("1")]);
    let statement = layout.image("unknown", &[layer("22")]);
    let about = with(&statement, "annotations", json!({"vnd.docker.reference.type": "attestation-manifest"}));
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [image, about]});
    let inner = layout.document(INDEX, &index);
    assert_eq!(ask(&layout.index(&[inner]), None, None), Ok(vec![1]));
}

#[test]
fn indexes_within_indexes_end() {
    let mut layout = Layout::default();
    let mut inner = layout.image("amd64", &[layer("1")]);
    for _ in 0..4 {
        inner = layout.document(INDEX, &json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [inner]}));
    }
    assert_eq!(ask(&layout.clone().index(&[inner.clone()]), None, None), Ok(vec![1]));
    let inner = layout.document(INDEX, &json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [inner]}));
    assert!(ask(&layout.index(&[inner]), None, None).unwrap_err().contains("[invalid_manifest]"));
}
