//! `jettison optimize`: the main job. Joins the rooms: input → baseline → plan → search → report → files.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use jettison_engine::process;
use jettison_facts::{Options, World};
use jettison_optimize::{Bounds, Ending, Outcome, ProveError, obligations_of, optimize, required_level};
use jettison_plan::{Files, Status, propose};
use jettison_report::{self as report, OptimizeReport, ProofFile, json, text};
use jettison_verify::BuildOptions;

use super::session::{Session, build_args, unless_interrupted};
use super::telling::{Teller, read_line};
use super::{policy, proven, pull_request};
use crate::cli::OptimizeArgs;
use crate::convert;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::files::{Change, Journal, put};
use crate::images;
use crate::input::{self, Input};
use crate::output::{self, shown};
use crate::targets;
use crate::terminal::{Progress, stdout_style};
use crate::world::LiveWorld;

/// Runs the command; its exit code.
pub fn run(args: &OptimizeArgs, quiet: bool, verbose: bool, environment: &Environment) -> Result<u8, Failure> {
    let started = Instant::now();
    let progress = Arc::new(Progress::new(environment, quiet, verbose));
    let from_file = targets::arguments(args)?;
    let args = from_file.as_ref().unwrap_or(args);
    let dockerfile = input::locate(&args.context, args.file.first().map(PathBuf::as_path))?;
    let journal = Journal::of(&environment.state, &dockerfile);
    if args.undo {
        return undo(&journal);
    }
    let mut input = match args.inline() {
        Some(text) => input::read_inline(&args.context, text)?,
        None => input::read(&args.context, dockerfile)?,
    };
    let finished = journal.finish()?;
    if !finished.is_empty() {
        let names: Vec<String> = finished.iter().map(|path| shown(path)).collect();
        return Err(Failure::new(format!(
            "an earlier --write was interrupted; its last file is written now: {}",
            names.join(", ")
        ))
        .next("look at it, then run the same command again, or --undo"));
    }
    if let Some(from) = &args.from_file {
        progress.good("target", &from.note);
        input.warnings.extend(from.warnings.iter().cloned());
    }
    progress.good("read", &read_line(&input));
    let mut report = if args.no_verify {
        plan_only(args, &input, environment)?
    } else {
        search(args, &input, environment, &progress, &journal)?
    };
    report.elapsed_seconds = started.elapsed().as_secs_f64();
    if let Some(folder) = &args.pr {
        report.written.extend(pull_request::write(folder, &report)?);
    }
    progress.end();
    let style = stdout_style(environment);
    if args.diff {
        let diffs: String = report.files.iter().map(|file| file.diff.as_str()).collect();
        output::stdout(&diffs)?;
    } else {
        let plain = text::Style { color: false, ..style };
        output::write(
            &args.format,
            &|terminal| text::optimize(&report, if terminal { &style } else { &plain }),
            &|| json::pretty(&report),
        )?;
    }
    Ok(if policy::is_unmet(&report.warnings) { 1 } else { exit_code(report.outcome) })
}

fn exit_code(outcome: report::Outcome) -> u8 {
    match outcome {
        report::Outcome::Verified | report::Outcome::NothingToGain | report::Outcome::PlanOnly => 0,
        report::Outcome::Unverified | report::Outcome::NothingProven => 1,
    }
}

fn undo(journal: &Journal) -> Result<u8, Failure> {
    let restored = journal.undo()?;
    let lines: String = restored.iter().map(|path| format!("restored {}\n", shown(path))).collect();
    output::stdout(&lines)?;
    Ok(0)
}

fn plan_input(args: &OptimizeArgs, input: &Input, mounts: bool, arch: &str) -> Result<jettison_plan::Input, Failure> {
    let given = build_args(&args.build_arg).into_iter().filter_map(|(name, value)| Some((name, value?)));
    Ok(jettison_plan::Input {
        dockerfile: input.dockerfile.clone(),
        ignore: input.ignore.clone(),
        dockerfile_name: input.dockerfile_name.clone(),
        ignore_name: input.ignore_name.clone(),
        mounts,
        pin: args.pin,
        policy: policy::read(args.policy.as_deref())?,
        options: Options { target: args.target.clone(), build_args: given.collect(), arch: arch.to_owned() },
    })
}

/// `--no-verify`: what the files alone say.
fn plan_only(args: &OptimizeArgs, input: &Input, environment: &Environment) -> Result<OptimizeReport, Failure> {
    let world = LiveWorld::new(&input.snapshot, None, images::registry(environment), Box::new(|_| {}));
    let arch = args.platform.as_ref().map_or("amd64", |platform| platform.arch.as_str());
    let plan_input = plan_input(args, input, true, arch)?;
    let proposal = propose(&plan_input, &world, &Default::default());
    let before = Files { dockerfile: plan_input.dockerfile.clone(), ignore: plan_input.ignore.clone() };
    let mut report = skeleton(args, input);
    // what is refused for want of a build may well be a gain
    let open = proposal.steps.iter().any(|step| step.status == Status::Refused);
    let closed = proposal.files == before && !open;
    report.outcome = if closed { report::Outcome::NothingToGain } else { report::Outcome::PlanOnly };
    let context = |bytes, files| report::Side {
        context_bytes: Some(bytes),
        context_files: Some(files),
        ..report::Side::default()
    };
    report.baseline = Some(context(input.snapshot.kept_bytes(), input.snapshot.kept_files() as u64));
    if proposal.files != before {
        let (bytes, files) = sent_with(&world, proposal.files.ignore.as_deref());
        report.result = Some(report::Side { evidence: report::Evidence::Modelled, ..context(bytes, files) });
    }
    report.transforms = proposal.steps.iter().map(|step| convert::transform(step, None)).collect();
    report.files = convert::changes(&input.dockerfile_name, &input.ignore_name, &before, &proposal.files);
    report.proof.not_checked = vec!["anything: nothing was built or run".to_owned()];
    if let Some(folder) = &args.out {
        report.written = write_out(folder, &args.context, input, &before, &proposal.files, None)?;
    }
    report.next = (!closed).then(|| args.command(""));
    report.warnings.extend(plan_input.policy.unmet(&proposal.files.dockerfile, &plan_input.options));
    Ok(report)
}

/// Bytes and files of the context under an ignore file that leaves out more.
fn sent_with(world: &LiveWorld, ignore: Option<&[u8]>) -> (u64, u64) {
    use jettison_dockerfile::ignore::{IgnoreFile, Matcher};
    let matcher = Matcher::new(&IgnoreFile::parse(ignore.unwrap_or_default()));
    let sent: Vec<String> =
        world.paths("**", false).unwrap_or_default().into_iter().filter(|path| !matcher.is_ignored(path)).collect();
    (sent.iter().filter_map(|path| world.size(path)).sum(), sent.len() as u64)
}

fn skeleton(args: &OptimizeArgs, input: &Input) -> OptimizeReport {
    OptimizeReport {
        jettison_version: env!("CARGO_PKG_VERSION").to_owned(),
        context: shown(&args.context),
        dockerfile: input.dockerfile_name.clone(),
        warnings: input.warnings.clone(),
        ..OptimizeReport::default()
    }
}

fn search(
    args: &OptimizeArgs,
    input: &Input,
    environment: &Environment,
    progress: &Arc<Progress>,
    journal: &Journal,
) -> Result<OptimizeReport, Failure> {
    let session = Session::start(args.engine, environment, progress)?;
    let info = session.engine.info().clone();
    let cache_before = session.cache_before();
    progress.good("engine", &format!("{} {} for {}", info.name, info.version, info.platform));
    let given = build_args(&args.build_arg);
    let build = BuildOptions {
        target: args.target.clone(),
        secrets: session.secrets(&args.secret, &given)?,
        build_args: given,
        build_contexts: args.build_context.clone(),
        ssh: args.ssh.clone(),
        platform: args.platform.as_ref().map(ToString::to_string),
        builder: args.builder.clone(),
    };
    let mut options =
        session.options(&args.context, input.dockerfile.clone(), input.ignore.clone(), build, args.build_time_limit)?;
    let platform = args.platform.as_ref().map(ToString::to_string);
    options.smoke = args.smoke.clone();
    options.ready_timeout = args.ready_timeout;
    options.deadline = args.time_limit.map(|limit| Instant::now() + limit);
    let mut verifier = session.verifier(options, progress);
    let arch = match &args.platform {
        Some(platform) => platform.arch.clone(),
        None => info.platform.rsplit('/').next().unwrap_or("amd64").to_owned(),
    };
    let plan_input = plan_input(args, input, info.buildkit || info.name != "docker", &arch)?;
    let outcome = {
        let told = progress.clone();
        let on_base = Box::new(move |text: &str| told.begin("plan", text));
        let world =
            LiveWorld::new(&input.snapshot, Some(session.engine.clone()), images::registry(environment), on_base);
        let bounds = Bounds { max_builds: args.max_builds, time_limit: args.time_limit };
        let mut teller = Teller::new(progress.clone());
        let known = proven::convicted(input, &args.context, args.target.as_deref(), platform.as_deref());
        optimize(&plan_input, &known, &world, &mut verifier, bounds, &mut |event| teller.tell(&event))
    };
    let outcome = outcome.map_err(|error| {
        let error = unless_interrupted(error);
        let own_build = args.build_command(&info.name).filter(|_| matches!(error, ProveError::BaselineBuild { .. }));
        let failure = Failure::from_proof(error, &info.name, &shown(&input.dockerfile_path), &shown(&args.context));
        Failure { next: own_build.or(failure.next.clone()), ..failure }
    })?;
    progress.begin("engine", "removing what was made");
    let cache_after = cache_before.map(|before| (before, session.cache_now()));
    drop(verifier);
    let mut report = describe(args, input, &outcome);
    report.engine = Some(report::Engine { name: info.name.clone(), version: info.version.clone() });
    report.warnings.extend(plan_input.policy.unmet(&outcome.proposal.files.dockerfile, &plan_input.options));
    report.warnings.extend(session.engine.warnings());
    report.warnings.extend(session.finish());
    report.cache_growth_bytes = cache_after.and_then(|(before, now)| grown(before, now.answer()?));
    if process::interrupted() {
        return Err(Failure::interrupted());
    }
    deliver(args, input, &outcome, &mut report, journal)?;
    Ok(report)
}

fn grown(before: u64, after: u64) -> Option<i64> {
    i64::try_from(after).ok()?.checked_sub(i64::try_from(before).ok()?)
}

fn describe(args: &OptimizeArgs, input: &Input, outcome: &Outcome) -> OptimizeReport {
    let before = Files { dockerfile: input.dockerfile.clone(), ignore: input.ignore.clone() };
    let required = required_level(&outcome.baseline, &obligations_of(&outcome.proposal));
    let mut report = skeleton(args, input);
    report.outcome = convert::outcome(outcome.ending);
    report.baseline = Some(convert::side(&outcome.baseline.measurements));
    report.result = outcome.result.as_ref().map(convert::side);
    report.proof = convert::proof(outcome.verdict.as_ref(), required, outcome.verified, &outcome.baseline.not_checked);
    let steps = outcome.proposal.steps.iter();
    report.transforms = steps.map(|step| convert::transform(step, outcome.measured.get(&step.step).copied())).collect();
    report.builds = outcome.builds as u64;
    report.cut_short = outcome.cut_short.clone();
    if matches!(outcome.ending, Ending::Verified | Ending::Unverified) {
        report.files = convert::changes(&input.dockerfile_name, &input.ignore_name, &before, &outcome.proposal.files);
    }
    report
}

/// Puts files where the user wants them.
fn deliver(
    args: &OptimizeArgs,
    input: &Input,
    outcome: &Outcome,
    report: &mut OptimizeReport,
    journal: &Journal,
) -> Result<(), Failure> {
    let better = matches!(outcome.ending, Ending::Verified | Ending::Unverified);
    let before = Files { dockerfile: input.dockerfile.clone(), ignore: input.ignore.clone() };
    let after = &outcome.proposal.files;
    // its fingerprint reads the whole context
    let wanted = better && (args.proof.is_some() || args.out.is_some() || args.write);
    let proof = wanted.then(|| proof_file(args, input, report, &before, outcome));
    if let (Some(path), Some(proof)) = (&args.proof, &proof) {
        put(&Change { path: path.clone(), before: None, after: Some(json::pretty(proof).into_bytes()) })?;
        report.written.push(shown(path));
    }
    if !better {
        return Ok(());
    }
    if let Some(folder) = &args.out {
        report.written.extend(write_out(folder, &args.context, input, &before, after, proof.as_ref())?);
        if !outcome.verified {
            report.warnings.push(format!("what lies in {} is not verified", shown(folder)));
        }
        return Ok(());
    }
    if !args.write {
        let how = if args.inline().is_some() { " --out proposal" } else { " --write" };
        report.next = Some(args.command(how));
        return Ok(());
    }
    if !outcome.verified && !args.unverified {
        report.warnings.push("nothing was written: the proof is below the level that these changes need (--write --unverified writes them all the same)".to_owned());
        return Ok(());
    }
    let mut changes = vec![change(&input.dockerfile_path, Some(&before.dockerfile), Some(&after.dockerfile))];
    let ignore_there = std::fs::read(&input.ignore_path).ok();
    changes.push(change(&input.ignore_path, ignore_there.as_ref(), after.ignore.as_ref()));
    let proof_path = proven::proof_path(&input.dockerfile_path);
    let proof_text = proof.as_ref().map(|proof| json::pretty(proof).into_bytes());
    changes.push(change(&proof_path, std::fs::read(&proof_path).ok().as_ref(), proof_text.as_ref()));
    changes.retain(|change| change.before != change.after);
    report.warnings.extend(dirty(&changes));
    journal.apply(&changes)?;
    report.written.extend(changes.iter().map(|change| shown(&change.path)));
    report.next = Some(args.command(" --undo"));
    Ok(())
}

fn change(path: &Path, before: Option<&Vec<u8>>, after: Option<&Vec<u8>>) -> Change {
    Change { path: path.to_owned(), before: before.cloned(), after: after.cloned() }
}

/// Writes the changed files and the proof below `folder`, at their context-relative paths.
fn write_out(
    folder: &Path,
    context: &Path,
    input: &Input,
    before: &Files,
    after: &Files,
    proof: Option<&ProofFile>,
) -> Result<Vec<String>, Failure> {
    let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    let inside = |path: &Path| {
        input::inside(context, path).unwrap_or_else(|| PathBuf::from(path.file_name().unwrap_or_default()))
    };
    let dockerfile = inside(&input.dockerfile_path);
    if before.dockerfile != after.dockerfile {
        files.push((dockerfile.clone(), after.dockerfile.clone()));
    }
    if let Some(ignore) = after.ignore.as_ref().filter(|_| before.ignore != after.ignore) {
        files.push((inside(&input.ignore_path), ignore.clone()));
    }
    if let Some(proof) = proof {
        files.push((proven::proof_path(&dockerfile), json::pretty(proof).into_bytes()));
    }
    let mut written = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent)
            .map_err(|error| Failure::new(format!("{}: {}", shown(parent), input::reason(&error))))?;
        put(&Change { path: path.clone(), before: None, after: Some(bytes) })?;
        written.push(shown(&path));
    }
    Ok(written)
}

fn proof_file(
    args: &OptimizeArgs,
    input: &Input,
    report: &OptimizeReport,
    before: &Files,
    outcome: &Outcome,
) -> ProofFile {
    let after = &outcome.proposal.files;
    let convicted = outcome.convicted.iter().map(|(step, reason)| report::Convicted {
        id: step.id.clone(),
        part: step.part.clone(),
        reason: reason.clone(),
    });
    let args_given = build_args(&args.build_arg)
        .into_iter()
        .map(|(name, value)| report::BuildArg::new(&name, &value.unwrap_or_default()));
    let own = proven::own_files(&input.dockerfile_name);
    ProofFile {
        jettison_version: env!("CARGO_PKG_VERSION").to_owned(),
        dockerfile: input.dockerfile_name.clone(),
        ignore_file: after.ignore.as_ref().map(|_| input.ignore_name.clone()),
        inputs: report::ProofInputs {
            context_fingerprint: input
                .snapshot
                .fingerprint_kept(&own)
                .map(|digest| digest.to_string())
                .unwrap_or_default(),
            build_args: args_given.collect(),
            target: args.target.clone(),
            platform: args.platform.as_ref().map(ToString::to_string),
            bases: Vec::new(),
        },
        before: convert::proof_side(before, report.baseline.clone().unwrap_or_default()),
        after: convert::proof_side(after, report.result.clone().unwrap_or_default()),
        transforms: report.transforms.clone(),
        convicted: convicted.collect(),
        proof: report.proof.clone(),
        smoke: args.smoke.clone(),
        engine: report.engine.clone().unwrap_or_default(),
        ..ProofFile::default()
    }
}

/// A warning where files to be replaced have changes that version control does not have.
fn dirty(changes: &[Change]) -> Option<String> {
    let replaced = changes.iter().filter(|change| change.before.is_some() && is_dirty(&change.path));
    let names: Vec<String> = replaced.map(|change| shown(&change.path)).collect();
    (!names.is_empty())
        .then(|| format!("{} had changes that are not committed; --undo brings them back", names.join(", ")))
}

fn is_dirty(path: &Path) -> bool {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default();
    let git = process::Command::new("git").args(["--no-optional-locks", "status", "--porcelain", "--"]).arg(name);
    git.cwd(folder).output().is_ok_and(|output| output.end.success() && !output.stdout.is_empty())
}
