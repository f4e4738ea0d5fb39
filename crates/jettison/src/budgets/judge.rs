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
    let limit = format!("≤ {} {word}", budget.most);
    let Some(bytes) = bytes else {
        // what is not known was not kept: a gate that cannot see must not open
        let note = Some("this source stores layers uncompressed; ask of a registry or an OCI layout".to_owned());
        return Budget { note, ..row("max-size", "--max-size", false, limit, "not known".to_owned()) };
    };
    row("max-size", "--max-size", bytes <= budget.most.0, limit, exact(bytes, budget.most.0))
}

/// The size as people read it; to the byte where rounding would hide which side of the bound it is on.
fn exact(bytes: u64, bound: u64) -> String {
    let (shown, other) = (ByteSize(bytes).to_string(), ByteSize(bound).to_string());
    if shown == other && bytes != bound { format!("{bytes} B") } else { shown }
}

fn layer(budget: &LayerBudget, report: &AnalyzeReport) -> Budget {
    let limit = match budget.layer {
        Some(place) => format!("≤ {} in layer {place}", budget.most),
        None => format!("≤ {} a layer", budget.most),
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
            row("max-wasted", "--max-wasted", wasted <= most.0, format!("≤ {most}"), exact(wasted, most.0))
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

/// dive's rules are judged by dive's own figures: that is what their bounds were chosen for.
fn dive(rules: &DiveRules, file: &str, report: &AnalyzeReport) -> Vec<Budget> {
    let figures = &report.dive;
    let origin = |said: bool| if said { file.to_owned() } else { format!("{file} (dive's default)") };
    let off = |rule: &str| Budget {
        status: BudgetStatus::Disabled,
        ..row(rule, file, true, "disabled".to_owned(), String::new())
    };
    let ours = |note: String| Some(note);
    let lowest = match rules.lowest_efficiency {
        Rule::Off => off("lowestEfficiency"),
        Rule::At(least, said) => {
            let score = report.efficiency.score;
            let (is, note) = match figures.efficiency {
                Some(efficiency) if (efficiency >= least) == (score >= least) => (efficiency, None),
                Some(efficiency) => {
                    (efficiency, ours(format!("by dive's count; jettison's score is {}", percent(score))))
                }
                None => (score, ours("dive gives no answer here; this is jettison's score".to_owned())),
            };
            Budget {
                note,
                ..row("lowestEfficiency", &origin(said), is >= least, format!("≥ {least}"), format!("{is:.4}"))
            }
        }
    };
    let bytes = match rules.highest_wasted_bytes {
        Rule::Off => off("highestWastedBytes"),
        Rule::At(most, said) => {
            let wasted = report.efficiency.wasted_bytes;
            let is = figures.wasted_bytes.unwrap_or(wasted);
            let apart = (is <= most.0) != (wasted <= most.0);
            let note = apart.then(|| format!("by dive's count; jettison counts {} wasted", ByteSize(wasted)));
            let limit = format!("≤ {most}");
            Budget { note, ..row("highestWastedBytes", &origin(said), is <= most.0, limit, exact(is, most.0)) }
        }
    };
    let user = match rules.highest_user_wasted_percent {
        Rule::Off => off("highestUserWastedPercent"),
        Rule::At(most, said) => {
            let is = figures.user_wasted_percent;
            let actual = is.map_or_else(|| "no layer above the first".to_owned(), |share| format!("{share:.4}"));
            let kept = is.is_none_or(|share| share <= most);
            row("highestUserWastedPercent", &origin(said), kept, format!("≤ {most}"), actual)
        }
    };
    vec![lowest, bytes, user]
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
                Layer { index: 0, unpacked_bytes: 600_000, ..Layer::default() },
                Layer { index: 1, unpacked_bytes: 400_000, ..Layer::default() },
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
            "Failed max-size ≤ 0.8 MB apparent 800000 B ()",
            "Failed max-size ≤ 1,000.0 MB compressed not known (this source stores layers uncompressed; ask of a registry or an OCI layout)",
            "Failed layer-budget ≤ 0.3 MB a layer 0.6 MB in layer 0 (layers 0, 1 are over it)",
            "Passed layer-budget ≤ 0.4 MB in layer 1 0.4 MB in layer 1 ()",
            "Failed layer-budget ≤ 1,000.0 MB in layer 7 no such layer ()",
            "Failed max-wasted ≤ 19.00 % 20.00 % (0.2 MB) ()",
            "Passed min-efficiency ≥ 80.00 % 80.00 % ()",
        ];
        assert_eq!(shown(&asked), expected);
    }

    #[test]
    fn dives_rules_are_judged_by_dives_figures_and_ours_are_said_where_they_differ() {
        let rules = DiveRules { highest_wasted_bytes: Rule::At(ByteSize(100_000), true), ..DiveRules::default() };
        let asked = Asked { dive: Some((".dive-ci".to_owned(), rules)), ..Asked::default() };
        let expected = [
            "Passed lowestEfficiency ≥ 0.9 0.9700 (by dive's count; jettison's score is 80.00 %)",
            "Passed highestWastedBytes ≤ 0.1 MB 0.1 MB (by dive's count; jettison counts 0.2 MB wasted)",
            "Passed highestUserWastedPercent ≤ 0.1 no layer above the first ()",
        ];
        assert_eq!(shown(&asked), expected.map(|text| text.replace("MB 0.1 MB", "MB 60000 B")));
    }

    #[test]
    fn without_any_budget_there_is_one() {
        assert_eq!(shown(&Asked::default()), ["Failed min-efficiency ≥ 90.00 % 80.00 % ()"]);
    }
}
