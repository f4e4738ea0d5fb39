//! What was asked of an image against what it is.

use jettison_model::ByteSize;
use jettison_report::image::AnalyzeReport;
use jettison_report::{Budget, BudgetStatus};

use super::{Amount, DiveRules, LayerBudget, Measure, Rule, Share, SizeBudget};

/// Everything that was asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// `--max-size`
    pub sizes: Vec<SizeBudget>,
    /// `--max-wasted`
    pub wasted: Option<Amount>,
    /// `--min-efficiency`
    pub efficiency: Option<Share>,
    /// `--layer-budget`
    pub layers: Vec<LayerBudget>,
    /// The file's name as it is shown, and its rules.
    pub dive: Option<(String, DiveRules)>,
}

/// Where nothing else was asked: the bound that dive has by default, against the right figure.
const DEFAULT_EFFICIENCY: f64 = 0.9;

/// One row for each thing that was asked.
pub fn judge(asked: &Asked, report: &AnalyzeReport) -> Vec<Budget> {
    let mut rows: Vec<Budget> = asked.sizes.iter().map(|budget| size(budget, report)).collect();
    rows.extend(asked.layers.iter().map(|budget| layer(budget, report)));
    rows.extend(asked.wasted.map(|most| wasted(most, report)));
    rows.extend(asked.efficiency.map(|least| efficiency(least.0, "--min-efficiency", report)));
    if let Some((file, rules)) = &asked.dive {
        rows.extend(dive(rules, file, report));
    }
    if rows.is_empty() {
        rows.push(efficiency(DEFAULT_EFFICIENCY, "default", report));
    }
    rows
}

fn row(rule: &str, from: &str, kept: bool, limit: String, actual: String) -> Budget {
    let status = if kept { BudgetStatus::Passed } else { BudgetStatus::Failed };
    Budget { rule: rule.to_owned(), from: from.to_owned(), status, limit, actual, note: None }
}

fn size(budget: &SizeBudget, report: &AnalyzeReport) -> Budget {
    let (bytes, word) = match budget.measure {
        Measure::Unpacked => (Some(report.sizes.unpacked_bytes), "unpacked"),
        Measure::Compressed => (report.sizes.compressed_bytes, "compressed"),
        Measure::Apparent => (Some(report.sizes.apparent_bytes), "apparent"),
    };
    let limit = format!("≤ {} {word}", bound(budget.most));
    let Some(bytes) = bytes else {
        // what is not known was not kept: a gate that cannot see must not open
        let note = Some("this source stores layers uncompressed; ask of a registry or an OCI layout".to_owned());
        return Budget { note, ..row("max-size", "--max-size", false, limit, "not known".to_owned()) };
    };
    row("max-size", "--max-size", bytes <= budget.most.0, limit, exact(bytes, budget.most.0))
}

/// A bound as it was meant: no digit of it is lost.
fn bound(size: ByteSize) -> String {
    match size.0 {
        bytes if bytes >= 1_000_000 && bytes % 100_000 == 0 => size.to_string(),
        bytes if bytes >= 1_000 && bytes % 100 == 0 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        bytes => format!("{bytes} B"),
    }
}

/// The size as people read it; to the byte where rounding would hide which side of the bound it is on.
fn exact(bytes: u64, most: u64) -> String {
    let (shown, other) = (ByteSize(bytes).to_string(), ByteSize(most).to_string());
    if shown == other && bytes != most { format!("{bytes} B") } else { shown }
}

fn layer(budget: &LayerBudget, report: &AnalyzeReport) -> Budget {
    let limit = match budget.layer {
        Some(place) => format!("≤ {} in layer {place}", bound(budget.most)),
        None => format!("≤ {} a layer", bound(budget.most)),
    };
    let wanted = |index: usize| budget.layer.is_none_or(|place| place == index);
    let largest = report.layers.iter().filter(|layer| wanted(layer.index)).max_by_key(|layer| layer.unpacked_bytes);
    let Some(largest) = largest else {
        let there_is_none = budget.layer.is_none();
        return row("layer-budget", "--layer-budget", there_is_none, limit, "no such layer".to_owned());
    };
    let over = report.layers.iter().filter(|layer| wanted(layer.index) && layer.unpacked_bytes > budget.most.0);
    let over: Vec<String> = over.map(|layer| layer.index.to_string()).collect();
    let actual = format!("{} in layer {}", exact(largest.unpacked_bytes, budget.most.0), largest.index);
    let note = (over.len() > 1).then(|| format!("layers {} are over it", over.join(", ")));
    Budget { note, ..row("layer-budget", "--layer-budget", over.is_empty(), limit, actual) }
}

fn wasted(most: Amount, report: &AnalyzeReport) -> Budget {
    let wasted = report.efficiency.wasted_bytes;
    match most {
        Amount::Bytes(most) => {
            row("max-wasted", "--max-wasted", wasted <= most.0, format!("≤ {}", bound(most)), exact(wasted, most.0))
        }
        Amount::Share(Share(most)) => {
            let all = report.efficiency.total_file_bytes;
            let share = if all == 0 { 0.0 } else { wasted as f64 / all as f64 };
            let actual = format!("{} ({})", percent(share), ByteSize(wasted));
            row("max-wasted", "--max-wasted", share <= most, format!("≤ {}", percent(most)), actual)
        }
    }
}

fn efficiency(least: f64, from: &str, report: &AnalyzeReport) -> Budget {
    let score = report.efficiency.score;
    row("min-efficiency", from, score >= least, format!("≥ {}", percent(least)), percent(score))
}

fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

/// dive's rules with their bounds as they are, and jettison's counts, which are right; where dive's own count would decide
/// otherwise, that is said.
fn dive(rules: &DiveRules, file: &str, report: &AnalyzeReport) -> Vec<Budget> {
    let (figures, wasted) = (&report.dive, report.efficiency.wasted_bytes);
    let lowest = match rules.lowest_efficiency {
        Rule::Off => off("lowestEfficiency", file),
        Rule::At(least, said) => {
            let score = report.efficiency.score;
            let limit = format!("≥ {least}");
            let kept = |share: f64| share >= least;
            let note = other(figures.efficiency, kept(score), kept, |share| format!("{share:.4}"));
            Budget { note, ..row("lowestEfficiency", &origin(file, said), kept(score), limit, format!("{score:.4}")) }
        }
    };
    let bytes = match rules.highest_wasted_bytes {
        Rule::Off => off("highestWastedBytes", file),
        Rule::At(most, said) => {
            let kept = |bytes: u64| bytes <= most.0;
            let note = other(figures.wasted_bytes, kept(wasted), kept, |bytes| ByteSize(bytes).to_string());
            let actual = exact(wasted, most.0);
            Budget {
                note,
                ..row("highestWastedBytes", &origin(file, said), kept(wasted), format!("≤ {}", bound(most)), actual)
            }
        }
    };
    let user = match rules.highest_user_wasted_percent {
        Rule::Off => off("highestUserWastedPercent", file),
        Rule::At(most, said) => {
            let above = report.layers.iter().skip(1).map(|layer| layer.file_bytes).fold(0, u64::saturating_add);
            let share = (above > 0).then(|| wasted as f64 / above as f64);
            let kept = |share: f64| share <= most;
            let holds = share.is_none_or(kept);
            let note = other(figures.user_wasted_percent, holds, kept, |share| format!("{share:.4}"));
            let actual =
                share.map_or_else(|| "no files above the first layer".to_owned(), |share| format!("{share:.4}"));
            let limit = format!("≤ {most}");
            Budget { note, ..row("highestUserWastedPercent", &origin(file, said), holds, limit, actual) }
        }
    };
    vec![lowest, bytes, user]
}

fn off(rule: &str, file: &str) -> Budget {
    Budget { status: BudgetStatus::Disabled, ..row(rule, file, true, "disabled".to_owned(), String::new()) }
}

fn origin(file: &str, said: bool) -> String {
    if said { file.to_owned() } else { format!("{file} (dive's default)") }
}

/// What dive counts, if that decides otherwise.
fn other<T: Copy>(
    counted: Option<T>,
    ours: bool,
    kept: impl Fn(T) -> bool,
    shown: impl Fn(T) -> String,
) -> Option<String> {
    let theirs = counted.filter(|figure| kept(*figure) != ours)?;
    let verdict = if kept(theirs) { "pass" } else { "fail" };
    Some(format!("dive itself counts {} and would let it {verdict}", shown(theirs)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jettison_report::image::{Dive, Efficiency, ImageSizes, Layer};

    fn report() -> AnalyzeReport {
        AnalyzeReport {
            sizes: ImageSizes { unpacked_bytes: 1_000_000, apparent_bytes: 800_000, ..ImageSizes::default() },
            efficiency: Efficiency {
                score: 0.8,
                total_file_bytes: 1_000_000,
                final_bytes: 800_000,
                wasted_bytes: 200_000,
                ..Efficiency::default()
            },
            dive: Dive { efficiency: Some(0.97), wasted_bytes: Some(60_000), user_wasted_percent: None },
            layers: vec![
                Layer { index: 0, unpacked_bytes: 600_000, file_bytes: 590_000, ..Layer::default() },
                Layer { index: 1, unpacked_bytes: 400_000, file_bytes: 400_000, ..Layer::default() },
            ],
            ..AnalyzeReport::default()
        }
    }

    fn shown(asked: &Asked) -> Vec<String> {
        judge(asked, &report())
            .into_iter()
            .map(|row| {
                format!("{:?} {} {} {} ({})", row.status, row.rule, row.limit, row.actual, row.note.unwrap_or_default())
            })
            .collect()
    }

    #[test]
    fn sizes_waste_and_layers() {
        let asked = Asked {
            sizes: vec!["1MB".parse().unwrap(), "apparent=799999".parse().unwrap(), "compressed=1GB".parse().unwrap()],
            wasted: Some("19%".parse().unwrap()),
            efficiency: Some(Share(0.8)),
            layers: vec!["300k".parse().unwrap(), "1=400k".parse().unwrap(), "7=1GB".parse().unwrap()],
            dive: None,
        };
        let expected = [
            "Passed max-size ≤ 1.0 MB unpacked 1.0 MB ()",
            "Failed max-size ≤ 799999 B apparent 800000 B ()",
            "Failed max-size ≤ 1,000.0 MB compressed not known (this source stores layers uncompressed; ask of a registry or an OCI layout)",
            "Failed layer-budget ≤ 300.0 kB a layer 0.6 MB in layer 0 (layers 0, 1 are over it)",
            "Passed layer-budget ≤ 400.0 kB in layer 1 0.4 MB in layer 1 ()",
            "Failed layer-budget ≤ 1,000.0 MB in layer 7 no such layer ()",
            "Failed max-wasted ≤ 19.00 % 20.00 % (0.2 MB) ()",
            "Passed min-efficiency ≥ 80.00 % 80.00 % ()",
        ];
        assert_eq!(shown(&asked), expected);
    }

    #[test]
    fn dives_rules_are_judged_by_right_figures_and_dives_are_said_where_they_decide_otherwise() {
        let rules = DiveRules { highest_wasted_bytes: Rule::At(ByteSize(100_000), true), ..DiveRules::default() };
        let asked = Asked { dive: Some((".dive-ci".to_owned(), rules)), ..Asked::default() };
        let expected = [
            "Failed lowestEfficiency ≥ 0.9 0.8000 (dive itself counts 0.9700 and would let it pass)",
            "Failed highestWastedBytes ≤ 100.0 kB 0.2 MB (dive itself counts 0.1 MB and would let it pass)",
            "Failed highestUserWastedPercent ≤ 0.1 0.5000 ()",
        ];
        assert_eq!(shown(&asked), expected);
    }

    #[test]
    fn without_any_budget_there_is_one() {
        assert_eq!(shown(&Asked::default()), ["Failed min-efficiency ≥ 90.00 % 80.00 % ()"]);
    }
}
