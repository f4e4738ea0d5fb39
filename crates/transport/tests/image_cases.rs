//! The hard images of testbed/image-cases, made anew and opened in every form they have: each figure is the one that
//! `expected.json` gives, or the error is of its class and names the layer. Needs python3; says so where there is none.

mod server;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use jettison_image::{Dive, Error, Image, Noted, Stack, Warning, WastedPath, shown_path};
use jettison_model::Platform;
use jettison_transport::{OpenError, OpenOptions, Source, open, open_stream};
use serde_json::{Value, json};

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testbed/image-cases")
}

/// What the script `maker` writes.
fn images(maker: &str) -> Option<tempfile::TempDir> {
    let out = tempfile::tempdir().unwrap();
    let Ok(made) = Command::new("python3").arg(cases().join(maker)).arg(out.path()).output() else {
        eprintln!("skipped: there is no python3 to make the images with");
        return None;
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(out)
}

/// How an image is opened.
#[derive(Clone, Copy, Debug)]
enum Door {
    /// Where it lies, by as many threads as there are processors.
    Path,
    /// Likewise, by one thread.
    Alone,
    /// As it comes.
    Stream,
    /// From a registry.
    Registry,
}

/// What a case is asked for: with a platform or a name where it has several images.
struct Question<'a> {
    format: &'a str,
    path: PathBuf,
    door: Door,
    platform: Option<Platform>,
    reference: Option<&'a str>,
}

impl Question<'_> {
    fn ask(&self) -> Result<(Image, Value), OpenError> {
        let (platform, reference) = (self.platform.as_ref(), self.reference);
        let jobs = if matches!(self.door, Door::Alone) { 1 } else { 0 };
        let options = OpenOptions { platform, reference, jobs, ..OpenOptions::default() };
        let image = match self.door {
            Door::Stream => open_stream(&mut File::open(&self.path).unwrap(), &options)?,
            Door::Registry => {
                let server = server::folder::serve(&self.path);
                server::client().open(&server.reference(), &options)?.image
            }
            _ => open(&Source::parse(self.path.to_str().unwrap()).unwrap(), &options)?,
        };
        let figures = figures(&image)?;
        Ok((image, figures))
    }
}

fn figures(image: &Image) -> Result<Value, Error> {
    let indexes = image.indexes();
    let stack = Stack::new(&indexes)?;
    let (waste, tree) = (&stack.waste, &stack.tree);
    let layers: Vec<Value> = image
        .layers
        .iter()
        .zip(&stack.layers)
        .map(|(layer, counts)| {
            json!({
                "entries": counts.entries, "whiteouts": counts.whiteouts, "opaque": counts.opaque,
                "file_bytes": counts.file_bytes, "stored_bytes": counts.stored_bytes, "added": counts.added,
                "modified": counts.modified, "removed": counts.removed, "rewritten": counts.rewritten,
                "digest": layer.index.digest.as_ref().map(ToString::to_string),
                "diff_id": layer.index.diff_id.as_ref().map(ToString::to_string),
                "media_type": layer.media_type,
                "compressed_size": layer.index.stored_bytes, "uncompressed_size": layer.index.unpacked_bytes,
            })
        })
        .collect();
    let causes = &waste.by_cause;
    let dive = Dive::of(&indexes).unwrap();
    let path = |path: &WastedPath| json!({"path": shown_path(&path.path), "bytes": path.bytes, "copies": path.count});
    Ok(json!({
        "layers": layers,
        "final": {
            "bytes": waste.final_bytes, "names": tree.names, "regular_inodes": tree.regular_inodes,
            "symlinks": tree.symlinks, "special": tree.special, "dirs": tree.directories,
        },
        "total_file_bytes": waste.total_file_bytes,
        "wasted_bytes": waste.wasted_bytes,
        "wasted_by_cause": {
            "overwritten": causes.overwritten, "metadata_only": causes.metadata_only,
            "duplicate": causes.duplicate, "deleted": causes.deleted,
        },
        "metadata_only_bytes": causes.metadata_only,
        "efficiency": waste.efficiency(),
        "wasted_paths": waste.paths.iter().take(20).map(path).collect::<Vec<_>>(),
        "wasted_path_count": waste.paths.len(),
        "compressed_size": image.compressed_bytes(),
        "uncompressed_size": image.unpacked_bytes(),
        "dive_efficiency": dive.efficiency,
        "dive_wasted_bytes": dive.wasted_bytes,
        "warnings": warnings(image, &stack),
    }))
}

fn warnings(image: &Image, stack: &Stack<'_>) -> Vec<&'static str> {
    let all: Vec<Noted> = image.noted().into_iter().chain(stack.noted.iter().cloned()).collect();
    let mut classes: Vec<Warning> = all.iter().map(|noted| noted.class).collect();
    classes.sort_unstable();
    let mut names: Vec<&str> = classes.into_iter().map(Warning::class).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Fields of `want` that `got` has otherwise, with both values.
fn differences(want: &Value, got: &Value, format: &str, place: &str, out: &mut Vec<String>) {
    match (want, got) {
        (Value::Object(want), Value::Object(got)) => {
            for (key, value) in want {
                // An old docker archive has no blobs: neither their digests nor what follows from them.
                let is_of_blob =
                    matches!(key.as_str(), "digest" | "compressed_size" | "media_type" | "unique_compressed_size");
                let is_media = key == "warnings" && format == "docker-archive";
                if matches!(
                    key.as_str(),
                    "what" | "notes" | "formats" | "status" | "accept_instead" | "unique_compressed_size"
                ) || format == "docker-archive" && is_of_blob
                {
                    continue;
                }
                let mut got = got.get(key).cloned().unwrap_or(Value::Null);
                if is_media {
                    got = got.as_array().cloned().unwrap_or_default().into();
                }
                differences(value, &got, format, &format!("{place}.{key}"), out);
            }
        }
        (Value::Array(want), Value::Array(got)) if want.len() == got.len() => {
            for (at, (want, got)) in want.iter().zip(got).enumerate() {
                differences(want, got, format, &format!("{place}[{at}]"), out);
            }
        }
        // The figures have nine digits behind the point, and halves are rounded in other ways.
        (Value::Number(want), Value::Number(got))
            if (want.as_f64().unwrap() - got.as_f64().unwrap()).abs() < 1.5e-9 => {}
        _ if want == got => {}
        _ => out.push(format!("{place}: {got} instead of {want}")),
    }
}

fn check_error(question: &Question<'_>, want: &Value, out: &mut Vec<String>) {
    let error = match question.ask() {
        Ok(_) => return out.push("no error".to_owned()),
        Err(OpenError::Image(error)) => error,
        Err(error) => return out.push(format!("another error: {error}")),
    };
    let class = want["class"].as_str().unwrap();
    let text = error.to_string();
    if error.class() != Some(class) || !text.ends_with(&format!("[{class}]")) {
        out.push(format!("{text} instead of {class}"));
    }
    if let Some(layer) = want["layer"].as_u64() {
        let digest = want[if question.format == "docker-archive" { "diff_id" } else { "digest" }].as_str().unwrap();
        let is_named = matches!(&error, Error::Layer { place, layer: name, .. }
            if place.map(|place| place as u64) == Some(layer) && name == digest);
        if !is_named || !text.contains(&format!("layer {layer} {digest}")) {
            out.push(format!("{text}: does not name layer {layer} {digest}"));
        }
    }
}

fn check_figures(question: &Question<'_>, want: &Value, out: &mut Vec<String>) {
    match question.ask() {
        Ok((image, got)) => {
            differences(want, &got, question.format, "", out);
            for layer in &image.layers {
                let files: u64 = layer.index.entries.iter().map(|entry| entry.compressed_bytes).sum();
                if files + layer.index.structure_bytes() != layer.index.stored_bytes {
                    out.push("the shares of the files do not sum to the blob".to_owned());
                }
            }
        }
        Err(error) => out.push(format!("error: {error}")),
    }
}

fn questions<'a>(root: &Path, slug: &str, format: &'a str, want: &'a Value) -> Vec<(Question<'a>, &'a Value)> {
    let path = root.join(format).join(slug);
    let path = if format == "oci-dir" { path } else { path.with_extension("tar") };
    // A registry's images have tags of their own: an index there names one image.
    let is_one = want["images"].is_null() || want["select_by"] == "platform";
    let doors = match format {
        "oci-dir" if is_one => vec![Door::Path, Door::Alone, Door::Registry],
        "oci-dir" => vec![Door::Path, Door::Alone],
        _ => vec![Door::Path, Door::Stream],
    };
    let ask = |door: Door| {
        let question = |platform, reference| Question { format, path: path.clone(), door, platform, reference };
        match (&want["images"], want["select_by"].as_str()) {
            (Value::Object(images), Some("platform")) => {
                images.iter().map(|(key, want)| (question(Some(key.parse().unwrap()), None), want)).collect()
            }
            (Value::Object(images), _) => {
                images.iter().map(|(key, want)| (question(None, Some(key.as_str())), want)).collect()
            }
            _ => vec![(question(None, None), want)],
        }
    };
    doors.into_iter().flat_map(ask).collect()
}

/// Opens all images that `expected.json` in `figures` has, which lie in `root`; how many there are.
fn check_all(root: &Path, figures: &Path) -> usize {
    let expected: Value = serde_json::from_slice(&std::fs::read(figures.join("expected.json")).unwrap()).unwrap();
    let (mut failures, mut asked) = (Vec::new(), 0);
    for (slug, want) in expected.as_object().unwrap() {
        for format in want["formats"].as_array().unwrap() {
            asked += 1;
            for (question, want) in questions(root, slug, format.as_str().unwrap(), want) {
                let mut wrong = Vec::new();
                match want["error"].is_object() {
                    true => check_error(&question, &want["error"], &mut wrong),
                    false => check_figures(&question, want, &mut wrong),
                }
                let named = |wrong| format!("{slug} {} {:?}: {wrong}", question.format, question.door);
                failures.extend(wrong.into_iter().map(named));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {asked} images:\n{}", failures.len(), failures.join("\n"));
    asked
}

#[test]
fn every_case_in_every_form_gives_its_figures() {
    let Some(images) = images("make") else { return };
    assert_eq!(check_all(images.path(), &cases()), 296);
}

#[test]
fn random_images_give_the_figures_of_the_model() {
    let Some(images) = images("random") else { return };
    assert_eq!(check_all(images.path(), images.path()), 100);
}

#[test]
fn several_images_are_told_apart_or_asked_about() {
    let Some(images) = images("make") else { return };
    let source = Source::OciDir { path: images.path().join("oci-dir/61-many-refs"), tag: None };
    let names = match open(&source, &OpenOptions::default()) {
        Err(OpenError::Ambiguous { names, .. }) => names,
        other => panic!("{other:?}"),
    };
    assert_eq!(names, ["one", "two"]);
    let reference = Some("three");
    let error = open(&source, &OpenOptions { reference, ..OpenOptions::default() }).unwrap_err();
    assert_eq!(error.to_string(), "no image for `three`; there is: one, two");
    let source = Source::parse(images.path().join("docker-archive/01-baseline.tar").to_str().unwrap()).unwrap();
    let reference = Some("case:latest");
    assert!(open(&source, &OpenOptions { reference, ..OpenOptions::default() }).is_ok());
}
