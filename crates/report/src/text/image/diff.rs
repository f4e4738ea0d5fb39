//! The report of `jettison diff`: sizes before and after, then what of layers, config, packages and files is different.

use jettison_model::ByteSize;
use serde_json::Value;

use super::cells::{count, counted, head, paragraph, size, title};
use super::layers::one_line;
use crate::Evidence;
use crate::image::{
    Asked, ConfigChange, DiffReport, DiffSide, LayerChange, PackageChange, PackageStatus, Presence, TreeChange,
    TreeStatus,
};
use crate::text::number::{bytes, change, ratio};
use crate::text::style::{Paint, Style, harmless};
use crate::text::table::{Cell, Cut, aligned, fitted, shorten_middle, width};

/// What of a difference is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiffView {
    /// Rows of a table that is not asked for by itself.
    pub top: usize,
    /// Only the files, all of them.
    pub files: bool,
    /// Only the packages, all of them.
    pub packages: bool,
}

/// The whole report.
pub fn diff(report: &DiffReport, view: DiffView, style: &Style) -> String {
    let whole = !view.files && !view.packages;
    let mut parts = vec![names(report, style)];
    if whole {
        parts.extend([sizes(report, style), layers(&report.layers, style), config(&report.config, style)]);
    }
    if whole || view.packages {
        parts.push(packages(&report.packages, if whole { view.top } else { usize::MAX }, style));
    }
    if whole || view.files {
        parts.push(files(report, if whole { view.top } else { usize::MAX }, style));
    }
    parts.push(notes(report, style));
    parts.push(asked(&report.asked, style));
    let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    style.signs(&text)
}

fn names(report: &DiffReport, style: &Style) -> String {
    let (a, b) = (harmless(&report.a.image.reference), harmless(&report.b.image.reference));
    let (a_on, b_on) = (harmless(&report.a.image.platform), harmless(&report.b.image.platform));
    let platforms = if a_on == b_on { a_on } else { format!("{a_on} → {b_on}") };
    let room = style.columns().saturating_sub(width(&platforms) + 12) / 2;
    let pair = format!("{} → {}", shorten_middle(&a, room), shorten_middle(&b, room));
    let mut text = format!("   {}   {}\n", style.paint(Paint::Strong, &pair), style.paint(Paint::Dim, &platforms));
    if report.same {
        text.push_str("   the same layers, config, packages and files\n");
    }
    text
}

fn sizes(report: &DiffReport, style: &Style) -> String {
    type Amount = fn(&DiffSide) -> Option<u64>;
    let (a, b) = (&report.a, &report.b);
    let mut rows = vec![vec![Cell::default(), head("before"), head("after")]];
    let amounts: [(&str, Amount); 3] = [
        ("unpacked", |side| Some(side.sizes.unpacked_bytes)),
        ("compressed", |side| side.sizes.compressed_bytes),
        ("in files", |side| Some(side.sizes.apparent_bytes)),
    ];
    for (name, amount) in amounts {
        if let (Some(before), Some(after)) = (amount(a), amount(b)) {
            let (before, after) = (before as f64, after as f64);
            let evidence = Evidence::Measured;
            let shown = |bytes: f64| size(bytes as u64, evidence);
            let paint = if after <= before { Paint::Good } else { Paint::Bad };
            let delta = if (after - before).abs() < 1.0 {
                String::new()
            } else {
                change(after - before, evidence, &|amount| ByteSize(amount as u64).to_string())
            };
            let ratio = ratio(before, after).unwrap_or_default();
            rows.push(vec![
                Cell::left(name),
                shown(before),
                shown(after),
                Cell::right(delta).painted(paint),
                Cell::left(ratio).painted(paint),
            ]);
        }
    }
    let counts: [(&str, u64, u64); 3] = [
        ("layers", a.layers as u64, b.layers as u64),
        ("packages", a.packages as u64, b.packages as u64),
        ("files", a.files, b.files),
    ];
    for (name, before, after) in counts {
        rows.push(vec![Cell::left(name), Cell::right(count(before)), Cell::right(count(after))]);
    }
    aligned(&rows, style)
}

fn layers(changes: &[LayerChange], style: &Style) -> String {
    let with = |status| changes.iter().filter(move |change| change.status == status).count();
    let (same, added, removed) = (with(Presence::Same), with(Presence::Added), with(Presence::Removed));
    if added + removed == 0 {
        return String::new();
    }
    let mut rows = vec![vec![title(""), head("layer"), head("unpacked"), title("instruction")]];
    for layer in changes.iter().filter(|layer| layer.status != Presence::Same) {
        let (sign, place) = if layer.status == Presence::Added { ("+", layer.b) } else { ("−", layer.a) };
        rows.push(vec![
            Cell::left(sign),
            Cell::right(place.map_or_else(String::new, |place| place.to_string())),
            size(layer.unpacked_bytes, Evidence::Measured),
            Cell::left(harmless(&one_line(&layer.instruction))),
        ]);
    }
    let sum = format!("layers: {same} the same, {removed} removed, {added} added");
    format!("   {}\n{}", style.paint(Paint::Dim, &sum), fitted(&rows, 3, Cut::End, style))
}

fn config(changes: &[ConfigChange], style: &Style) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let mut rows = vec![vec![title("config"), title("before"), title("after")]];
    let room = style.columns().saturating_sub(40) / 2;
    for change in changes {
        let cell = |value: &Option<Value>| Cell::left(shorten_middle(&value_text(value.as_ref()), room.max(18)));
        rows.push(vec![Cell::left(harmless(&change.field)), cell(&change.before), cell(&change.after)]);
    }
    fitted(&rows, 0, Cut::Middle, style)
}

/// Text plain, anything else as JSON, `–` for nothing.
pub(crate) fn value_text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => harmless(text),
        Some(Value::Bool(true)) => "yes".to_owned(),
        Some(other) => harmless(&other.to_string()),
    }
}

fn packages(changes: &[PackageChange], top: usize, style: &Style) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let named = [
        (PackageStatus::Added, "added"),
        (PackageStatus::Removed, "removed"),
        (PackageStatus::Upgraded, "upgraded"),
        (PackageStatus::Downgraded, "downgraded"),
        (PackageStatus::Changed, "changed"),
    ];
    let sum = named.iter().filter_map(|(status, word)| {
        let number = changes.iter().filter(|change| change.status == *status).count();
        (number > 0).then(|| format!("{} {word}", count(number as u64)))
    });
    let sum = format!("packages: {}", sum.collect::<Vec<_>>().join(", "));
    let mut shown: Vec<&PackageChange> = changes.iter().collect();
    if changes.len() > top {
        shown.sort_by_key(|change| std::cmp::Reverse(change.bytes.unsigned_abs()));
        shown.truncate(top);
    }
    let rows: Vec<Vec<Cell>> = shown.iter().map(|change| package_row(change)).collect();
    let more = more(changes.len(), top, "package", "--packages", style);
    format!("   {}\n{}{more}", style.paint(Paint::Dim, &sum), fitted(&rows, 1, Cut::Middle, style))
}

fn package_row(change: &PackageChange) -> Vec<Cell> {
    let sign = match change.status {
        PackageStatus::Added => "+",
        PackageStatus::Removed => "−",
        PackageStatus::Upgraded => "↑",
        PackageStatus::Downgraded => "↓",
        PackageStatus::Changed => "±",
    };
    let version = |version: &Option<String>| version.as_deref().map(harmless);
    let versions = match (version(&change.before), version(&change.after)) {
        (Some(before), Some(after)) => format!("{} → {}", shorten_middle(&before, 20), shorten_middle(&after, 20)),
        (before, after) => shorten_middle(&before.or(after).unwrap_or_default(), 43),
    };
    vec![
        Cell::left(sign),
        Cell::left(harmless(&change.name)),
        Cell::left(harmless(&change.kind)).painted(Paint::Dim),
        Cell::left(versions),
        delta(change.bytes),
    ]
}

/// `−61.2 MB`, green; `+3.1 MB`, red; nothing for nothing.
fn delta(bytes: i64) -> Cell {
    let paint = if bytes <= 0 { Paint::Good } else { Paint::Bad };
    let text = if bytes == 0 {
        String::new()
    } else {
        change(bytes as f64, Evidence::Measured, &|_| ByteSize(bytes.unsigned_abs()).to_string())
    };
    Cell::right(text).painted(paint)
}

fn files(report: &DiffReport, top: usize, style: &Style) -> String {
    if report.files.is_empty() {
        return String::new();
    }
    let counts = &report.file_counts;
    let with_bytes = |number: u64, word: &str, sum: u64| {
        (number > 0).then(|| format!("{} {word} ({})", count(number), bytes(sum, Evidence::Measured)))
    };
    let plain = |number: u64, word: &str| (number > 0).then(|| format!("{} {word}", count(number)));
    let sum: Vec<String> = [
        with_bytes(counts.added, "added", counts.added_bytes),
        with_bytes(counts.removed, "removed", counts.removed_bytes),
        plain(counts.changed, "changed"),
        plain(counts.renamed, "renamed"),
        plain(counts.metadata, "with other mode or owner only"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut shown: Vec<&TreeChange> = report.files.iter().collect();
    if shown.len() > top {
        shown.sort_by_key(|change| std::cmp::Reverse(weight(change)));
        shown.truncate(top);
    }
    let rows: Vec<Vec<Cell>> = shown.iter().map(|change| file_row(change, style)).collect();
    let more = more(report.files.len(), top, "path", "--files", style);
    let head = paragraph("   ", &format!("files: {}", sum.join(", ")), Paint::Dim, style);
    format!("{head}{}{more}", fitted(&rows, 1, Cut::Middle, style))
}

/// By which the paths that matter most are found.
fn weight(change: &TreeChange) -> u64 {
    let (before, after) = (change.before_bytes.unwrap_or(0), change.after_bytes.unwrap_or(0));
    match change.status {
        TreeStatus::Renamed | TreeStatus::Metadata => 0,
        _ => before.max(after),
    }
}

/// The sign of a status.
pub(crate) const fn sign(status: TreeStatus) -> &'static str {
    match status {
        TreeStatus::Added => "+",
        TreeStatus::Removed => "−",
        TreeStatus::Changed => "±",
        TreeStatus::Renamed => "→",
        TreeStatus::Metadata => "m",
    }
}

fn file_row(change: &TreeChange, style: &Style) -> Vec<Cell> {
    let (before, after) = (change.before_bytes.unwrap_or(0), change.after_bytes.unwrap_or(0));
    let amount = i64::try_from(before.abs_diff(after)).unwrap_or(i64::MAX);
    let mut what = change.what.join(", ");
    if let Some(from) = &change.from {
        let gap = if what.is_empty() { "" } else { ", " };
        what = format!("was {}{gap}{what}", shorten_middle(&harmless(from), style.columns() / 3));
    }
    vec![
        Cell::left(sign(change.status)),
        Cell::left(harmless(&change.path)),
        delta(if after >= before { amount } else { -amount }),
        Cell::left(shorten_middle(&harmless(&what), style.columns() / 2)).painted(Paint::Dim),
    ]
}

fn more(all: usize, top: usize, noun: &str, option: &str, style: &Style) -> String {
    let rest = all.saturating_sub(top);
    if rest == 0 {
        return String::new();
    }
    let text = format!("… {} ({option} shows all)", counted(rest as u64, &format!("more {noun}")));
    format!("   {}\n", style.paint(Paint::Dim, &text))
}

fn notes(report: &DiffReport, style: &Style) -> String {
    report.notes.iter().map(|note| paragraph("   ", &harmless(note), Paint::Dim, style)).collect()
}

fn asked(asked: &[Asked], style: &Style) -> String {
    let row = |asked: &Asked| {
        let (sign, paint) = if asked.found { ("✗", Paint::Bad) } else { ("✓", Paint::Good) };
        vec![
            Cell::left(sign).painted(paint),
            Cell::left(format!("--fail-on {}", harmless(&asked.fail_on))),
            Cell::left(harmless(&asked.detail)),
        ]
    };
    if asked.is_empty() {
        String::new()
    } else {
        fitted(&asked.iter().map(row).collect::<Vec<_>>(), 2, Cut::End, style)
    }
}
