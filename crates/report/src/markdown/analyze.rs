//! `jettison analyze` as Markdown.

use super::{code, folded, maybe_size, plain, size, table};
use crate::image::{AnalyzeReport, avoidable_by_folder, by_folder};
use crate::text::image::{causes, count, kind, one_line, percent};
use crate::text::shorten_end;
use crate::{Budget, BudgetStatus, Evidence};

/// The whole report; no table has more than `top` rows, that of the layers has at most twice as many.
pub fn analyze(report: &AnalyzeReport, top: usize) -> String {
    let parts = [
        head(report),
        budgets(&report.budgets),
        first(report, top),
        layers(report, top.saturating_mul(2).max(20)),
        waste(report, top),
        avoidable(report, top),
        packages(report, top),
        remarks(report),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

fn head(report: &AnalyzeReport) -> String {
    let sizes = &report.sizes;
    let mut text = format!("### {}\n\n", code(&report.image.reference));
    let compressed = sizes
        .compressed_bytes
        .map_or_else(String::new, |bytes| format!(" · **{}** compressed", size(bytes, sizes.compressed_evidence)));
    text.push_str(&format!(
        "**{}** unpacked{compressed} · {} in {} files · {} layers · {}\n\n",
        size(sizes.unpacked_bytes, Evidence::Measured),
        size(sizes.apparent_bytes, Evidence::Measured),
        count(report.tree.regular_inodes),
        report.layers.len(),
        plain(&report.image.platform),
    ));
    text.push_str(&format!(
        "score **{}** · {} wasted",
        percent(report.efficiency.score),
        size(report.efficiency.wasted_bytes, Evidence::Measured)
    ));
    if let (Some(efficiency), Some(wasted)) = (report.dive.efficiency, report.dive.wasted_bytes) {
        let said = size(wasted, Evidence::Measured);
        text.push_str(&format!(" · dive would say {}, {said} wasted", percent(efficiency)));
    }
    text.push('\n');
    text
}

fn budgets(budgets: &[Budget]) -> String {
    if budgets.is_empty() {
        return String::new();
    }
    let row = |budget: &Budget| {
        let status = match budget.status {
            BudgetStatus::Passed => "passed",
            BudgetStatus::Failed => "**failed**",
            BudgetStatus::Disabled => "off",
        };
        let note = budget.note.as_deref().unwrap_or_default();
        vec![
            status.to_owned(),
            plain(&budget.rule),
            plain(&budget.limit),
            plain(&budget.actual),
            plain(&budget.from),
            plain(note),
        ]
    };
    let rows: Vec<Vec<String>> = budgets.iter().map(row).collect();
    table(&["", "budget", "asked", "is", "from", ""], &[false; 6], &rows)
}

fn first(report: &AnalyzeReport, top: usize) -> String {
    if report.findings.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = report
        .findings
        .iter()
        .take(top)
        .map(|finding| {
            vec![
                plain(&finding.message),
                size(finding.bytes, finding.evidence),
                maybe_size(finding.compressed_bytes, finding.evidence.weaker(report.sizes.file_compressed_evidence)),
                code(finding.see.as_deref().unwrap_or_default()),
            ]
        })
        .collect();
    table(&["do first", "saves", "compressed", "see"], &[false, true, true, false], &rows)
}

fn layers(report: &AnalyzeReport, most: usize) -> String {
    let mut largest: Vec<_> = report.layers.iter().collect();
    largest.sort_by_key(|layer| (std::cmp::Reverse(layer.unpacked_bytes), layer.index));
    largest.truncate(most);
    largest.sort_by_key(|layer| layer.index);
    let rows: Vec<Vec<String>> = largest
        .iter()
        .map(|layer| {
            let line = layer.dockerfile_line.map_or_else(String::new, |line| line.to_string());
            vec![
                layer.index.to_string(),
                maybe_size(layer.compressed_bytes, Evidence::Measured),
                size(layer.unpacked_bytes, Evidence::Measured),
                size(layer.wasted_bytes, Evidence::Measured),
                code(&shorten_end(&one_line(&layer.instruction), 100)),
                line,
            ]
        })
        .collect();
    let heads = ["layer", "compressed", "unpacked", "wasted", "instruction", "line"];
    let summary = format!("{} layers", report.layers.len());
    folded(&summary, &table(&heads, &[true, true, true, true, false, true], &rows))
}

fn waste(report: &AnalyzeReport, top: usize) -> String {
    let (rows, rest) = by_folder(&report.waste, top);
    if rows.is_empty() {
        return String::new();
    }
    let cells: Vec<Vec<String>> = rows
        .iter()
        .chain(&rest)
        .enumerate()
        .map(|(at, row)| {
            let path = if at < rows.len() { code(&row.path) } else { "elsewhere".to_owned() };
            let layers: Vec<String> = row.layers.iter().take(4).map(usize::to_string).collect();
            vec![
                path,
                count(row.count),
                size(row.bytes, Evidence::Measured),
                maybe_size(row.compressed_bytes, report.sizes.file_compressed_evidence),
                causes(&row.causes),
                layers.join(", "),
            ]
        })
        .collect();
    let heads = ["wasted", "files", "bytes", "compressed", "cause", "layers"];
    table(&heads, &[false, true, true, true, false, false], &cells)
}

fn avoidable(report: &AnalyzeReport, top: usize) -> String {
    let (shown, rest) = avoidable_by_folder(&report.avoidable, top);
    if shown.is_empty() {
        return String::new();
    }
    let weak = report.sizes.file_compressed_evidence;
    let mut rows: Vec<Vec<String>> = shown
        .iter()
        .map(|item| {
            vec![
                code(&item.path),
                count(item.places),
                size(item.bytes, Evidence::Measured),
                maybe_size(item.compressed_bytes, item.evidence.weaker(weak)),
                kind(item.kind).to_owned(),
                item.dockerfile_line.map_or_else(String::new, |line| line.to_string()),
            ]
        })
        .collect();
    if let Some((sum, places)) = rest {
        let sum = size(sum, Evidence::Measured);
        rows.push(vec!["elsewhere".to_owned(), count(places), sum, "–".to_owned(), String::new(), String::new()]);
    }
    let heads = ["avoidable", "places", "bytes", "compressed", "kind", "line"];
    table(&heads, &[false, true, true, true, false, true], &rows)
}

fn packages(report: &AnalyzeReport, top: usize) -> String {
    if report.packages.is_empty() {
        return String::new();
    }
    let mut largest: Vec<_> = report.packages.iter().collect();
    largest.sort_by_key(|package| std::cmp::Reverse((package.exclusive_bytes.max(package.bytes), package.bytes)));
    let rows: Vec<Vec<String>> = largest
        .iter()
        .take(top)
        .map(|package| {
            vec![
                code(&package.name),
                code(&package.version),
                plain(&package.kind),
                size(package.bytes, Evidence::Measured),
                size(package.exclusive_bytes.max(package.bytes), Evidence::Modelled),
            ]
        })
        .collect();
    let heads = ["package", "version", "type", "own", "with what only it needs"];
    let summary = format!("{} packages", count(report.packages.len() as u64));
    folded(&summary, &table(&heads, &[false, false, false, true, true], &rows))
}

fn remarks(report: &AnalyzeReport) -> String {
    let warnings = report.warnings.iter().take(20).map(|warning| {
        let layer = warning.layer.map_or_else(String::new, |layer| format!(" in layer {layer}"));
        let path = warning.path.as_deref().map_or_else(String::new, |path| format!(" {}", code(path)));
        format!("- {}{layer}{path}\n", plain(&warning.class.replace('_', " ")))
    });
    let notes = report.notes.iter().map(|note| format!("- {}\n", plain(note)));
    let legend = "\n~ modelled · plain numbers are measured · 1 MB is 10^6 bytes\n".to_owned();
    warnings.chain(notes).chain([legend]).collect()
}
