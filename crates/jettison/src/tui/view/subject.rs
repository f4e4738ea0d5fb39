//! The details of a row of the left pane: the image, a layer, a package, a step, a change.

use jettison_model::ByteSize;
use jettison_report::image::{AnalyzeReport, ImageHead, Layer, Package, PackageChange};
use serde_json::Value;

use super::details::{counted, from_layer, reasons};
use super::sheet::Sheet;
use crate::tui::overview::{Overview, Side, Subject, signed};
use crate::tui::state::State;
use crate::tui::text::plain;

/// Things to do that are listed.
const FINDINGS: usize = 12;

/// Tells it; what it is called.
pub fn tell(state: &State, sheet: &mut Sheet) -> String {
    let Some(entry) = state.list().selected() else { return "details".to_owned() };
    let Some(overview) = &state.overview else {
        sheet.say(&entry.label);
        let is_here = !matches!(entry.subject, Subject::Expected(_));
        sheet.fact("files", if is_here { &entry.amount } else { "still being read" });
        return "layer".to_owned();
    };
    match entry.subject {
        Subject::Image => image(overview, sheet),
        Subject::Layer { place, before } => {
            let side = overview.before.as_ref().filter(|_| before).map_or(&overview.image, |(side, _)| side);
            layer(side, place, sheet)
        }
        Subject::Package(at) => package(state, overview, at, sheet),
        Subject::PackageChange(at) => package_change(overview, at, sheet),
        Subject::Step(at) => step(overview, at, sheet),
        Subject::Config(at) => config(overview, at, sheet),
        Subject::Arrived(_) | Subject::Expected(_) => "layer".to_owned(),
    }
}

fn image(overview: &Overview, sheet: &mut Sheet) -> String {
    let Some((_, diff)) = &overview.before else {
        one_image(&overview.image.report, sheet);
        return "image".to_owned();
    };
    let counts = &diff.file_counts;
    let sizes = |before: u64, after: u64| format!("{} → {}", ByteSize(before), ByteSize(after));
    let (a, b) = (&diff.a.sizes, &diff.b.sizes);
    sheet.fact("unpacked", &sizes(a.unpacked_bytes, b.unpacked_bytes));
    if let (Some(before), Some(after)) = (a.compressed_bytes, b.compressed_bytes) {
        sheet.fact("compressed", &sizes(before, after));
    }
    let added = format!("{} added ({})", counts.added, ByteSize(counts.added_bytes));
    let removed = format!("{} removed ({})", counts.removed, ByteSize(counts.removed_bytes));
    let changed = format!("{} changed ({})", counts.changed, signed(counts.changed_bytes));
    let moved = format!("{} moved, {} in metadata only", counts.renamed, counts.metadata);
    sheet.fact("files", &[added, removed, changed, moved].join(" · "));
    sheet.fact("packages", &format!("{} → {}, {} differ", diff.a.packages, diff.b.packages, diff.packages.len()));
    sheet.fact("config", &counted(diff.config.len() as u64, "change"));
    "what differs".to_owned()
}

fn head(image: &ImageHead, sheet: &mut Sheet) {
    let digest = image.digest.as_ref().or(image.config_digest.as_ref()).cloned().unwrap_or_default();
    sheet.short("digest", &plain(&digest));
    sheet.fact("platform", &plain(&format!("{} · from {}", image.platform, image.source)));
}

fn one_image(report: &AnalyzeReport, sheet: &mut Sheet) {
    let (image, sizes) = (&report.image, &report.sizes);
    let mut words = vec![
        format!("{} apparent", ByteSize(sizes.apparent_bytes)),
        format!("{} unpacked", ByteSize(sizes.unpacked_bytes)),
    ];
    words.extend(sizes.compressed_bytes.map(|bytes| format!("{} compressed", ByteSize(bytes))));
    sheet.fact("sizes", &words.join(" · "));
    let waste = &report.efficiency.wasted_by_cause;
    let causes = [
        (waste.deleted, "deleted"),
        (waste.overwritten, "overwritten"),
        (waste.metadata_only, "metadata only"),
        (waste.duplicate, "duplicate"),
    ];
    let causes =
        causes.iter().filter(|(bytes, _)| *bytes > 0).map(|(bytes, word)| format!("{} {word}", ByteSize(*bytes)));
    let causes: Vec<String> = causes.collect();
    if !causes.is_empty() {
        sheet.bad("wasted", &causes.join(" · "));
    }
    sheet.fact("user", if image.user.is_empty() { "root" } else { &image.user });
    let command: Vec<String> = image.entrypoint.iter().chain(&image.cmd).map(|word| plain(word)).collect();
    sheet.fact("runs", &command.join(" "));
    sheet.fact("created", &plain(&image.created.clone().unwrap_or_default()));
    head(image, sheet);
    let most = report.findings.iter().take(FINDINGS);
    for (at, finding) in most.enumerate() {
        let see = finding.see.as_ref().map_or_else(String::new, |see| format!(" ({see})"));
        let text = format!("{}  {}{see}", ByteSize(finding.bytes), plain(&finding.message));
        sheet.fact(if at == 0 { "to do" } else { "" }, &text);
    }
    for warning in report.warnings.iter().take(FINDINGS) {
        let path = warning.path.as_deref().map(crate::tui::text::name).unwrap_or_default();
        sheet.fact("odd", &format!("{} {path}", warning.class));
    }
}

fn layer(side: &Side, place: usize, sheet: &mut Sheet) -> String {
    let Some(layer) = side.report.layers.get(place) else { return "layer".to_owned() };
    sheet.say(&plain(if layer.instruction.is_empty() { "no history says what made it" } else { &layer.instruction }));
    layer_facts(side, layer, sheet);
    let base = if layer.base == Some(true) { " of the base image" } else { "" };
    format!("layer {place}{base}")
}

fn layer_facts(side: &Side, layer: &Layer, sheet: &mut Sheet) {
    let mut words = vec![
        format!("{} of files", ByteSize(layer.file_bytes)),
        format!("{} unpacked", ByteSize(layer.unpacked_bytes)),
    ];
    words.extend(layer.compressed_bytes.map(|bytes| format!("{} compressed", ByteSize(bytes))));
    sheet.fact("sizes", &words.join(" · "));
    let counts = [
        (layer.files_added, "added"),
        (layer.files_modified, "changed"),
        (layer.files_removed, "removed"),
        (layer.files_rewritten, "the same again"),
    ];
    let counts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    sheet.fact("files", &if counts.is_empty() { "nothing changed".to_owned() } else { counts.join(" · ") });
    if layer.wasted_bytes > 0 {
        sheet.bad("wasted", &format!("{}: the final tree does not have them", ByteSize(layer.wasted_bytes)));
    }
    if layer.avoidable_bytes > 0 {
        sheet.fact("avoidable", &format!("{} need not be there", ByteSize(layer.avoidable_bytes)));
    }
    if let Some(line) = layer.dockerfile_line {
        let file = side.report.dockerfile.as_ref().map_or("Dockerfile", |found| found.path.as_str());
        sheet.fact("line", &format!("{}:{line}", plain(file)));
    }
    let digest = layer.digest.as_ref().or(layer.diff_id.as_ref());
    sheet.short("digest", &plain(&digest.cloned().unwrap_or_default()));
}

fn package(state: &State, overview: &Overview, at: usize, sheet: &mut Sheet) -> String {
    let Some(package) = overview.image.report.packages.get(at) else { return "package".to_owned() };
    package_facts(package, sheet);
    let asked = format!("{}:{}", package.kind, package.name);
    if let Some((_, why)) = state.why.as_ref().filter(|(one, _)| *one == asked) {
        reasons(why, sheet);
    }
    if let Some(layer) = package.layer {
        from_layer(&overview.image, layer, sheet);
    }
    plain(&format!("{} {}", package.name, package.version))
}

fn package_facts(package: &Package, sheet: &mut Sheet) {
    sheet.fact("kind", &plain(&package.kind));
    sheet.fact("files", &ByteSize(package.bytes).to_string());
    let others = package.exclusive_packages.len();
    if others > 0 {
        let names: Vec<String> = package.exclusive_packages.iter().map(|name| plain(name)).collect();
        let text = format!("{} with what only it keeps in: {}", ByteSize(package.exclusive_bytes), names.join(", "));
        sheet.fact("exclusive", &text);
    }
    if package.unreached == Some(true) {
        sheet.fact("unreached", "≈? nothing that the image runs was seen to reach it");
    }
}

fn package_change(overview: &Overview, at: usize, sheet: &mut Sheet) -> String {
    let change = overview.before.as_ref().and_then(|(_, diff)| diff.packages.get(at));
    let Some(PackageChange { name, kind, before, after, bytes, .. }) = change else { return "package".to_owned() };
    let version = |version: &Option<String>| plain(version.as_deref().unwrap_or("not there"));
    sheet.fact("kind", &plain(kind));
    sheet.fact("before", &version(before));
    sheet.fact("after", &version(after));
    sheet.fact("files", &signed(*bytes));
    plain(name)
}

fn step(overview: &Overview, at: usize, sheet: &mut Sheet) -> String {
    let side = &overview.image;
    let Some(step) = side.steps.get(at) else { return "instruction".to_owned() };
    let text = if step.created_by.is_empty() { "no history says what made it" } else { &step.created_by };
    sheet.say(&plain(text));
    sheet.fact("created", &plain(&step.created.clone().unwrap_or_default()));
    sheet.fact("comment", &plain(&step.comment));
    match step.layer.and_then(|place| side.report.layers.get(place)) {
        Some(layer) => {
            sheet.fact("layer", &layer.index.to_string());
            layer_facts(side, layer, sheet);
        }
        None => sheet.fact("layer", "none: it only sets something"),
    }
    "instruction".to_owned()
}

fn config(overview: &Overview, at: usize, sheet: &mut Sheet) -> String {
    let change = overview.before.as_ref().and_then(|(_, diff)| diff.config.get(at));
    let Some(change) = change else { return "config".to_owned() };
    let value = |value: &Option<Value>| match value {
        None => "not set".to_owned(),
        Some(Value::String(text)) => plain(text),
        Some(other) => plain(&other.to_string()),
    };
    sheet.fact("before", &value(&change.before));
    sheet.fact("after", &value(&change.after));
    plain(&change.field)
}
