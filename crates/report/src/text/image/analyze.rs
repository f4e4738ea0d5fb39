//! The report of `jettison analyze`: the image and its sum, the picture of its layers, where the bytes are, what is wasted and
//! avoidable, what to do first.

use super::cells::{counted, percent};
use super::{budgets, layers, tables};
use crate::Evidence;
use crate::image::{AnalyzeReport, ImageHead};
use crate::text::number::{bytes, mark};
use crate::text::style::{Paint, Style, harmless};
use crate::text::table::{shorten_middle, width, wrap};

/// The whole report; no table has more than `top` rows.
pub fn analyze(report: &AnalyzeReport, top: usize, style: &Style) -> String {
    let parts = [
        head(report, style),
        layers::layers(report, top, style),
        tables::directories(report, style),
        tables::waste(report, top, style),
        tables::avoidable(report, top, style),
        tables::packages(report, top, style),
        tables::first(report, top, style),
        tables::remarks(report, style),
    ];
    let mut text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    for part in [legend(&text, style), budgets::budgets(&report.budgets, style)] {
        text.push_str(if part.is_empty() { "" } else { "\n" });
        text.push_str(&part);
    }
    style.signs(&text)
}

/// Which image, its sizes, its score.
fn head(report: &AnalyzeReport, style: &Style) -> String {
    let mut text = image_line(&report.image, style);
    let mut sizes = vec![format!("{} unpacked", bytes(report.sizes.unpacked_bytes, Evidence::Measured))];
    if let Some(compressed) = report.sizes.compressed_bytes {
        sizes.push(format!("{} compressed", bytes(compressed, report.sizes.compressed_evidence)));
    }
    sizes.push(format!(
        "{} in {}",
        bytes(report.sizes.apparent_bytes, Evidence::Measured),
        counted(report.tree.regular_inodes, "file")
    ));
    sizes.push(counted(report.layers.len() as u64, "layer"));
    text.push_str(&joined(&sizes, style));
    text.push_str(&score(report, style));
    text
}

/// `   shop:1.4   linux/amd64   sha256:3f1c2ab4d5e6`
pub(super) fn image_line(image: &ImageHead, style: &Style) -> String {
    let digest = image.digest.as_deref().or(image.config_digest.as_deref()).map(short).unwrap_or_default();
    let rest: Vec<String> =
        [harmless(&image.platform), harmless(digest)].into_iter().filter(|part| !part.is_empty()).collect();
    let rest = rest.join("   ");
    let room = style.columns().saturating_sub(width(&rest) + 6);
    let name = shorten_middle(&harmless(&image.reference), room);
    let gap = if rest.is_empty() { "" } else { "   " };
    format!("   {}{gap}{}\n", style.paint(Paint::Strong, &name), style.paint(Paint::Dim, &rest))
}

/// `sha256:` and twelve digits.
pub(super) fn short(digest: &str) -> &str {
    let end = digest.find(':').map_or(12, |at| at + 13);
    digest.get(..end).unwrap_or(digest)
}

fn score(report: &AnalyzeReport, style: &Style) -> String {
    let wasted = report.efficiency.wasted_bytes;
    let share = percent(report.efficiency.score);
    let mut parts = vec![format!("score {share}")];
    parts.push(if wasted == 0 {
        "nothing wasted".to_owned()
    } else {
        format!("{} wasted", bytes(wasted, Evidence::Measured))
    });
    let avoidable = report.avoidable.iter().map(|item| item.bytes).fold(0, u64::saturating_add);
    if avoidable > 0 {
        let evidence = report.avoidable.iter().fold(Evidence::Modelled, |sum, item| sum.weaker(item.evidence));
        parts.push(format!("{} avoidable", bytes(avoidable, evidence)));
    }
    if let (Some(efficiency), Some(wasted)) = (report.dive.efficiency, report.dive.wasted_bytes) {
        // dive shows a whole percentage
        let share = percent(efficiency);
        parts.push(format!("dive would say {share}, {} wasted", bytes(wasted, Evidence::Measured)));
    }
    joined(&parts, style)
}

/// The parts with dots between them, wrapped between parts.
fn joined(parts: &[String], style: &Style) -> String {
    let room = style.columns().saturating_sub(3);
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if width(line) + 3 + width(part) <= room => line.push_str(&format!(" · {part}")),
            _ => lines.push(part.clone()),
        }
    }
    lines.iter().map(|line| format!("   {line}\n")).collect()
}

/// What the marks mean, if any was used.
fn legend(text: &str, style: &Style) -> String {
    let used = |evidence: Evidence| {
        let mark = mark(evidence);
        let mut after = text.match_indices(mark).filter_map(|(at, _)| text.get(at + mark.len()..));
        after.any(|rest| rest.starts_with(|sign: char| sign.is_ascii_digit()))
    };
    let marks = [(Evidence::Modelled, "modelled"), (Evidence::Guessed, "guessed")];
    let used: Vec<String> = marks
        .into_iter()
        .filter(|(evidence, _)| used(*evidence))
        .map(|(evidence, word)| format!("{} {word}", mark(evidence)))
        .collect();
    if used.is_empty() {
        return String::new();
    }
    let line = format!("{} · plain numbers are measured · 1 MB is 10^6 bytes", used.join(" · "));
    wrap(&line, style.columns() - 3, style.columns() - 3)
        .iter()
        .map(|line| format!("   {}\n", style.paint(Paint::Dim, line)))
        .collect()
}
