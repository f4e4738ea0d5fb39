//! `jettison diff` as a page of tables, without scripts.

use jettison_model::ByteSize;

use super::page::{code, escaped, left_out, page, section, size, sums};
use crate::Evidence;
use crate::image::{DiffReport, PackageStatus, Presence, TreeStatus};
use crate::text::image::{count, one_line, value_text};
use crate::text::ratio;

/// Rows of a table.
const ROWS: usize = 5_000;

/// The whole page.
pub fn diff(report: &DiffReport) -> String {
    let body =
        [head(report), asked(report), layers(report), config(report), packages(report), files(report), foot(report)]
            .concat();
    let title = format!("{} → {} · jettison diff", report.a.image.reference, report.b.image.reference);
    page(&title, &body, "", "")
}

fn head(report: &DiffReport) -> String {
    let (a, b) = (&report.a, &report.b);
    let pair = |before: u64, after: u64| {
        let class = if after <= before { "good" } else { "bad" };
        let ratio = ratio(before as f64, after as f64).unwrap_or_default();
        let (before, after) = (size(before, Evidence::Measured), size(after, Evidence::Measured));
        format!("{before} → {after} <span class=\"{class}\">{ratio}</span>")
    };
    let counts = |before: u64, after: u64| format!("{} → {}", count(before), count(after));
    let mut pairs = vec![("unpacked", pair(a.sizes.unpacked_bytes, b.sizes.unpacked_bytes))];
    if let (Some(before), Some(after)) = (a.sizes.compressed_bytes, b.sizes.compressed_bytes) {
        pairs.push(("compressed", pair(before, after)));
    }
    pairs.extend([
        ("in files", pair(a.sizes.apparent_bytes, b.sizes.apparent_bytes)),
        ("layers", counts(a.layers as u64, b.layers as u64)),
        ("packages", counts(a.packages as u64, b.packages as u64)),
        ("files", counts(a.files, b.files)),
    ]);
    let same = if report.same { "<p>The same layers, config, packages and files.</p>\n" } else { "" };
    format!(
        "<header><div><h1><bdi>{}</bdi> → <bdi>{}</bdi></h1></div></header>\n{}{same}",
        escaped(&a.image.reference),
        escaped(&b.image.reference),
        sums(&pairs)
    )
}

fn asked(report: &DiffReport) -> String {
    let rows: Vec<Vec<String>> = report
        .asked
        .iter()
        .map(|asked| {
            let (word, class) = if asked.found { ("failed", "bad") } else { ("passed", "good") };
            let option = code(&format!("--fail-on {}", asked.fail_on));
            vec![format!("<span class=\"{class}\">{word}</span>"), option, escaped(&asked.detail)]
        })
        .collect();
    section("Asked", "", &[("", false), ("", false), ("", false)], &rows)
}

fn layers(report: &DiffReport) -> String {
    let rows: Vec<Vec<String>> = report
        .layers
        .iter()
        .take(ROWS)
        .map(|layer| {
            let word = match layer.status {
                Presence::Same => "the same",
                Presence::Added => "added",
                Presence::Removed => "removed",
            };
            let place = |place: Option<usize>| place.map_or_else(String::new, |place| place.to_string());
            let bytes = size(layer.unpacked_bytes, Evidence::Measured);
            vec![word.to_owned(), place(layer.a), place(layer.b), bytes, code(&one_line(&layer.instruction))]
        })
        .collect();
    let heads = [("", false), ("before", true), ("after", true), ("unpacked", true), ("instruction", false)];
    section("Layers", &left_out(report.layers.len(), ROWS), &heads, &rows)
}

fn config(report: &DiffReport) -> String {
    let rows: Vec<Vec<String>> = report
        .config
        .iter()
        .map(|change| {
            let value = |value| code(&value_text(value));
            vec![escaped(&change.field), value(change.before.as_ref()), value(change.after.as_ref())]
        })
        .collect();
    section("Config", "", &[("", false), ("before", false), ("after", false)], &rows)
}

fn packages(report: &DiffReport) -> String {
    let rows: Vec<Vec<String>> = report
        .packages
        .iter()
        .take(ROWS)
        .map(|change| {
            let word = match change.status {
                PackageStatus::Added => "added",
                PackageStatus::Removed => "removed",
                PackageStatus::Upgraded => "upgraded",
                PackageStatus::Downgraded => "downgraded",
                PackageStatus::Changed => "changed",
            };
            let version = |version: &Option<String>| code(version.as_deref().unwrap_or_default());
            vec![
                word.to_owned(),
                code(&change.name),
                escaped(&change.kind),
                version(&change.before),
                version(&change.after),
                signed(change.bytes),
            ]
        })
        .collect();
    let heads = [("", false), ("", false), ("type", false), ("before", false), ("after", false), ("bytes", true)];
    section("Packages", &left_out(report.packages.len(), ROWS), &heads, &rows)
}

fn signed(bytes: i64) -> String {
    let (sign, class) = match bytes {
        0 => return String::new(),
        ..0 => ("−", "good"),
        _ => ("+", "bad"),
    };
    format!("<span class=\"{class}\">{sign}{}</span>", ByteSize(bytes.unsigned_abs()))
}

fn files(report: &DiffReport) -> String {
    let rows: Vec<Vec<String>> = report
        .files
        .iter()
        .take(ROWS)
        .map(|change| {
            let word = match change.status {
                TreeStatus::Added => "added",
                TreeStatus::Removed => "removed",
                TreeStatus::Changed => "changed",
                TreeStatus::Renamed => "renamed",
                TreeStatus::Metadata => "mode or owner",
            };
            let (before, after) = (change.before_bytes.unwrap_or(0), change.after_bytes.unwrap_or(0));
            let amount = i64::try_from(before.abs_diff(after)).unwrap_or(i64::MAX);
            let from = change.from.as_deref().map(|from| format!("was {}", code(from)));
            let what: Vec<String> = from.into_iter().chain(change.what.iter().map(|what| escaped(what))).collect();
            let bytes = signed(if after >= before { amount } else { -amount });
            vec![word.to_owned(), code(&change.path), bytes, what.join(", ")]
        })
        .collect();
    let heads = [("", false), ("", false), ("bytes", true), ("", false)];
    section("Files", &left_out(report.files.len(), ROWS), &heads, &rows)
}

fn foot(report: &DiffReport) -> String {
    let notes: String = report.notes.iter().map(|note| format!("<li>{}</li>\n", escaped(note))).collect();
    let notes = if notes.is_empty() { String::new() } else { format!("<ul>{notes}</ul>\n") };
    format!(
        "<footer>{notes}<p>1 MB is 10<sup>6</sup> bytes · jettison {}</p></footer>\n",
        escaped(&report.jettison_version)
    )
}
