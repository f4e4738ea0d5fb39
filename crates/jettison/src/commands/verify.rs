//! `jettison verify`: rebuild both sides from the proof file's inputs and check every claim again.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jettison_engine::process;
use jettison_optimize::{Baseline, Measurements, Prover, Verdict, required_level};
use jettison_plan::{Files, Obligation};
use jettison_report::{self as report, Claim, ProofFile, ProofSide, VerifyReport, json, text};
use jettison_verify::BuildOptions;

use super::proven::{self, PROOF_NAME};
use super::session::{Session, build_args, unless_interrupted};
use crate::cli::VerifyArgs;
use crate::convert;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::input::reason;
use crate::output::{self, shown};
use crate::terminal::{Progress, stdout_style};

/// Sizes may move by this share when packages or bases have moved on.
const TOLERANCE: f64 = 0.02;

/// Runs the command; its exit code.
pub fn run(args: &VerifyArgs, quiet: bool, verbose: bool, environment: &Environment) -> Result<u8, Failure> {
    let started = Instant::now();
    let progress = Arc::new(Progress::new(environment, quiet, verbose));
    let path = args.proof.clone().unwrap_or_else(|| args.context.join(PROOF_NAME));
    let bytes = std::fs::read(&path).map_err(|error| {
        Failure::new(format!("{}: {}", shown(&path), reason(&error)))
            .next("jettison optimize --write makes one, or --proof FILE")
    })?;
    let proof = ProofFile::parse(&bytes).map_err(|error| {
        Failure::new(error.to_string()).at(shown(&path)).next("jettison optimize --write makes a new one")
    })?;
    let (before, after) = (files(&proof.before, &path)?, files(&proof.after, &path)?);
    let session = Session::start(args.engine, environment, &progress)?;
    let mut build = build_options(args, &proof)?;
    build.secrets = session.secrets(&args.secret, &build.build_args)?;
    let mut options = session.options(
        &args.context,
        before.dockerfile.clone(),
        before.ignore.clone(),
        build,
        args.build_time_limit,
    )?;
    options.smoke = args.smoke.clone().or_else(|| proof.smoke.clone());
    let mut verifier = session.verifier(options, &progress);
    let info = session.engine.info().clone();
    let failed =
        |error| Failure::from_proof(unless_interrupted(error), &info.name, &proof.dockerfile, &shown(&args.context));
    let baseline = verifier.baseline().map_err(failed)?;
    let obligations = obligations(&proof);
    let (measured, verdict) = verifier.measure("result", &after, &obligations).map_err(failed)?;
    progress.begin("engine", "removing what was made");
    drop(verifier);
    let warnings: Vec<String> = session.engine.warnings().into_iter().chain(session.finish()).collect();
    if process::interrupted() {
        return Err(Failure::interrupted());
    }
    let mut report = document(args, &proof, &path, &baseline, &measured, &verdict, &obligations);
    report.engine = Some(report::Engine { name: info.name.clone(), version: info.version.clone() });
    report.warnings.extend(warnings);
    report.elapsed_seconds = started.elapsed().as_secs_f64();
    progress.end();
    let style = stdout_style(environment);
    let plain = text::Style { color: false, ..style };
    output::write(&args.format, &|terminal| text::verify(&report, if terminal { &style } else { &plain }), &|| {
        json::pretty(&report)
    })?;
    Ok(if report.holds { 0 } else { 1 })
}

fn files(side: &ProofSide, path: &Path) -> Result<Files, Failure> {
    let broken = || Failure::new("the proof file's copy of a file does not match its digest").at(shown(path));
    let dockerfile = side.dockerfile.bytes().ok_or_else(broken)?;
    let ignore = match &side.ignore {
        Some(content) => Some(content.bytes().ok_or_else(broken)?),
        None => None,
    };
    let same = crate::files::sha256(&dockerfile) == side.dockerfile_sha256
        && ignore.as_ref().map(|bytes| crate::files::sha256(bytes)) == side.ignore_sha256;
    if same { Ok(Files { dockerfile, ignore }) } else { Err(broken()) }
}

/// What was given then; values that were left out of the proof must be given again.
fn build_options(args: &VerifyArgs, proof: &ProofFile) -> Result<BuildOptions, Failure> {
    let given = build_args(&args.build_arg);
    let mut all = Vec::new();
    for arg in &proof.inputs.build_args {
        let again = given.iter().find(|(name, _)| *name == arg.name).and_then(|(_, value)| value.clone());
        match again.or_else(|| arg.value.clone()) {
            Some(value) => all.push((arg.name.clone(), Some(value))),
            None => {
                let what =
                    format!("the proof was made with the build argument {}, whose value it does not hold", arg.name);
                return Err(Failure::new(what).next(format!("give it again: --build-arg {}=…", arg.name)));
            }
        }
    }
    Ok(BuildOptions {
        target: proof.inputs.target.clone(),
        build_args: all,
        build_contexts: args.build_context.clone(),
        secrets: args.secret.clone(),
        ssh: args.ssh.clone(),
        platform: proof.inputs.platform.clone(),
        builder: None,
    })
}

/// What every optimized image must show, whatever was done to it.
fn obligations(proof: &ProofFile) -> Vec<Obligation> {
    let mut all = vec![Obligation::Builds, Obligation::SameBehaviour { answers: true }];
    if proof.after.numbers.secrets_found.is_empty() {
        all.push(Obligation::NoSecretInLayers);
    }
    if proof.after.numbers.user.as_deref().is_some_and(|user| !matches!(user, "" | "root" | "0" | "0:0")) {
        all.push(Obligation::NonRoot);
    }
    all
}

fn document(
    args: &VerifyArgs,
    proof: &ProofFile,
    path: &Path,
    baseline: &Baseline,
    measured: &Measurements,
    verdict: &Verdict,
    obligations: &[Obligation],
) -> VerifyReport {
    let (before, after) = (convert::side(&baseline.measurements), convert::side(measured));
    let mut claims = vec![
        size_claim("image before, unpacked", proof.before.numbers.unpacked_bytes, before.unpacked_bytes),
        size_claim("image after, unpacked", proof.after.numbers.unpacked_bytes, after.unpacked_bytes),
        same_claim("user", proof.after.numbers.user.as_deref().unwrap_or(""), &measured.user),
        level_claim(proof.proof.level, verdict.level),
        fewer_claim("secrets in layers", proof.after.numbers.secrets_found.len(), after.secrets_found.len()),
    ];
    claims.extend(verdict.checks.iter().map(|check| Claim {
        name: check.name.clone(),
        passed: check.passed,
        detail: check.detail.clone(),
    }));
    let holds = verdict.holds && claims.iter().all(|claim| claim.passed);
    let required = required_level(baseline, obligations);
    let verified = holds && verdict.level >= required;
    let mut warnings = Vec::new();
    if proven::same_context(&args.context, proof) == Some(false) {
        warnings.push(
            "the context is not the one that the proof was made on; the claims are checked on what is there now"
                .to_owned(),
        );
    }
    VerifyReport {
        jettison_version: env!("CARGO_PKG_VERSION").to_owned(),
        context: shown(&args.context),
        proof_file: shown(path),
        holds,
        claims,
        before: Some(before),
        after: Some(after),
        proof: convert::proof(Some(verdict), required, verified, &baseline.not_checked),
        warnings,
        ..VerifyReport::default()
    }
}

fn size_claim(name: &str, recorded: Option<u64>, now: Option<u64>) -> Claim {
    let (Some(recorded), Some(now)) = (recorded, now) else {
        return Claim { name: name.to_owned(), passed: recorded.is_none(), detail: "not recorded".to_owned() };
    };
    let size = jettison_model::ByteSize;
    let passed = (now as f64 - recorded as f64).abs() <= recorded as f64 * TOLERANCE;
    let detail =
        if recorded == now { size(now).to_string() } else { format!("{} recorded, {} now", size(recorded), size(now)) };
    Claim { name: name.to_owned(), passed, detail }
}

fn same_claim(name: &str, recorded: &str, now: &str) -> Claim {
    let word = |text: &str| if text.is_empty() { "root".to_owned() } else { text.to_owned() };
    let detail = if recorded == now { word(now) } else { format!("{} recorded, {} now", word(recorded), word(now)) };
    Claim { name: name.to_owned(), passed: recorded == now, detail }
}

fn level_claim(recorded: u8, now: u8) -> Claim {
    Claim { name: "level".to_owned(), passed: now >= recorded, detail: format!("{recorded} recorded, {now} now") }
}

fn fewer_claim(name: &str, recorded: usize, now: usize) -> Claim {
    Claim { name: name.to_owned(), passed: now <= recorded, detail: format!("{recorded} recorded, {now} now") }
}
