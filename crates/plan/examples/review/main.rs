//! Plans a list of Dockerfiles without building anything: `review --list FILE [--out DIR] [--seed N --count K]`.
//! Over all files: no panic, accepted files stay accepted, a plan of the result changes nothing more, times, and what was applied
//! and refused by reason. With a seed it prints that many plans as differences, for a reviewer to judge.

mod context;

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jettison_dockerfile::parse;
use jettison_facts::Options;
use jettison_facts::memory::MemoryWorld;
use jettison_plan::{Input, Policy, Proposal, Status, Without, propose};
use similar::TextDiff;

#[derive(Default)]
struct Arguments {
    list: PathBuf,
    out: Option<PathBuf>,
    seed: Option<u64>,
    count: usize,
}

fn main() {
    let arguments = arguments();
    let names = fs::read_to_string(&arguments.list).expect("the list of files");
    let names: Vec<&str> = names.lines().filter(|line| !line.is_empty()).collect();
    match arguments.seed {
        Some(seed) => show(&names, seed, arguments.count),
        None => judge_all(&names, arguments.out.as_deref()),
    }
}

fn arguments() -> Arguments {
    let mut found = Arguments { count: 50, ..Arguments::default() };
    let mut given = std::env::args().skip(1);
    while let Some(name) = given.next() {
        let value = given.next().expect("a value after the option");
        match name.as_str() {
            "--list" => found.list = value.into(),
            "--out" => found.out = Some(value.into()),
            "--seed" => found.seed = Some(value.parse().expect("a number")),
            "--count" => found.count = value.parse().expect("a number"),
            other => panic!("what is {other}?"),
        }
    }
    found
}

/// A file, its made-up world and its plan.
struct Planned {
    source: Vec<u8>,
    world: MemoryWorld,
    proposal: Proposal,
    took: Duration,
}

fn input(dockerfile: &[u8], ignore: Option<Vec<u8>>) -> Input {
    Input {
        dockerfile: dockerfile.to_vec(),
        ignore,
        dockerfile_name: "Dockerfile".to_owned(),
        ignore_name: ".dockerignore".to_owned(),
        mounts: true,
        pin: false,
        policy: Policy::default(),
        options: Options { arch: "amd64".to_owned(), ..Options::default() },
    }
}

fn plan(name: &str) -> Option<Planned> {
    let source = fs::read(name).ok()?;
    let given = input(&source, None);
    let world = context::made_up(&parse(&source[..]), &given.options);
    let started = Instant::now();
    let proposal = propose(&given, &world, &Without::new());
    Some(Planned { took: started.elapsed(), source, world, proposal })
}

// --- all files ---

#[derive(Default)]
struct Tally {
    files: usize,
    unreadable: usize,
    changed: usize,
    faults: Vec<String>,
    times: Vec<Duration>,
    /// Status and step → how often; with the reasons of refusals.
    steps: BTreeMap<(String, &'static str), usize>,
    reasons: BTreeMap<(String, String), usize>,
}

fn judge_all(names: &[&str], out: Option<&Path>) {
    let mut tally = Tally::default();
    for (number, name) in names.iter().enumerate() {
        match catch_unwind(AssertUnwindSafe(|| plan(name).map(|planned| (faults(name, &planned), planned)))) {
            Ok(Some((faults, planned))) => {
                tally.faults.extend(faults);
                tally.take(&planned);
                if let Some(folder) = out {
                    write(&folder.join(number.to_string()), &planned);
                }
            }
            Ok(None) => tally.unreadable += 1,
            Err(_) => tally.faults.push(format!("PANIC {name}")),
        }
    }
    tally.print();
}

/// Both sides, for BuildKit to judge.
fn write(folder: &Path, planned: &Planned) {
    fs::create_dir_all(folder).expect("a folder to write to");
    fs::write(folder.join("before"), &planned.source).expect("a file");
    fs::write(folder.join("after"), &planned.proposal.files.dockerfile).expect("a file");
}

/// What must not be, of one plan.
fn faults(name: &str, planned: &Planned) -> Vec<String> {
    let files = &planned.proposal.files;
    let mut faults = Vec::new();
    if parse(files.dockerfile.clone()).is_rejected() != parse(&planned.source[..]).is_rejected() {
        faults.push(format!("REJECTED {name}"));
    }
    let sent = MemoryWorld { ignore: files.ignore.clone().unwrap_or_default(), ..planned.world.clone() };
    let again = propose(&input(&files.dockerfile, files.ignore.clone()), &sent, &Without::new());
    let ours = planned.proposal.steps.iter().filter(|report| report.reason.contains("please report this"));
    faults.extend(ours.map(|report| format!("BREAKS {name}: {} {}", report.step, report.reason)));
    if again.files != *files {
        let steps: Vec<String> = again.applied().iter().map(ToString::to_string).collect();
        faults.push(format!("UNSTABLE {name}: {}", steps.join(", ")));
    }
    faults
}

impl Tally {
    fn take(&mut self, planned: &Planned) {
        self.files += 1;
        self.changed += usize::from(planned.proposal.files.dockerfile != planned.source);
        self.times.push(planned.took);
        for report in &planned.proposal.steps {
            let status = match report.status {
                Status::Applied => "applied",
                Status::Refused => "refused",
                Status::Dropped | Status::NotApplicable => continue,
            };
            *self.steps.entry((report.step.to_string(), status)).or_default() += 1;
            if report.status == Status::Refused {
                *self.reasons.entry((report.step.to_string(), without_names(&report.reason))).or_default() += 1;
            }
        }
    }

    fn print(mut self) {
        self.times.sort();
        let at = |share: usize| self.times.get(self.times.len() * share / 100).copied().unwrap_or_default();
        println!("{} files planned, {} Dockerfiles changed, {} unreadable", self.files, self.changed, self.unreadable);
        println!(
            "time of a plan: median {:.2?}, p95 {:.2?}, slowest {:.2?}",
            at(50),
            at(95),
            self.times.last().unwrap_or(&Duration::ZERO)
        );
        println!("\nsteps:");
        for ((step, status), count) in &self.steps {
            println!("{count:7}  {status}  {step}");
        }
        println!("\nrefused because:");
        let mut reasons: Vec<_> = self.reasons.iter().collect();
        reasons.sort_by_key(|((step, _), count)| (step.clone(), std::cmp::Reverse(**count)));
        for ((step, reason), count) in reasons {
            println!("{count:7}  {step}: {reason}");
        }
        println!("\nfaults: {}", self.faults.len());
        for fault in &self.faults {
            println!("{fault}");
        }
        if !self.faults.is_empty() {
            std::process::exit(1);
        }
    }
}

/// A reason with everything quoted taken out, so that reasons can be counted.
fn without_names(reason: &str) -> String {
    let parts = reason.split('`').enumerate();
    let text: String = parts.map(|(index, part)| if index % 2 == 0 { part } else { "…" }).collect();
    text.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}

// --- some files ---

fn show(names: &[&str], seed: u64, count: usize) {
    let (mut state, mut left, mut shown) = (seed, names.to_vec(), 0);
    while shown < count && !left.is_empty() {
        let name = left.swap_remove((next(&mut state) % left.len() as u64) as usize);
        let Some(planned) = plan(name) else { continue };
        let files = &planned.proposal.files;
        if files.dockerfile == planned.source {
            continue;
        }
        shown += 1;
        println!("=== {shown} {name}");
        for report in planned.proposal.steps.iter().filter(|report| report.status == Status::Applied) {
            println!("  + {}: {}", report.step, report.reason);
        }
        let (before, after) = (String::from_utf8_lossy(&planned.source), String::from_utf8_lossy(&files.dockerfile));
        println!("{}", TextDiff::from_lines(&*before, &*after).unified_diff().context_radius(4));
    }
}

/// The next number of a sequence that a seed begins (SplitMix64).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
