//! Images that cannot be opened: what, where, the next command; exit code 2, and nothing on stdout.

use crate::program::{Place, Ran, run};
use crate::{assert_text, shop};

fn refused(place: &Place, arguments: &str) -> Ran {
    let ran = run(&mut place.jettison(&format!("{arguments} --quiet")));
    assert_eq!(ran.code, Some(2), "{arguments}: {}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.stdout, "", "{arguments}");
    ran
}

/// An archive with its first layer's blob changed.
fn damaged(change: impl Fn(&mut Vec<u8>)) -> Place {
    let mut files = shop().docker_files();
    change(&mut files[0].1);
    let archive = files
        .iter()
        .fold(jettison_testkit::LayerBuilder::new(), |archive, (name, content)| archive.file(name, content))
        .tar();
    Place::new().with("image.tar", archive)
}

#[test]
fn a_damaged_layer_is_named_with_its_place_and_digest() {
    let ran = refused(&damaged(|blob| blob.truncate(20_000)), "analyze image.tar");
    assert!(ran.stderr.contains("]\n  layer 0  sha256:"), "{}", ran.stderr);
    assert!(ran.stderr.contains("  next:"), "{}", ran.stderr);
}

#[test]
fn every_command_refuses_a_damaged_image() {
    let place = damaged(|blob| blob.truncate(20_000));
    for arguments in ["why image.tar /etc", "history image.tar", "inspect image.tar", "diff image.tar image.tar"] {
        refused(&place, arguments);
    }
}

#[test]
fn what_is_no_image_is_told_as_what_it_is() {
    let place = Place::new().with("notes.txt", "hello").with("folder/file", "x");
    for arguments in ["analyze nothing.tar", "analyze ./notes.txt", "analyze folder/", "analyze Not:A:Name"] {
        let ran = refused(&place, arguments);
        insta::allow_duplicates! { assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr) }
    }
    assert_text!(refused(&place, "analyze nothing.tar"));
}

#[test]
fn a_name_without_an_engine_says_how_to_do_without() {
    assert_text!(refused(&Place::new(), "analyze localhost:1/shop:1.4"));
}

#[test]
fn a_layer_that_is_too_large_is_not_read() {
    let place = Place::new().with("image.tar", shop().docker_archive());
    let ran = refused(&place, "analyze image.tar --max-layer-size 60kB");
    assert!(ran.stderr.contains("[layer_too_large]") && ran.stderr.contains("--max-layer-size SIZE"), "{}", ran.stderr);
}

#[test]
fn a_dockerfile_that_is_not_there_is_said() {
    let place = Place::new().with("image.tar", shop().docker_archive());
    let ran = refused(&place, "analyze image.tar --dockerfile nowhere/Dockerfile");
    assert_eq!(ran.stderr, "error: nowhere/Dockerfile: no such file or folder\n");
}
