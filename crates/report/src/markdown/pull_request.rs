//! The text of a pull request about an optimised Dockerfile: before and after, what changes and why, what is proven, what could go
//! wrong, and how to go back.

use jettison_model::ByteSize;

use super::{code, folded, maybe_size, plain, table};
use crate::{Evidence, OptimizeReport, Outcome, Side, Status, Transform};

/// Characters of a fence: no line of a diff begins with so many.
const FENCE: &str = "``````";

/// The body, title line first.
pub fn pull_request(report: &OptimizeReport) -> String {
    let parts = [
        format!("# {}\n", title(report)),
        numbers(report),
        changes(report),
        proof(report),
        risks(report),
        rollback(report),
        diffs(report),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// One line that says what there is to gain.
fn title(report: &OptimizeReport) -> String {
    let size = |side: &Option<Side>| side.as_ref().and_then(|side| side.unpacked_bytes);
    let name = plain(&report.dockerfile);
    match (size(&report.baseline), size(&report.result)) {
        (Some(before), Some(after)) if after < before => {
            format!("{name}: {} → {}", ByteSize(before), ByteSize(after))
        }
        _ => format!("{name}: optimised"),
    }
}

fn numbers(report: &OptimizeReport) -> String {
    let (Some(before), Some(after)) = (&report.baseline, &report.result) else { return String::new() };
    let bytes = |name: &str, of: fn(&Side) -> Option<u64>| {
        row(name, maybe_size(of(before), before.evidence), maybe_size(of(after), after.evidence))
    };
    let seconds = |name: &str, of: fn(&Side) -> Option<f64>| {
        let show = |side: &Side| of(side).map_or_else(|| "–".to_owned(), |seconds| format!("{seconds:.1} s"));
        row(name, show(before), show(after))
    };
    let user = |side: &Side| match side.user.as_deref() {
        None => "–".to_owned(),
        Some("") => "root".to_owned(),
        Some(user) => plain(user),
    };
    let rows = [
        bytes("image, unpacked", |side| side.unpacked_bytes),
        bytes("image, compressed", |side| side.compressed_bytes),
        bytes("build context", |side| side.context_bytes),
        seconds("rebuild after an edit", |side| side.warm_build_seconds),
        seconds("build without a cache", |side| side.cold_build_seconds),
        row("user", user(before), user(after)),
        row("secrets in layers", before.secrets_found.len().to_string(), after.secrets_found.len().to_string()),
    ];
    let known: Vec<Vec<String>> = rows.into_iter().filter(|row| row[1..].iter().any(|cell| cell != "–")).collect();
    table(&["", "before", "after"], &[false, true, true], &known)
}

fn row(name: &str, before: String, after: String) -> Vec<String> {
    vec![name.to_owned(), before, after]
}

fn of_status(report: &OptimizeReport, status: Status) -> impl Iterator<Item = &Transform> {
    report.transforms.iter().filter(move |step| step.status == status)
}

fn changes(report: &OptimizeReport) -> String {
    let mut text = "## What changes\n\n".to_owned();
    for step in of_status(report, Status::Applied) {
        let saved = step.measured.or(step.estimate).and_then(|gain| Some((gain.bytes?, gain.evidence)));
        let saved = saved.filter(|(bytes, _)| *bytes < 0).map(|(bytes, evidence)| {
            let mark = if evidence == Evidence::Measured { "" } else { "~" };
            format!(" ({mark}−{})", ByteSize(bytes.unsigned_abs()))
        });
        text.push_str(&format!("- **{}**{}: {}\n", plain(&step.title), saved.unwrap_or_default(), plain(&step.reason)));
    }
    text
}

fn proof(report: &OptimizeReport) -> String {
    let mut text = "## What is proven\n\n".to_owned();
    if report.outcome == Outcome::PlanOnly {
        text.push_str("Nothing: this is a plan, and nothing was built or run.\n");
        return text;
    }
    let verdict = if report.proof.verified { "verified" } else { "**not verified**" };
    text.push_str(&format!(
        "Both sides were built and run; {verdict}, level {} of 5 (needed: {}).\n\n",
        report.proof.level, report.proof.required_level
    ));
    for check in &report.proof.checks {
        let sign = if check.passed { "x" } else { " " };
        text.push_str(&format!("- [{sign}] {}: {}\n", plain(&check.name), plain(&check.detail)));
    }
    text
}

fn risks(report: &OptimizeReport) -> String {
    let mut text = "## Risks\n\n".to_owned();
    text.extend(report.proof.not_checked.iter().map(|what| format!("- not checked: {}\n", plain(what))));
    text.extend(
        of_status(report, Status::Dropped).map(|step| {
            format!("- left out, the proof convicted it: {} ({})\n", plain(&step.title), plain(&step.reason))
        }),
    );
    text.extend(report.warnings.iter().map(|warning| format!("- {}\n", plain(warning))));
    if text.ends_with("\n\n") {
        text.push_str("- none beyond what any new image has\n");
    }
    text
}

fn rollback(report: &OptimizeReport) -> String {
    let mut text = "## Going back\n\n".to_owned();
    text.push_str("Revert this change and build again; nothing else is touched.");
    if let Some(digest) = report.baseline.as_ref().and_then(|side| side.image_digest.as_deref()) {
        text.push_str(&format!(" The image before it was {}.", code(digest)));
    }
    text.push_str(
        " First to look at after the roll-out: start-up time, restarts, and the first log lines of a container.\n",
    );
    text
}

fn diffs(report: &OptimizeReport) -> String {
    let body: String = report.files.iter().map(|file| format!("{FENCE}diff\n{}{FENCE}\n", file.diff)).collect();
    if body.is_empty() { body } else { folded("The change", &body) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FileChange, Proof};

    fn report() -> OptimizeReport {
        let side = |bytes| Some(Side { unpacked_bytes: Some(bytes), user: Some(String::new()), ..Side::default() });
        let step = |title: &str, status| Transform {
            id: "x".to_owned(),
            part: None,
            title: title.to_owned(),
            status,
            reason: "@everybody <b>".to_owned(),
            place: None,
            estimate: None,
            measured: None,
        };
        OptimizeReport {
            dockerfile: "Dockerfile".to_owned(),
            outcome: Outcome::Verified,
            baseline: side(1_000_000_000),
            result: side(50_000_000),
            proof: Proof { level: 4, verified: true, not_checked: vec!["outbound calls".into()], ..Proof::default() },
            transforms: vec![step("slim base", Status::Applied), step("bare base", Status::Dropped)],
            files: vec![FileChange { diff: "--- a\n+++ b\n".to_owned(), ..FileChange::default() }],
            ..OptimizeReport::default()
        }
    }

    #[test]
    fn the_text_says_what_changes_what_is_open_and_how_to_go_back() {
        let text = pull_request(&report());
        for part in ["# Dockerfile: 1,000.0 MB → 50.0 MB", "slim base", "level 4 of 5", "not checked: outbound calls"]
        {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(text.contains("the proof convicted it: bare base") && text.contains("## Going back"), "{text}");
        assert!(text.contains("--- a\n+++ b\n"), "{text}");
    }

    #[test]
    fn names_from_files_are_no_markup() {
        let text = pull_request(&report());
        assert!(!text.contains("@everybody") && !text.contains("<b>"), "{text}");
    }

    #[test]
    fn a_plan_is_not_called_a_proof() {
        let text = pull_request(&OptimizeReport { outcome: Outcome::PlanOnly, ..report() });
        assert!(text.contains("nothing was built or run") && !text.contains("level 4"), "{text}");
    }
}
