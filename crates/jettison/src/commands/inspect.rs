//! `jettison inspect`: an image's configuration and sizes, under docker's names.

use jettison_image::Stack;
use jettison_report::image::{Blob, InspectReport, RootFs};
use jettison_report::{json, text};
use serde_json::Value;

use crate::cli::{Format, InspectArgs};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::images::{Opened, Opener, broken, document};
use crate::output;
use crate::terminal::{Progress, stdout_style};

/// Runs the command; its exit code.
pub fn run(args: &InspectArgs, quiet: bool, verbose: bool, environment: &Environment) -> Result<u8, Failure> {
    output::one_on_stdout(&args.format)?;
    let progress = Progress::new(environment, quiet, verbose);
    let opener = Opener { args: &args.open, environment, progress: &progress, ends_at_once: true };
    let opened = opener.open(&args.image)?;
    let layers = opened.image.indexes();
    let stack = Stack::new(&layers).map_err(|error| broken(&opened.typed, &error))?;
    let report = inspected(&opened, &stack);
    progress.clear();
    let style = stdout_style(environment);
    let plain = text::Style { color: false, ..style };
    output::write_each(&args.format, &|format, on_stdout| match format {
        Format::Json => json::pretty(&report),
        _ => text::image::inspect(&report, if on_stdout { &style } else { &plain }),
    })?;
    Ok(0)
}

fn inspected(opened: &Opened, stack: &Stack<'_>) -> InspectReport {
    let (image, raw) = (&opened.image, &opened.image.config.raw);
    let text = |name: &str| raw.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let names = |name: &str| -> Vec<String> {
        let said = opened.inspected.as_ref().and_then(|inspected| inspected.get(name)).and_then(Value::as_array);
        said.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let mut repo_tags = names("RepoTags");
    if repo_tags.is_empty() {
        repo_tags.extend(image.reference.clone());
    }
    InspectReport {
        jettison_version: env!("CARGO_PKG_VERSION").to_owned(),
        reference: opened.typed.clone(),
        source: opened.source.to_owned(),
        id: image.config_digest.to_string(),
        repo_tags,
        repo_digests: names("RepoDigests"),
        comment: text("comment").unwrap_or_default(),
        created: text("created"),
        author: text("author").unwrap_or_default(),
        config: raw.get("config").or_else(|| raw.get("Config")).cloned().unwrap_or(Value::Null),
        architecture: image.config.architecture.clone(),
        variant: text("variant"),
        os: image.config.os.clone(),
        os_version: text("os.version"),
        size: stack.waste.total_file_bytes,
        root_fs: RootFs { layers: image.config.diff_ids.clone(), ..RootFs::default() },
        digest: image.digest.as_ref().map(ToString::to_string),
        media_type: Some(image.media_type.clone()).filter(|text| !text.is_empty()),
        platform: image.platform().map(|platform| platform.to_string()).unwrap_or_default(),
        sizes: document::sizes(opened, stack),
        layers: blobs(opened),
        ..InspectReport::default()
    }
}

fn blobs(opened: &Opened) -> Vec<Blob> {
    let layers = opened.image.layers.iter().enumerate();
    let blob = |(place, layer): (usize, &jettison_image::ImageLayer)| Blob {
        digest: layer.index.digest.as_ref().filter(|_| opened.has_blobs()).map(ToString::to_string),
        diff_id: opened.image.config.diff_ids.get(place).cloned(),
        media_type: Some(layer.media_type.clone()).filter(|text| !text.is_empty()),
        compressed_bytes: opened.has_blobs().then_some(layer.index.stored_bytes),
        unpacked_bytes: layer.index.unpacked_bytes,
    };
    layers.map(blob).collect()
}
