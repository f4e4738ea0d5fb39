//! `analyze --ci`: budgets kept and not kept, dive's rules as they are.

use crate::program::{Ran, run};
use crate::{assert_text, place};

fn judged(arguments: &str, dive: Option<&str>) -> Ran {
    let place = place();
    let place = match dive {
        Some(rules) => place.with(".dive-ci", rules),
        None => place,
    };
    run(&mut place.jettison(&format!("analyze shop.tar --quiet {arguments}")))
}

/// The table of the budgets.
fn table(ran: &Ran) -> Ran {
    let from = ran.stdout.rfind("   budget ").map_or(0, |at| ran.stdout[..at].rfind('\n').map_or(0, |line| line + 1));
    Ran { code: ran.code, stdout: ran.stdout[from..].to_owned(), stderr: ran.stderr.clone() }
}

#[test]
fn budgets_that_are_kept_and_one_that_is_not() {
    let ran = judged(
        "--max-size 1MB --max-size compressed=10kB --max-wasted 30% --min-efficiency 0.5 --layer-budget 1=50kB",
        None,
    );
    assert_text!(table(&ran));
}

#[test]
fn without_a_budget_there_is_one() {
    assert_text!(table(&judged("--ci", None)));
}

#[test]
fn without_ci_nothing_is_judged() {
    let ran = judged("", Some("rules:\n  lowestEfficiency: 1.0\n"));
    assert_eq!(ran.code, Some(0));
    assert!(!ran.stdout.contains("lowestEfficiency"), "{}", ran.stdout);
}

#[test]
fn dives_rules_are_read_as_they_are() {
    let rules = "rules:\n  lowestEfficiency: 0.99\n  highestWastedBytes: 1KB\n  highestUserWastedPercent: disabled\n";
    assert_text!(table(&judged("--ci", Some(rules))));
}

#[test]
fn rules_that_cannot_be_read_are_no_verdict() {
    let ran = judged("--ci", Some("rules:\n  lowestEfficiency: high\n"));
    assert_eq!(ran.code, Some(2));
    assert_eq!(ran.stderr, "error: .dive-ci: `lowestEfficiency: high` is no bound\n");
    assert_eq!(judged("--dive-ci nowhere.yaml", None).code, Some(2));
    assert_eq!(judged("--max-size large", None).code, Some(2));
}

#[test]
fn the_document_has_every_budget() {
    let ran = judged("--max-size 1kB --format json", None);
    assert_eq!(ran.code, Some(1));
    let document = crate::schema::checked(&ran.stdout, "analyze.schema.json");
    assert_eq!(document["budgets"][0]["rule"], "max-size");
    assert_eq!(document["budgets"][0]["status"], "failed");
}
