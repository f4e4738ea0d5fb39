//! The picture of the layers: one bar each, its command, its line; small layers of an image with many are folded.

use jettison_model::ByteSize;

use super::bar::{Parts, bar};
use super::cells::{counted, head, maybe_size, place, size, title};
use crate::Evidence;
use crate::image::{AnalyzeReport, Layer};
use crate::text::style::{Paint, Style, harmless};
use crate::text::table::{Cell, Cut, fitted};

/// So many layers are always shown.
const FEW: usize = 12;

/// The table. At most `top` layers, at least a dozen, the largest ones, in their order.
pub(super) fn layers(report: &AnalyzeReport, top: usize, style: &Style) -> String {
    if report.layers.is_empty() {
        return format!("   {}\n", style.paint(Paint::Dim, "no layers"));
    }
    let most = report.layers.iter().map(|layer| layer.unpacked_bytes).max().unwrap_or(0);
    let compressed = report.layers.iter().any(|layer| layer.compressed_bytes.is_some());
    let columns = (style.columns() / 2).saturating_sub(30).clamp(10, 40);
    let mut rows = vec![heads(compressed)];
    let (shown, folded) = chosen(&report.layers, top.max(FEW));
    for layer in &shown {
        let parts = Parts { bytes: layer.unpacked_bytes, avoidable: layer.avoidable_bytes, wasted: layer.wasted_bytes };
        let picture = bar(parts, most, columns, style);
        rows.push(row(layer, picture, compressed, report));
    }
    let flexible = if compressed { 4 } else { 3 };
    let mut text = fitted(&rows, flexible, Cut::End, style);
    text.push_str(&rest(&folded, style));
    text.push_str(&legend(&shown, style));
    text
}

fn heads(compressed: bool) -> Vec<Cell> {
    let mut row = vec![head("layer")];
    row.extend(compressed.then(|| head("compressed")));
    row.extend([head("unpacked"), title(""), title("instruction"), title("")]);
    row
}

fn row(layer: &Layer, picture: Cell, compressed: bool, report: &AnalyzeReport) -> Vec<Cell> {
    let instruction = harmless(&one_line(&layer.instruction));
    let instruction = if instruction.is_empty() { "(not recorded)".to_owned() } else { instruction };
    let paint = if layer.base == Some(true) || layer.instruction.is_empty() { Paint::Dim } else { Paint::Plain };
    let file = report.dockerfile.as_ref().map_or("Dockerfile", |dockerfile| &dockerfile.path);
    let mut row = vec![Cell::right(layer.index.to_string())];
    row.extend(compressed.then(|| maybe_size(layer.compressed_bytes, Evidence::Measured)));
    row.push(size(layer.unpacked_bytes, Evidence::Measured));
    row.extend([picture, Cell::left(instruction).painted(paint), place(file, layer.dockerfile_line)]);
    row
}

/// The `most` largest layers in their order, and the others.
fn chosen(layers: &[Layer], most: usize) -> (Vec<&Layer>, Vec<&Layer>) {
    let mut by_size: Vec<&Layer> = layers.iter().collect();
    by_size.sort_by_key(|layer| (std::cmp::Reverse(layer.unpacked_bytes), layer.index));
    let mut folded = by_size.split_off(most.min(by_size.len()));
    // to fold one layer away saves no line
    if folded.len() == 1 {
        by_size.append(&mut folded);
    }
    by_size.sort_by_key(|layer| layer.index);
    (by_size, folded)
}

fn rest(folded: &[&Layer], style: &Style) -> String {
    if folded.is_empty() {
        return String::new();
    }
    let bytes = folded.iter().map(|layer| layer.unpacked_bytes).fold(0, u64::saturating_add);
    let text =
        format!("… {} with {} (--top N shows more)", counted(folded.len() as u64, "smaller layer"), ByteSize(bytes));
    format!("   {}\n", style.paint(Paint::Dim, &text))
}

/// What the shades mean, where there are any.
fn legend(shown: &[&Layer], style: &Style) -> String {
    let wasted = shown.iter().any(|layer| layer.wasted_bytes > 0);
    let avoidable = shown.iter().any(|layer| layer.avoidable_bytes > 0);
    if !wasted && !avoidable {
        return String::new();
    }
    let marks = [(true, "█ kept"), (avoidable, "▒ avoidable"), (wasted, "░ wasted")];
    let text = marks.iter().filter(|(used, _)| *used).map(|(_, text)| *text).collect::<Vec<_>>().join("  ");
    format!("   {}\n", style.paint(Paint::Dim, &text))
}

/// Line breaks and runs of blanks become one blank.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
