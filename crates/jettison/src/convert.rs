//! From what the search and the plan say to the documents of `report`: names only, no decisions.

use jettison_optimize::{Ending, Measurements, Verdict};
use jettison_plan::{Files, Status, StepReport};
use jettison_report as report;

/// One side's numbers.
pub fn side(numbers: &Measurements) -> report::Side {
    let found = |pairs: &[(String, String)]| {
        pairs.iter().map(|(path, pattern)| report::Found { path: path.clone(), pattern: pattern.clone() }).collect()
    };
    report::Side {
        evidence: report::Evidence::Measured,
        image_digest: Some(numbers.image_id.clone()).filter(|id| !id.is_empty()),
        apparent_bytes: Some(numbers.sizes.apparent),
        unpacked_bytes: Some(numbers.sizes.unpacked),
        compressed_bytes: Some(numbers.sizes.compressed),
        layers: Some(numbers.layers as u64),
        context_bytes: Some(numbers.context_bytes),
        context_files: Some(numbers.context_files as u64),
        cold_build_seconds: numbers.cold_build_seconds,
        warm_build_seconds: numbers.warm_build_seconds,
        warm_steps_executed: numbers.warm_executed.map(|steps| steps as u64),
        warm_edit_path: numbers.warm_edit.as_ref().map(|(path, _)| path.clone()),
        user: Some(numbers.user.clone()),
        ports: numbers.ports.clone(),
        secrets_found: found(&numbers.secrets),
        junk: found(&numbers.junk),
        junk_bytes: numbers.junk_bytes,
    }
}

/// One step; `measured` are unpacked bytes, where two builds differ by just this step.
pub fn transform(step: &StepReport, measured: Option<i64>) -> report::Transform {
    let measured = measured.map(|bytes| report::Estimate {
        bytes: Some(bytes),
        seconds: None,
        evidence: report::Evidence::Measured,
    });
    report::Transform {
        id: step.step.id.clone(),
        part: step.step.part.clone(),
        title: step.title.clone(),
        status: status(step.status),
        reason: step.reason.clone(),
        place: step.place.clone().map(|(path, line)| report::Place { path, line }),
        estimate: step.estimate.map(Into::into),
        measured,
    }
}

fn status(status: Status) -> report::Status {
    match status {
        Status::Applied => report::Status::Applied,
        Status::Dropped => report::Status::Dropped,
        Status::Refused => report::Status::Refused,
        Status::NotApplicable => report::Status::NotApplicable,
    }
}

/// How it ended.
pub fn outcome(ending: Ending) -> report::Outcome {
    match ending {
        Ending::Verified => report::Outcome::Verified,
        Ending::Unverified => report::Outcome::Unverified,
        Ending::NothingToGain => report::Outcome::NothingToGain,
        Ending::NothingProven => report::Outcome::NothingProven,
    }
}

/// What was proven.
pub fn proof(verdict: Option<&Verdict>, required_level: u8, verified: bool, not_checked: &[String]) -> report::Proof {
    let checks = verdict.map(|verdict| verdict.checks.as_slice()).unwrap_or_default();
    report::Proof {
        level: verdict.map_or(0, |verdict| verdict.level),
        required_level,
        verified,
        checks: checks
            .iter()
            .map(|check| report::Check { name: check.name.clone(), passed: check.passed, detail: check.detail.clone() })
            .collect(),
        not_checked: not_checked.to_vec(),
    }
}

/// The files that differ.
pub fn changes(dockerfile: &str, ignore: &str, before: &Files, after: &Files) -> Vec<report::FileChange> {
    let pairs = [
        (dockerfile, Some(&before.dockerfile), Some(&after.dockerfile)),
        (ignore, before.ignore.as_ref(), after.ignore.as_ref()),
    ];
    let changed = pairs.into_iter().filter(|(_, before, after)| before != after);
    changed
        .filter_map(|(path, before, after)| {
            let after = after?;
            Some(report::FileChange {
                path: path.to_owned(),
                before_sha256: before.map(|bytes| crate::files::sha256(bytes)),
                after_sha256: crate::files::sha256(after),
                diff: report::diff::unified(path, before.map(Vec::as_slice), after),
            })
        })
        .collect()
}

/// One side of the proof file.
pub fn proof_side(files: &Files, numbers: report::Side) -> report::ProofSide {
    report::ProofSide {
        dockerfile_sha256: crate::files::sha256(&files.dockerfile),
        dockerfile: report::Content::of(&files.dockerfile),
        ignore_sha256: files.ignore.as_ref().map(|bytes| crate::files::sha256(bytes)),
        ignore: files.ignore.as_ref().map(|bytes| report::Content::of(bytes)),
        numbers,
    }
}
