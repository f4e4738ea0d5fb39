//! `analyze --ci`: what was asked, what is, pass or fail.

use super::cells::title;
use crate::text::style::{Paint, Style, harmless};
use crate::text::table::{Cell, Cut, fitted};
use crate::text::wrap;
use crate::{Budget, BudgetStatus};

/// The table, and in one line how it ends; empty if nothing was asked.
pub fn budgets(budgets: &[Budget], style: &Style) -> String {
    if budgets.is_empty() {
        return String::new();
    }
    let mut rows = vec![vec![title(""), title("budget"), title("asked"), title("is"), title("from")]];
    for budget in budgets {
        let (sign, paint) = sign(budget.status);
        rows.push(vec![
            Cell::left(sign).painted(paint),
            Cell::left(harmless(&budget.rule)),
            Cell::left(harmless(&budget.limit)),
            Cell::left(harmless(&budget.actual)),
            Cell::left(harmless(&budget.from)).painted(Paint::Dim),
        ]);
    }
    let mut text = fitted(&rows, 4, Cut::Middle, style);
    for note in budgets.iter().filter_map(|budget| budget.note.as_ref().map(|note| format!("{}: {note}", budget.rule)))
    {
        let room = style.columns().saturating_sub(6);
        for line in wrap(&harmless(&note), room, room) {
            text.push_str(&format!("     {}\n", style.paint(Paint::Dim, &style.signs(&line))));
        }
    }
    text.push_str(&sum(budgets, style));
    text
}

fn sign(status: BudgetStatus) -> (&'static str, Paint) {
    match status {
        BudgetStatus::Passed => ("✓", Paint::Good),
        BudgetStatus::Failed => ("✗", Paint::Bad),
        BudgetStatus::Disabled => ("–", Paint::Dim),
    }
}

fn sum(budgets: &[Budget], style: &Style) -> String {
    let with = |status| budgets.iter().filter(|budget| budget.status == status).count();
    let (passed, failed) = (with(BudgetStatus::Passed), with(BudgetStatus::Failed));
    let (paint, text) = match (passed, failed) {
        (_, 0) => (Paint::Good, format!("passed: {passed} of {passed}")),
        _ => (Paint::Bad, format!("failed: {failed} of {}", passed + failed)),
    };
    format!("   {}\n", style.paint(paint, &text))
}
