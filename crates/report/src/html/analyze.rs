//! `jettison analyze` as a page: the sums, the zoomable picture, the tables.

use super::map::data;
use super::page::{Head, code, escaped, left_out, maybe_size, page, section, size, sums};
use crate::image::{AnalyzeReport, Layer, SizeMaps, avoidable_by_folder, by_folder};
use crate::text::image::{causes, count, kind, one_line, percent};
use crate::{Budget, BudgetStatus, Evidence};

const SCRIPT: &str = include_str!("map.js");
/// Rows of a table that is not about what to do.
const ROWS: usize = 500;

/// The whole page.
pub fn analyze(report: &AnalyzeReport, maps: &SizeMaps) -> String {
    let body = [
        head(report),
        budgets(&report.budgets),
        first(report),
        picture(maps),
        layers(report),
        waste(report),
        avoidable(report),
        packages(report),
        remarks(report),
    ]
    .concat();
    page(&format!("{} · jettison analyze", report.image.reference), &body, &data(report, maps), SCRIPT)
}

fn head(report: &AnalyzeReport) -> String {
    let image = &report.image;
    let digest = image.digest.as_deref().or(image.config_digest.as_deref()).unwrap_or_default();
    let about: Vec<String> = [image.platform.as_str(), digest, image.created.as_deref().unwrap_or_default()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(escaped)
        .collect();
    let mut pairs = vec![("unpacked", size(report.sizes.unpacked_bytes, Evidence::Measured))];
    if let Some(bytes) = report.sizes.compressed_bytes {
        pairs.push(("compressed", size(bytes, report.sizes.compressed_evidence)));
    }
    let wasted = report.efficiency.wasted_bytes;
    let paint = if wasted > 0 { "bad" } else { "good" };
    let avoidable = report.avoidable.iter().map(|item| item.bytes).fold(0, u64::saturating_add);
    let evidence = report.avoidable.iter().fold(Evidence::Measured, |sum, item| sum.weaker(item.evidence));
    pairs.extend([
        ("in files", size(report.sizes.apparent_bytes, Evidence::Measured)),
        ("files", count(report.tree.regular_inodes)),
        ("layers", report.layers.len().to_string()),
        ("score", percent(report.efficiency.score)),
        ("wasted", format!("<span class=\"{paint}\">{}</span>", size(wasted, Evidence::Measured))),
        ("avoidable", size(avoidable, evidence)),
    ]);
    if let (Some(efficiency), Some(bytes)) = (report.dive.efficiency, report.dive.wasted_bytes) {
        pairs.push(("dive would say", format!("{}, {}", percent(efficiency), size(bytes, Evidence::Measured))));
    }
    format!(
        "<header><div><h1><bdi>{}</bdi></h1><p>{}</p></div><button type=\"button\" id=\"theme\" hidden>dark / light</button></header>\n{}",
        escaped(&image.reference),
        about.join(" · "),
        sums(&pairs)
    )
}

fn budgets(budgets: &[Budget]) -> String {
    let row = |budget: &Budget| {
        let (word, class) = match budget.status {
            BudgetStatus::Passed => ("passed", "good"),
            BudgetStatus::Failed => ("failed", "bad"),
            BudgetStatus::Disabled => ("off", "dim"),
        };
        vec![
            format!("<span class=\"{class}\">{word}</span>"),
            escaped(&budget.rule),
            escaped(&budget.limit),
            escaped(&budget.actual),
            escaped(&budget.from),
            escaped(budget.note.as_deref().unwrap_or_default()),
        ]
    };
    let heads = [("", false), ("budget", false), ("asked", false), ("is", false), ("from", false), ("", false)];
    section("Budgets", "", &heads, &budgets.iter().map(row).collect::<Vec<_>>())
}

fn first(report: &AnalyzeReport) -> String {
    let weak = report.sizes.file_compressed_evidence;
    let rows: Vec<Vec<String>> = report
        .findings
        .iter()
        .take(ROWS)
        .map(|finding| {
            vec![
                escaped(&finding.message),
                size(finding.bytes, finding.evidence),
                maybe_size(finding.compressed_bytes, finding.evidence.weaker(weak)),
                code(finding.see.as_deref().unwrap_or_default()),
            ]
        })
        .collect();
    section("Do first", "", &[("", false), ("saves", true), ("compressed", true), ("see", false)], &rows)
}

/// The script fills it; without scripts the tables below have everything.
fn picture(maps: &SizeMaps) -> String {
    let folds = if has_folds(maps) {
        " Files and directories too small to be seen are folded into one box in their directory; every sum is complete."
    } else {
        ""
    };
    format!(
        "<section><h2 id=\"where\">Where the bytes are</h2>\n\
         <div class=\"tools\"><div class=\"tools\" role=\"radiogroup\" aria-label=\"Arranged by\">\
         <button type=\"button\" role=\"radio\" data-view=\"directories\" aria-checked=\"true\">by directory</button>\
         <button type=\"button\" role=\"radio\" data-view=\"layers\" aria-checked=\"false\" tabindex=\"-1\">by layer</button>\
         <button type=\"button\" role=\"radio\" data-view=\"packages\" aria-checked=\"false\" tabindex=\"-1\">by package</button></div>\
         <input id=\"search\" type=\"search\" placeholder=\"find a path or a package\" aria-label=\"Find a path or a package\" \
         role=\"combobox\" aria-expanded=\"false\" aria-controls=\"found\" autocomplete=\"off\" spellcheck=\"false\"></div>\n\
         <ul id=\"found\" role=\"listbox\" aria-label=\"Found\"></ul>\n\
         <nav class=\"crumbs\" id=\"crumbs\" aria-label=\"Where the picture is\"></nav>\n\
         <div id=\"map\" role=\"tree\" aria-labelledby=\"where\"></div>\n\
         <p id=\"told\" role=\"status\" aria-live=\"polite\"></p>\n\
         <p class=\"keys\"><kbd>←</kbd> <kbd>↑</kbd> <kbd>→</kbd> <kbd>↓</kbd> move · <kbd>Enter</kbd> into · <kbd>Esc</kbd> out · \
         <kbd>/</kbd> find · a colour is a layer, grey the base image, <span class=\"wasted-sign\"></span> what the final tree \
         does not have.{folds}</p>\n\
         <noscript><p>The picture needs scripts. The tables below have the same numbers.</p></noscript></section>\n"
    )
}

fn has_folds(maps: &SizeMaps) -> bool {
    let mut todo = vec![&maps.directories, &maps.layers, &maps.packages];
    while let Some(node) = todo.pop() {
        if node.is_fold {
            return true;
        }
        todo.extend(&node.children);
    }
    false
}

fn layers(report: &AnalyzeReport) -> String {
    let most = report.layers.iter().map(|layer| layer.unpacked_bytes).max().unwrap_or(0);
    let heads: [Head; 8] = [
        ("layer", true),
        ("", false),
        ("compressed", true),
        ("unpacked", true),
        ("", false),
        ("wasted", true),
        ("instruction", false),
        ("line", true),
    ];
    let row = |layer: &Layer| {
        vec![
            layer.index.to_string(),
            format!("<span class=\"swatch\" data-layer=\"{}\"></span>", layer.index),
            maybe_size(layer.compressed_bytes, Evidence::Measured),
            size(layer.unpacked_bytes, Evidence::Measured),
            bar(layer, most),
            size(layer.wasted_bytes, Evidence::Measured),
            code(&one_line(&layer.instruction)),
            layer.dockerfile_line.map_or_else(String::new, |line| line.to_string()),
        ]
    };
    let rows: Vec<Vec<String>> = report.layers.iter().take(ROWS).map(row).collect();
    section("Layers", &left_out(report.layers.len(), ROWS), &heads, &rows)
}

/// Kept, avoidable and wasted of the largest layer's width. An inline style would break the policy; attributes do not.
fn bar(layer: &Layer, most: u64) -> String {
    let share = |bytes: u64| if most == 0 { 0.0 } else { bytes.min(most) as f64 * 100.0 / most as f64 };
    let (wasted, avoidable) = (share(layer.wasted_bytes.min(layer.unpacked_bytes)), share(layer.avoidable_bytes));
    let all = share(layer.unpacked_bytes);
    let avoidable = avoidable.min(all - wasted);
    let part = |class: &str, x: f64, width: f64| {
        format!("<rect class=\"{class}\" x=\"{x:.2}\" y=\"0\" width=\"{width:.2}\" height=\"8\"/>")
    };
    format!(
        "<svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{}{}{}</svg>",
        part("kept", 0.0, all - wasted - avoidable),
        part("avoidable", all - wasted - avoidable, avoidable),
        part("wasted", all - wasted, wasted),
    )
}

fn waste(report: &AnalyzeReport) -> String {
    const MOST: usize = 60;
    let (rows, rest) = by_folder(&report.waste, MOST);
    let cells: Vec<Vec<String>> = rows
        .iter()
        .chain(&rest)
        .enumerate()
        .map(|(at, row)| {
            let path = if at < rows.len() { code(&row.path) } else { "elsewhere".to_owned() };
            let layers: Vec<String> = row.layers.iter().take(6).map(usize::to_string).collect();
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
    let heads =
        [("", false), ("files", true), ("bytes", true), ("compressed", true), ("cause", false), ("layers", false)];
    section("Wasted", "cannot be reached in the final tree", &heads, &cells)
}

fn avoidable(report: &AnalyzeReport) -> String {
    let (shown, rest) = avoidable_by_folder(&report.avoidable, 100);
    let weak = report.sizes.file_compressed_evidence;
    let mut rows: Vec<Vec<String>> = shown
        .iter()
        .map(|item| {
            let layers: Vec<String> = item.layers.iter().take(6).map(usize::to_string).collect();
            vec![
                code(&item.path),
                count(item.places),
                size(item.bytes, Evidence::Measured),
                maybe_size(item.compressed_bytes, item.evidence.weaker(weak)),
                kind(item.kind).to_owned(),
                layers.join(", "),
                item.dockerfile_line.map_or_else(String::new, |line| line.to_string()),
            ]
        })
        .collect();
    if let Some((sum, places)) = rest {
        let mut row = vec!["elsewhere".to_owned(), count(places), size(sum, Evidence::Measured)];
        row.resize(7, String::new());
        rows.push(row);
    }
    let heads = [
        ("", false),
        ("places", true),
        ("bytes", true),
        ("compressed", true),
        ("kind", false),
        ("layers", false),
        ("line", true),
    ];
    section("Avoidable", "can be reached and need not be there", &heads, &rows)
}

fn packages(report: &AnalyzeReport) -> String {
    let mut largest: Vec<_> = report.packages.iter().collect();
    largest.sort_by_key(|package| std::cmp::Reverse((package.exclusive_bytes.max(package.bytes), package.bytes)));
    let rows: Vec<Vec<String>> = largest
        .iter()
        .take(ROWS)
        .map(|package| {
            let goes = package.exclusive_packages.iter().take(8).map(|name| code(name)).collect::<Vec<_>>().join(" ");
            let more = package.exclusive_packages.len().saturating_sub(8);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            vec![
                code(&package.name),
                code(&package.version),
                escaped(&package.kind),
                size(package.bytes, Evidence::Measured),
                size(package.exclusive_bytes.max(package.bytes), Evidence::Modelled),
                format!("{goes}{more}"),
            ]
        })
        .collect();
    let about = format!("{} installed{}", count(report.packages.len() as u64), left_out(report.packages.len(), ROWS));
    let heads = [
        ("", false),
        ("version", false),
        ("type", false),
        ("own", true),
        ("with what only it needs", true),
        ("which is", false),
    ];
    section("Packages", &about, &heads, &rows)
}

fn remarks(report: &AnalyzeReport) -> String {
    let warnings = report.warnings.iter().take(ROWS).map(|warning| {
        let layer = warning.layer.map_or_else(String::new, |layer| format!(" in layer {layer}"));
        let path = warning.path.as_deref().map_or_else(String::new, |path| format!(" {}", code(path)));
        format!("<li>{}{layer}{path}</li>\n", escaped(&warning.class.replace('_', " ")))
    });
    let notes = report.notes.iter().map(|note| format!("<li>{}</li>\n", escaped(note)));
    let remarks: String = warnings.chain(notes).collect();
    let remarks = if remarks.is_empty() { String::new() } else { format!("<ul>{remarks}</ul>\n") };
    format!(
        "<footer>{remarks}<p>~ modelled · plain numbers are measured · 1 MB is 10<sup>6</sup> bytes · jettison {}</p></footer>\n",
        escaped(&report.jettison_version)
    )
}
