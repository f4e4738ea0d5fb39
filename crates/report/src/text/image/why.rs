//! The answer of `jettison why`: what it is, which layer and line it comes from, who asked for it, what would go with it.

use jettison_model::ByteSize;

use super::cells::{counted, paragraph};
use super::layers::one_line;
use crate::Evidence;
use crate::image::{Goes, Why, WhyLayer, WhyLink, WhyReport};
use crate::text::number::bytes;
use crate::text::style::{Paint, Style, harmless};
use crate::text::table::{shorten_end, shorten_middle, width};

/// Columns of the words in front.
const NAMES: usize = 17;
/// Layers that touched one thing and are named.
const MOST_LAYERS: usize = 6;

/// All answers.
pub fn why(report: &WhyReport, style: &Style) -> String {
    let file = report.dockerfile.as_deref().unwrap_or("Dockerfile");
    let answers: Vec<String> = report.answers.iter().map(|answer| one(answer, file, style)).collect();
    style.signs(&answers.join("\n"))
}

fn one(why: &Why, file: &str, style: &Style) -> String {
    let mut text = headline(why, style);
    text.push_str(&layers(&why.layers, file, style));
    if let Some(package) = &why.package {
        let words = format!("{} {} ({})", package.name, package.version, package.kind);
        text.push_str(&line("owned by", &harmless(&words), style));
    }
    text.push_str(&chain(&why.chain, file, style));
    text.push_str(&goes(why.goes.as_ref(), style));
    for note in &why.notes {
        text.push_str(&line("", &harmless(note), style));
    }
    text
}

fn headline(why: &Why, style: &Style) -> String {
    let mut what = why.package_type.as_ref().map_or_else(|| why.kind.clone(), |kind| format!("{kind} package"));
    if let Some(target) = &why.target {
        what.push_str(&format!(" to {}", shorten_middle(target, 30)));
    }
    let mut words = vec![harmless(&what), bytes(why.bytes, Evidence::Measured)];
    words
        .extend(why.compressed_bytes.map(|compressed| format!("{} compressed", bytes(compressed, Evidence::Modelled))));
    words.extend((why.files > 1).then(|| counted(why.files, "file")));
    let words = words.join(", ");
    let version = why.version.as_deref().map(harmless).map_or_else(String::new, |version| format!(" {version}"));
    let name = format!("{}{version}", harmless(&why.name));
    let name = shorten_middle(&name, style.columns().saturating_sub(width(&words) + 6).max(24));
    format!("   {}   {}\n", style.paint(Paint::Strong, &name), style.paint(Paint::Dim, &words))
}

fn layers(layers: &[WhyLayer], file: &str, style: &Style) -> String {
    let mut text = String::new();
    let from = layers.len().saturating_sub(MOST_LAYERS);
    for (at, layer) in layers.iter().enumerate().skip(from) {
        let name = if at == from { "comes from" } else { "then" };
        let place = layer.dockerfile_line.map_or_else(String::new, |line| format!("   {}:{line}", harmless(file)));
        let action = if layer.action == "added" { String::new() } else { format!(" {}", harmless(&layer.action)) };
        let size = if layer.bytes > 0 { format!(" ({})", ByteSize(layer.bytes)) } else { String::new() };
        let before = format!("layer {}{action}{size}   ", layer.layer);
        let room = style.columns().saturating_sub(NAMES + width(&before) + width(&place) + 3).max(12);
        let command = shorten_end(&harmless(&one_line(&layer.instruction)), room);
        text.push_str(&line(name, &format!("{before}{command}{place}"), style));
    }
    text
}

/// Each link one step further in.
fn chain(chain: &[WhyLink], file: &str, style: &Style) -> String {
    let mut text = String::new();
    for (depth, link) in chain.iter().enumerate() {
        let head = if depth == 0 { "because" } else { "" };
        let indent = if depth == 0 { String::new() } else { format!("{}└ ", "  ".repeat((depth - 1).min(8))) };
        let how = link.how.as_deref().map_or_else(String::new, |how| format!("{} ", word(how)));
        let place = link.dockerfile_line.map_or_else(String::new, |line| format!("   {}:{line}", harmless(file)));
        let before = format!("{indent}{how}");
        let room = style.columns().saturating_sub(NAMES + width(&before) + width(&place) + 3).max(16);
        let name = harmless(&one_line(&link.name));
        let name = if link.kind == "path" { shorten_middle(&name, room) } else { shorten_end(&name, room) };
        text.push_str(&line(head, &format!("{before}{name}{place}"), style));
    }
    text
}

/// `depends` as one says it.
fn word(how: &str) -> String {
    if how == "depends" { "needs".to_owned() } else { harmless(how) }
}

fn goes(goes: Option<&Goes>, style: &Style) -> String {
    let Some(goes) = goes else { return String::new() };
    let mut words = bytes(goes.bytes, goes.evidence);
    if let Some(compressed) = goes.compressed_bytes {
        words.push_str(&format!(" ({} compressed)", bytes(compressed, goes.evidence.weaker(Evidence::Modelled))));
    }
    if !goes.packages.is_empty() {
        const FEW: usize = 8;
        let named: Vec<String> = goes.packages.iter().take(FEW).map(|name| harmless(name)).collect();
        let more = goes.packages.len().saturating_sub(FEW);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        words.push_str(&format!(" with {}{more}", named.join(", ")));
    }
    let mut text = line("if it went", &words, style);
    if !goes.blocked_by.is_empty() {
        let names: Vec<String> = goes.blocked_by.iter().map(|name| harmless(name)).collect();
        text.push_str(&line("but needed by", &names.join(", "), style));
    }
    text
}

fn line(name: &str, text: &str, style: &Style) -> String {
    let head = format!("   {name:<width$}", width = NAMES - 3);
    let shown = paragraph(&head, &keep_gaps(text), Paint::Plain, style);
    let shown = shown.replace('\u{2007}', " ");
    shown.replacen(&head, &style.paint(Paint::Dim, &head), 1)
}

/// Runs of blanks that are meant survive the wrapping between words.
fn keep_gaps(text: &str) -> String {
    text.replace("   ", "\u{2007}\u{2007} ").replace("  └", "\u{2007}\u{2007}└").replace("└ ", "└\u{2007}")
}
