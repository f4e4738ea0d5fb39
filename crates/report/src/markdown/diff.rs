//! `jettison diff` as Markdown.

use jettison_model::ByteSize;

use super::{code, folded, plain, size, table};
use crate::Evidence;
use crate::image::{DiffReport, DiffSide, PackageStatus, Presence, TreeStatus};
use crate::text::image::{count, one_line, value_text};
use crate::text::{change, ratio, shorten_end};

/// The whole report; no table has more than `top` rows.
pub fn diff(report: &DiffReport, top: usize) -> String {
    let parts =
        [head(report), asked(report), layers(report), config(report), packages(report, top), files(report, top)];
    let notes = report.notes.iter().map(|note| format!("- {}\n", plain(note))).collect::<String>();
    parts.into_iter().chain([notes]).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

fn head(report: &DiffReport) -> String {
    let names = format!("### {} → {}\n\n", code(&report.a.image.reference), code(&report.b.image.reference));
    if report.same {
        return format!("{names}The same layers, config, packages and files.\n");
    }
    type Amount = fn(&DiffSide) -> Option<u64>;
    let amounts: [(&str, Amount); 3] = [
        ("unpacked", |side| Some(side.sizes.unpacked_bytes)),
        ("compressed", |side| side.sizes.compressed_bytes),
        ("in files", |side| Some(side.sizes.apparent_bytes)),
    ];
    let mut rows = Vec::new();
    for (name, amount) in amounts {
        if let (Some(before), Some(after)) = (amount(&report.a), amount(&report.b)) {
            let ratio = ratio(before as f64, after as f64).unwrap_or_default();
            let (before_text, after_text) = (size(before, Evidence::Measured), size(after, Evidence::Measured));
            rows.push(vec![name.to_owned(), before_text, after_text, difference(before, after), ratio]);
        }
    }
    let counts = [
        ("layers", report.a.layers as u64, report.b.layers as u64),
        ("packages", report.a.packages as u64, report.b.packages as u64),
        ("files", report.a.files, report.b.files),
    ];
    for (name, before, after) in counts {
        rows.push(vec![name.to_owned(), count(before), count(after), String::new(), String::new()]);
    }
    format!("{names}{}", table(&["", "before", "after", "", ""], &[false, true, true, true, true], &rows))
}

fn difference(before: u64, after: u64) -> String {
    let sign = if after >= before { 1.0 } else { -1.0 };
    let bytes = before.abs_diff(after);
    if bytes == 0 { String::new() } else { change(sign, Evidence::Measured, &|_| ByteSize(bytes).to_string()) }
}

fn asked(report: &DiffReport) -> String {
    if report.asked.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = report
        .asked
        .iter()
        .map(|asked| {
            let verdict = if asked.found { "**failed**" } else { "passed" };
            vec![verdict.to_owned(), code(&format!("--fail-on {}", asked.fail_on)), plain(&asked.detail)]
        })
        .collect();
    table(&["", "asked", ""], &[false; 3], &rows)
}

fn layers(report: &DiffReport) -> String {
    let changed: Vec<_> = report.layers.iter().filter(|layer| layer.status != Presence::Same).collect();
    if changed.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = changed
        .iter()
        .map(|layer| {
            let sign = if layer.status == Presence::Added { "+" } else { "−" };
            let place = layer.b.or(layer.a).map_or_else(String::new, |place| place.to_string());
            let command = code(&shorten_end(&one_line(&layer.instruction), 100));
            vec![sign.to_owned(), place, size(layer.unpacked_bytes, Evidence::Measured), command]
        })
        .collect();
    let body = table(&["", "layer", "unpacked", "instruction"], &[false, true, true, false], &rows);
    folded(&format!("{} of {} layers differ", changed.len(), report.layers.len()), &body)
}

fn config(report: &DiffReport) -> String {
    if report.config.is_empty() {
        return String::new();
    }
    let cell = |value| code(&shorten_end(&value_text(value), 120));
    let rows: Vec<Vec<String>> = report
        .config
        .iter()
        .map(|change| vec![plain(&change.field), cell(change.before.as_ref()), cell(change.after.as_ref())])
        .collect();
    table(&["config", "before", "after"], &[false; 3], &rows)
}

fn packages(report: &DiffReport, top: usize) -> String {
    if report.packages.is_empty() {
        return String::new();
    }
    let mut largest: Vec<_> = report.packages.iter().collect();
    largest.sort_by_key(|change| std::cmp::Reverse(change.bytes.unsigned_abs()));
    let rows: Vec<Vec<String>> = largest
        .iter()
        .take(top)
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
                plain(&change.kind),
                version(&change.before),
                version(&change.after),
            ]
        })
        .collect();
    let body = table(&["", "package", "type", "before", "after"], &[false; 5], &rows);
    folded(&format!("{} packages differ", count(report.packages.len() as u64)), &body)
}

fn files(report: &DiffReport, top: usize) -> String {
    if report.files.is_empty() {
        return String::new();
    }
    let mut largest: Vec<_> = report.files.iter().collect();
    largest.sort_by_key(|change| std::cmp::Reverse(change.before_bytes.max(change.after_bytes)));
    let rows: Vec<Vec<String>> = largest
        .iter()
        .take(top)
        .map(|change| {
            let word = match change.status {
                TreeStatus::Added => "added",
                TreeStatus::Removed => "removed",
                TreeStatus::Changed => "changed",
                TreeStatus::Renamed => "renamed",
                TreeStatus::Metadata => "mode or owner",
            };
            let (before, after) = (change.before_bytes.unwrap_or(0), change.after_bytes.unwrap_or(0));
            let from = change.from.as_deref().map(|from| format!("was {}", code(from)));
            let what =
                from.into_iter().chain(change.what.iter().map(|what| plain(what))).collect::<Vec<_>>().join(", ");
            vec![word.to_owned(), code(&change.path), difference(before, after), what]
        })
        .collect();
    let body = table(&["", "path", "bytes", ""], &[false, false, true, false], &rows);
    folded(&format!("{} paths differ", count(report.files.len() as u64)), &body)
}
