//! apt hygiene: index update, install and cleanup in one RUN; `--no-install-recommends` with what it drops considered.

use std::collections::BTreeSet;

use jettison_facts::{AptInstall, Facts, RunFacts, Segment, SegmentKind, StageFacts};
use jettison_model::{Edit, Span};

use crate::lines::Lines;
use crate::{Change, Decision, nothing, refuse};

/// What apt leaves in a layer, relative to `/`.
pub const LEFTOVERS: &[&str] = &[
    "var/lib/apt",
    "var/cache/apt",
    "var/cache/debconf",
    "var/log",
    "var/cache/ldconfig",
    "var/lib/dpkg",
    "etc/ld.so.cache",
];

/// `apt-get update`, `install` and the removal of the package lists in one RUN.
pub fn one_run(facts: &Facts<'_>) -> Decision {
    let lines = Lines::new(&facts.dockerfile);
    let mut change = Change::default();
    let mut seen = Seen::default();
    for stage in stages_in_use(facts) {
        for run in &stage.runs {
            tidy_run(facts, &lines, stage, run, &mut change, &mut seen);
        }
    }
    if change.edits.is_empty() {
        match seen.opaque {
            Some(line) => refuse!("the RUN at line {line} installs packages in a script that is too involved to edit"),
            None if seen.installs => nothing!("apt updates, installs and cleans up in one RUN already"),
            None => nothing!("nothing is installed with apt"),
        }
    }
    change.does = "apt-get update, install and cleanup in one RUN".into();
    change.may_drop = LEFTOVERS.iter().map(|path| (*path).to_owned()).collect();
    Decision::Apply(change)
}

#[derive(Default)]
struct Seen {
    installs: bool,
    opaque: Option<u32>,
}

/// The stages that the target needs.
fn stages_in_use<'f>(facts: &'f Facts<'_>) -> impl Iterator<Item = &'f StageFacts> {
    facts.stages.iter().filter(|stage| stage.role != jettison_facts::Role::Unused)
}

fn tidy_run(
    facts: &Facts<'_>,
    lines: &Lines<'_>,
    stage: &StageFacts,
    run: &RunFacts,
    change: &mut Change,
    seen: &mut Seen,
) {
    let instruction = &facts.dockerfile.instructions()[run.instruction];
    let Some(segments) = &run.segments else {
        let text = instruction.body.text.as_str();
        if text.contains("apt-get install") || text.contains("apt install") {
            seen.installs = true;
            seen.opaque.get_or_insert(instruction.line);
        }
        return;
    };
    let installs = segments.iter().any(|segment| matches!(segment.kind, SegmentKind::AptInstall(_)));
    let updates = segments.iter().any(|segment| segment.kind == SegmentKind::AptUpdate);
    seen.installs |= installs;
    let before = change.edits.len();
    if updates && !installs && segments.len() == 1 && installs_later(stage, run) {
        change.edits.push(lines.delete(run.instruction));
    } else if installs {
        let cached = instruction.as_run().is_some_and(|run| {
            run.mounts
                .iter()
                .any(|mount| mount.kind == "cache" && mount.target.as_deref().is_some_and(|t| t.starts_with("/var/")))
        });
        let first = &segments[0];
        if !updates && !cached {
            let indent = format!("apt-get update{}", lines.and());
            change.edits.push(Edit::insert(first.span.start as usize, indent));
        }
        if !cached && !segments.iter().any(|segment| segment.kind == SegmentKind::AptListsRemoved) {
            let last = segments.last().unwrap_or(first);
            change
                .edits
                .push(Edit::insert(last.span.end as usize, format!("{}rm -rf /var/lib/apt/lists/*", lines.and())));
        }
    }
    if change.edits.len() > before && before == 0 {
        change.at = instruction.span.start as usize;
    }
}

/// Whether a later RUN of the stage installs, so that an update alone can move there. Each of them gets its own.
fn installs_later(stage: &StageFacts, run: &RunFacts) -> bool {
    let later = stage.runs.iter().filter(|other| other.instruction > run.instruction);
    let mut found = false;
    for other in later {
        let Some(segments) = &other.segments else { return false };
        found |= segments.iter().any(|segment| matches!(segment.kind, SegmentKind::AptInstall(_)));
    }
    found
}

/// `--no-install-recommends` on every `apt-get install`. What that drops and the program needs is named instead.
pub fn no_recommends(facts: &Facts<'_>) -> Decision {
    let mut change = Change::default();
    let mut installs = 0;
    let named: BTreeSet<&str> =
        all_installs(facts).flat_map(|(_, install)| install.packages.iter().map(|(name, _)| bare(name))).collect();
    for (segment, install) in all_installs(facts) {
        installs += 1;
        if install.no_recommends {
            continue;
        }
        let Some(at) = after_install_word(facts, segment) else { continue };
        change.edits.push(Edit::insert(at, " --no-install-recommends"));
        if change.edits.len() == 1 {
            change.at = segment.span.start as usize;
        }
        let needs = needed_recommendations(facts, install, &named);
        if let (false, Some((_, last))) = (needs.is_empty(), install.packages.last()) {
            change.edits.push(Edit::insert(last.end as usize, format!(" {}", needs.join(" "))));
        }
    }
    if installs == 0 {
        nothing!("nothing is installed with apt");
    }
    if change.edits.is_empty() {
        nothing!("recommended packages are left out already");
    }
    change.does = "only the packages that are named and what they depend on".into();
    change.may_drop = vec!["**".into()];
    change.may_drop.extend(kept_by_the_app(facts));
    Decision::Apply(change)
}

/// Patterns that take back everything an apt package would not put somewhere.
fn kept_by_the_app(facts: &Facts<'_>) -> Vec<String> {
    let workdir = facts.final_stage().and_then(|stage| stage.workdir.clone()).filter(|path| path != "/");
    let fixed = ["/usr/local", "/opt", "/srv", "/app", "/home"].map(str::to_owned);
    fixed.into_iter().chain(workdir).map(|path| format!("!{}", path.trim_start_matches('/'))).collect()
}

fn all_installs<'f>(facts: &'f Facts<'_>) -> impl Iterator<Item = (&'f Segment, &'f AptInstall)> {
    let runs = stages_in_use(facts).flat_map(|stage| &stage.runs);
    runs.flat_map(|run| run.segments.iter().flatten()).filter_map(|segment| match &segment.kind {
        SegmentKind::AptInstall(install) => Some((segment, install)),
        _ => None,
    })
}

/// Byte offset after the word `install`.
fn after_install_word(facts: &Facts<'_>, segment: &Segment) -> Option<usize> {
    let source = &facts.dockerfile.source()[segment.span.range()];
    let text = std::str::from_utf8(source).ok()?;
    let at = text.match_indices("install").map(|(at, _)| at).find(|at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + "install".len()..].chars().next();
        before.is_some_and(char::is_whitespace) && after.is_none_or(|c| c.is_whitespace() || c == '\\')
    })?;
    Some(segment.span.start as usize + at + "install".len())
}

/// Recommended packages to name: those of the data, and those that own something the built image uses.
fn needed_recommendations(facts: &Facts<'_>, install: &AptInstall, named: &BTreeSet<&str>) -> Vec<String> {
    let data = jettison_ecosystems::load();
    let mut needs: BTreeSet<String> = BTreeSet::new();
    for (package, _) in &install.packages {
        let rows = data.recommended.iter().filter(|row| row.package == bare(package));
        needs.extend(rows.flat_map(|row| row.needs.iter().cloned()));
    }
    if let Some(observed) = facts.world.observed() {
        let used = crate::runtime::used_packages(facts, &observed);
        let reachable = crate::runtime::depends_closure(&observed.image, named.iter().map(|name| (*name).to_owned()));
        let new = |name: &String| !crate::runtime::in_base(&observed, name);
        needs.extend(used.into_iter().filter(|name| !reachable.contains(name) && new(name)));
        needs.retain(|name| !crate::runtime::in_base(&observed, name));
    }
    needs.into_iter().filter(|name| !named.contains(name.as_str())).collect()
}

/// A package word without version, release and architecture: `curl=7.88*` → `curl`.
pub(crate) fn bare(word: &str) -> &str {
    word.split(['=', '/', ':']).next().unwrap_or(word)
}

/// The span of a segment's package word together with the white space (and continuation) before it.
pub(crate) fn word_with_gap(source: &[u8], word: Span, escape: u8) -> Span {
    let mut start = word.start as usize;
    while start > 0 && (source[start - 1].is_ascii_whitespace() || source[start - 1] == escape) {
        start -= 1;
    }
    Span::new(start, word.end as usize)
}

/// The packages that the Dockerfile names for apt and all that they depend on.
pub fn installed_closure(facts: &Facts<'_>, observed: &jettison_facts::Observations) -> BTreeSet<String> {
    closure_without(facts, observed, &[])
}

/// The same without some of the named packages.
pub fn closure_without(
    facts: &Facts<'_>,
    observed: &jettison_facts::Observations,
    without: &[String],
) -> BTreeSet<String> {
    let words = crate::runtime::installed_words(facts);
    let names = words.iter().map(|word| bare(word).to_owned()).filter(|name| !without.contains(name));
    crate::runtime::depends_closure(&observed.image, names)
}

/// Whether the base image brought this package.
pub fn is_in_base(observed: &jettison_facts::Observations, package: &str) -> bool {
    crate::runtime::in_base(observed, package)
}
