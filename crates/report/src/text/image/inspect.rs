//! The report of `jettison inspect` for people; scripts take JSON, which has everything.

use serde_json::Value;

use super::cells::{head, maybe_size, size, title};
use super::diff::value_text;
use crate::Evidence;
use crate::image::InspectReport;
use crate::text::number::bytes;
use crate::text::style::{Paint, Style, harmless};
use crate::text::table::{Cell, Cut, aligned, fitted, width, wrap};

/// Names and values, then the layers.
pub fn inspect(report: &InspectReport, style: &Style) -> String {
    let pairs = pairs(report);
    let names = pairs.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let room = style.columns().saturating_sub(names + 6).max(20);
    let mut text = format!("   {}\n", style.paint(Paint::Strong, &harmless(&report.reference)));
    for (name, value) in pairs {
        for (at, line) in wrap(&value, room, room).iter().enumerate() {
            let name = if at == 0 { name.as_str() } else { "" };
            let gap = " ".repeat(names - width(name) + 3);
            text.push_str(&format!("   {}{gap}{line}\n", style.paint(Paint::Dim, name)));
        }
    }
    text.push('\n');
    text.push_str(&layers(report, style));
    style.signs(&text)
}

fn pairs(report: &InspectReport) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: String| {
        if !value.is_empty() && value != "–" {
            pairs.push((name.to_owned(), value));
        }
    };
    add("id", harmless(&report.id));
    add("digest", harmless(report.digest.as_deref().unwrap_or("")));
    add("names", harmless(&report.repo_tags.join(" ")));
    add("source", harmless(&report.source));
    add("media type", harmless(report.media_type.as_deref().unwrap_or("")));
    add("platform", harmless(&report.platform));
    add("created", harmless(report.created.as_deref().unwrap_or("")));
    add("author", harmless(&report.author));
    let mut sizes = format!("{} unpacked", bytes(report.sizes.unpacked_bytes, Evidence::Measured));
    if let Some(compressed) = report.sizes.compressed_bytes {
        sizes.push_str(&format!(", {} compressed", bytes(compressed, report.sizes.compressed_evidence)));
    }
    sizes.push_str(&format!(", {} in files", bytes(report.sizes.apparent_bytes, Evidence::Measured)));
    add("size", sizes);
    for (field, value) in report.config.as_object().into_iter().flatten() {
        match value {
            Value::Array(items) if field == "Env" => items.iter().for_each(|item| add("Env", value_text(Some(item)))),
            Value::Object(entries) if field == "Labels" => {
                entries
                    .iter()
                    .for_each(|(key, value)| add("Label", format!("{}={}", harmless(key), value_text(Some(value)))));
            }
            value => add(&harmless(field), config_text(value)),
        }
    }
    pairs
}

/// Objects by their keys, lists as one writes them.
fn config_text(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| match value {
                Value::Object(inner) if inner.is_empty() => harmless(key),
                other => format!("{}={}", harmless(key), value_text(Some(other))),
            };
            entries.iter().map(entry).collect::<Vec<_>>().join(", ")
        }
        other => value_text(Some(other)),
    }
}

fn layers(report: &InspectReport, style: &Style) -> String {
    let mut rows =
        vec![vec![head("layer"), head("compressed"), head("unpacked"), title("digest"), title("media type")]];
    let narrow = style.columns() < 150;
    if narrow {
        rows.iter_mut().for_each(|row| row.truncate(4));
    }
    for (place, layer) in report.layers.iter().enumerate() {
        let digest = harmless(layer.digest.as_deref().or(layer.diff_id.as_deref()).unwrap_or("–"));
        let kind = harmless(layer.media_type.as_deref().unwrap_or(""));
        let mut row = vec![
            Cell::right(place.to_string()),
            maybe_size(layer.compressed_bytes, Evidence::Measured),
            size(layer.unpacked_bytes, Evidence::Measured),
            Cell::left(digest),
        ];
        row.extend((!narrow).then(|| Cell::left(kind).painted(Paint::Dim)));
        rows.push(row);
    }
    if rows.len() == 1 { aligned(&[vec![title("no layers")]], style) } else { fitted(&rows, 3, Cut::End, style) }
}
