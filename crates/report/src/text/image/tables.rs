//! The tables under the picture: biggest directories, what is wasted, what is avoidable, packages, what to do first.

use super::bar::{Parts, bar};
use super::cells::{count, counted, head, maybe_size, paragraph, percent, place, size, title};
use crate::Evidence;
use crate::image::{AnalyzeReport, AvoidableKind, Causes, Directory, avoidable_by_folder, by_folder};
use crate::text::number::bytes;
use crate::text::style::{Paint, Style, harmless};
use crate::text::table::{Cell, Cut, fitted, wrapped};

/// The directories that hold most, as a tree.
pub(super) fn directories(report: &AnalyzeReport, style: &Style) -> String {
    if report.directories.is_empty() {
        return String::new();
    }
    let all = report.sizes.apparent_bytes;
    let compressed = report.directories.iter().any(|directory| directory.compressed_bytes.is_some());
    let mut row = vec![title("in the final tree"), head("files"), head("bytes")];
    row.extend(compressed.then(|| head("compressed")));
    row.extend([head(""), title("")]);
    let mut rows = vec![row];
    let mut above: Vec<&str> = Vec::new();
    for directory in &report.directories {
        above.truncate(directory.depth);
        let name = name_below(above.last().copied(), directory);
        above.push(&directory.path);
        let mut row =
            vec![Cell::left(name), Cell::right(count(directory.files)), size(directory.bytes, Evidence::Measured)];
        row.extend(compressed.then(|| maybe_size(directory.compressed_bytes, report.sizes.file_compressed_evidence)));
        let share = if all == 0 { 0.0 } else { directory.bytes as f64 / all as f64 };
        row.push(Cell::right(percent(share)).painted(Paint::Dim));
        row.push(bar(Parts { bytes: directory.bytes, ..Parts::default() }, all, 18, style));
        rows.push(row);
    }
    fitted(&rows, 0, Cut::Middle, style)
}

/// `/usr`, and under it `  lib/x86_64-linux-gnu`.
fn name_below(parent: Option<&str>, directory: &Directory) -> String {
    let own = parent.and_then(|parent| directory.path.strip_prefix(parent.trim_end_matches('/')));
    let own = own.map_or(directory.path.as_str(), |rest| rest.trim_start_matches('/'));
    format!("{}{}", "  ".repeat(directory.depth), harmless(own))
}

/// What cannot be reached.
pub(super) fn waste(report: &AnalyzeReport, top: usize, style: &Style) -> String {
    let (shown, rest) = by_folder(&report.waste, top);
    if shown.is_empty() {
        return String::new();
    }
    let compressed = shown.iter().any(|row| row.compressed_bytes.is_some());
    let several = shown.iter().any(|row| row.count > 1);
    let mut row = vec![title(wide(style, "wasted (cannot be reached)", "wasted"))];
    row.extend(several.then(|| head("files")));
    row.push(head("bytes"));
    row.extend(compressed.then(|| head("compressed")));
    row.extend([title("cause"), title("")]);
    let mut rows = vec![row];
    for waste in &shown {
        let line =
            waste.layers.first().and_then(|layer| report.layers.get(*layer)).and_then(|layer| layer.dockerfile_line);
        let mut row = vec![Cell::left(harmless(&waste.path))];
        row.extend(several.then(|| Cell::right(count(waste.count))));
        row.push(size(waste.bytes, Evidence::Measured));
        row.extend(compressed.then(|| maybe_size(waste.compressed_bytes, report.sizes.file_compressed_evidence)));
        row.push(Cell::left(causes(&waste.causes)));
        row.push(line.map_or_else(|| in_layers(&waste.layers), |line| place(dockerfile(report), Some(line))));
        rows.push(row);
    }
    let mut text = fitted(&rows, 0, Cut::Middle, style);
    if let Some(rest) = rest {
        let more = format!("… {} more in {}", bytes(rest.bytes, Evidence::Measured), counted(rest.count, "file"));
        text.push_str(&format!("   {}\n", style.paint(Paint::Dim, &more)));
    }
    text
}

/// The long head of a column where there is room for it.
fn wide<'a>(style: &Style, long: &'a str, short: &'a str) -> &'a str {
    if style.columns() >= 100 { long } else { short }
}

/// `layer 3`, `layers 3, 4 …`
fn in_layers(layers: &[usize]) -> Cell {
    let text = match layers {
        [] => String::new(),
        [one] => format!("layer {one}"),
        [one, two] => format!("layers {one}, {two}"),
        [one, two, ..] => format!("layers {one}, {two} …"),
    };
    Cell::left(text).painted(Paint::Dim)
}

/// The causes in words, the one with most bytes first.
pub(crate) fn causes(causes: &Causes) -> String {
    let mut named = [
        (causes.deleted, "deleted later"),
        (causes.overwritten, "overwritten"),
        (causes.metadata_only, "mode or owner only"),
        (causes.duplicate, "written again, the same"),
    ];
    named.sort_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));
    let words: Vec<&str> = named.iter().filter(|(bytes, _)| *bytes > 0).map(|(_, word)| *word).collect();
    match words[..] {
        [] => "empty".to_owned(),
        [one] => one.to_owned(),
        [one, ..] => format!("mostly {one}"),
    }
}

/// What can be reached and need not be there.
pub(super) fn avoidable(report: &AnalyzeReport, top: usize, style: &Style) -> String {
    let (shown, rest) = avoidable_by_folder(&report.avoidable, top);
    if shown.is_empty() {
        return String::new();
    }
    let compressed = shown.iter().any(|row| row.compressed_bytes.is_some());
    let several = shown.iter().any(|row| row.places > 1);
    let mut row = vec![title(wide(style, "avoidable (need not be there)", "avoidable"))];
    row.extend(several.then(|| head("places")));
    row.push(head("bytes"));
    row.extend(compressed.then(|| head("compressed")));
    row.extend([title("kind"), title("")]);
    let mut rows = vec![row];
    for item in &shown {
        let mut row = vec![Cell::left(harmless(&item.path))];
        row.extend(several.then(|| Cell::right(count(item.places))));
        let weak = item.evidence.weaker(report.sizes.file_compressed_evidence);
        row.push(size(item.bytes, guessed(item.evidence)));
        row.extend(compressed.then(|| maybe_size(item.compressed_bytes, weak)));
        let paint = if item.kind == AvoidableKind::Secret { Paint::Bad } else { Paint::Plain };
        row.push(Cell::left(kind(item.kind)).painted(paint));
        let line = item.dockerfile_line;
        row.push(line.map_or_else(|| in_layers(&item.layers), |line| place(dockerfile(report), Some(line))));
        rows.push(row);
    }
    let mut text = fitted(&rows, 0, Cut::Middle, style);
    if let Some((sum, places)) = rest {
        let more = format!("… {} more in {}", bytes(sum, Evidence::Measured), counted(places, "place"));
        text.push_str(&format!("   {}\n", style.paint(Paint::Dim, &more)));
    }
    text
}

/// The bytes were counted; that they need not be there may be a guess.
const fn guessed(evidence: Evidence) -> Evidence {
    match evidence {
        Evidence::Guessed => Evidence::Guessed,
        _ => Evidence::Measured,
    }
}

/// The kind in words.
pub(crate) const fn kind(kind: AvoidableKind) -> &'static str {
    match kind {
        AvoidableKind::PackageCache => "package cache",
        AvoidableKind::BuildTool => "build tool",
        AvoidableKind::Docs => "documentation",
        AvoidableKind::Locale => "translations",
        AvoidableKind::Vcs => "version control",
        AvoidableKind::Log => "log",
        AvoidableKind::Temp => "temporary",
        AvoidableKind::Secret => "secret",
        AvoidableKind::Bytecode => "bytecode",
        AvoidableKind::CopyElsewhere => "copy of another file",
    }
}

/// The packages with which most would go.
pub(super) fn packages(report: &AnalyzeReport, top: usize, style: &Style) -> String {
    if report.packages.is_empty() {
        return String::new();
    }
    let total = report.packages.len();
    let mut by_gain: Vec<_> = report.packages.iter().collect();
    by_gain.sort_by_key(|package| std::cmp::Reverse((package.exclusive_bytes.max(package.bytes), package.bytes)));
    let mut rows = vec![vec![
        title(&format!("packages ({})", count(total as u64))),
        title("version"),
        title("type"),
        head("own"),
        head("with what only it needs"),
    ]];
    for package in by_gain.iter().take(top) {
        let more = package.exclusive_packages.len();
        let goes = size(package.exclusive_bytes.max(package.bytes), Evidence::Modelled);
        let goes = if more > 0 { Cell { text: format!("{} in {}", goes.text, more + 1), ..goes } } else { goes };
        rows.push(vec![
            Cell::left(harmless(&package.name)),
            Cell::left(crate::text::shorten_end(&harmless(&package.version), 20)).painted(Paint::Dim),
            Cell::left(harmless(&package.kind)).painted(Paint::Dim),
            size(package.bytes, Evidence::Measured),
            goes,
        ]);
    }
    fitted(&rows, 0, Cut::Middle, style)
}

/// What to do, most bytes first.
pub(super) fn first(report: &AnalyzeReport, top: usize, style: &Style) -> String {
    if report.findings.is_empty() {
        return String::new();
    }
    let mut rows = vec![vec![title("do first"), head("saves"), head("compressed"), title("see")]];
    let compressed = report.findings.iter().any(|finding| finding.compressed_bytes.is_some());
    let evidence = |finding: &crate::image::Advice| finding.evidence.weaker(report.sizes.file_compressed_evidence);
    let most = top.div_ceil(2);
    for finding in report.findings.iter().take(most) {
        rows.push(vec![
            Cell::left(harmless(&finding.message)),
            size(finding.bytes, finding.evidence),
            maybe_size(finding.compressed_bytes, evidence(finding)),
            Cell::left(harmless(finding.see.as_deref().unwrap_or_default())).painted(Paint::Dim),
        ]);
    }
    if !compressed {
        for row in &mut rows {
            row.remove(2);
        }
    }
    let mut text = wrapped(&rows, 0, style);
    let more = report.findings.len().saturating_sub(most);
    if more > 0 {
        let words = format!("… {} (--top N shows more)", counted(more as u64, "more finding"));
        text.push_str(&format!("   {}\n", style.paint(Paint::Dim, &words)));
    }
    if report.dockerfile.as_ref().is_some_and(|dockerfile| dockerfile.path == "Dockerfile") {
        text.push_str("\n   What can be done in the Dockerfile, with proof:  jettison optimize\n");
    }
    text
}

/// What was odd, and what else there is to know.
pub(super) fn remarks(report: &AnalyzeReport, style: &Style) -> String {
    let mut text = String::new();
    for warning in report.warnings.iter().take(MOST_WARNINGS) {
        let layer = warning.layer.map_or_else(String::new, |layer| format!(" in layer {layer}"));
        let path = warning.path.as_ref().map_or_else(String::new, |path| format!(": {}", harmless(path)));
        let line = format!("{}{layer}{path}", warning.class.replace('_', " "));
        text.push_str(&paragraph("   warning: ", &line, Paint::Plain, style));
    }
    let more = report.warnings.len().saturating_sub(MOST_WARNINGS);
    if more > 0 {
        text.push_str(&format!("   {}\n", style.paint(Paint::Dim, &counted(more as u64, "more warning"))));
    }
    for note in &report.notes {
        text.push_str(&paragraph("   ", &harmless(note), Paint::Dim, style));
    }
    text
}

const MOST_WARNINGS: usize = 5;

fn dockerfile(report: &AnalyzeReport) -> &str {
    report.dockerfile.as_ref().map_or("Dockerfile", |dockerfile| &dockerfile.path)
}
