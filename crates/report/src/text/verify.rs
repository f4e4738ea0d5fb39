//! The report of `jettison verify`: every claim, what failed in full, and the sum.

use crate::VerifyReport;
use crate::text::optimize::wrapped;
use crate::text::proof::duration;
use crate::text::style::{Paint, Style, harmless};
use crate::text::table::width;

/// The whole report.
pub fn verify(report: &VerifyReport, style: &Style) -> String {
    let names = report.claims.iter().map(|claim| width(&claim.name)).max().unwrap_or(0).min(34);
    let mut text = format!("   {}\n", style.paint(Paint::Strong, &harmless(&report.proof_file)));
    for claim in &report.claims {
        let (sign, paint) = if claim.passed { ("✓", Paint::Plain) } else { ("✗", Paint::Bad) };
        let name = harmless(&claim.name);
        let head = format!("   {sign} {name}{}   ", " ".repeat(names.saturating_sub(width(&name))));
        text.push_str(&wrapped(&head, &" ".repeat(names + 8), &harmless(&claim.detail), paint, style));
    }
    for warning in &report.warnings {
        text.push_str(&wrapped("   warning: ", "            ", &harmless(warning), Paint::Plain, style));
    }
    text.push('\n');
    text.push_str(&sum(report, style));
    style.signs(&text)
}

fn sum(report: &VerifyReport, style: &Style) -> String {
    let all = report.claims.len();
    let failed: Vec<String> =
        report.claims.iter().filter(|claim| !claim.passed).map(|claim| harmless(&claim.name)).collect();
    let engine =
        report.engine.as_ref().map_or(String::new(), |engine| format!(" · {} {}", engine.name, engine.version));
    let level = format!("level {} of 5", report.proof.level);
    let took = duration(report.elapsed_seconds);
    let (paint, answer) = match (report.holds, failed.len()) {
        (true, _) => (Paint::Good, format!("the proof holds: {all} of {all} claims, {level}")),
        (false, 0) => (Paint::Bad, format!("the proof does not hold: {level}")),
        (false, count) => {
            let fail = if count == 1 { "fails" } else { "fail" };
            (Paint::Bad, format!("the proof does not hold: {count} of {all} claims {fail} ({})", failed.join(", ")))
        }
    };
    let mut text = wrapped("   ", "   ", &answer, paint, style);
    text.push_str(&format!("   {}\n", style.paint(Paint::Dim, &harmless(&format!("{took}{engine}")))));
    text
}
