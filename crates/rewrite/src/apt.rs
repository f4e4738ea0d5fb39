//! apt hygiene: index update, install and cleanup in one RUN; `--no-install-recommends` with what it drops considered.

use std::collections::BTreeSet;

use jettison_dockerfile::Instruction;
use jettison_dockerfile::stages::Base;
use jettison_facts::{AptInstall, Facts, RunFacts, Segment, SegmentKind, StageFacts};
use jettison_model::{Edit, Span};

use crate::apt_merge;
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

/// What packages that are often named depend on, of what others only recommend. <https://packages.debian.org/>
const IMPLIED: &[(&str, &[&str])] = &[
    ("build-essential", &["dpkg-dev", "g++", "gcc", "libc6-dev", "make"]),
    ("default-jdk", &["ca-certificates-java"]),
    ("default-jre", &["ca-certificates-java"]),
    ("g++", &["gcc", "libc6-dev"]),
];

/// `apt-get update`, `install` and the removal of the package lists in one RUN.
pub fn one_run(facts: &Facts<'_>) -> Decision {
    let lines = Lines::new(&facts.dockerfile);
    let mut change = Change::default();
    change.edits.extend(stages_in_use(facts).find_map(|stage| apt_merge::merged(facts, &lines, stage)));
    if let Some(edit) = change.edits.first() {
        change.at = edit.span.start as usize;
        return applied(change);
    }
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
    applied(change)
}

fn applied(mut change: Change) -> Decision {
    change.does = "apt-get update, install and cleanup in one RUN".into();
    change.may_drop = LEFTOVERS.iter().map(|path| (*path).to_owned()).collect();
    Decision::Apply(change)
}

/// An install of something.
fn names_packages(segment: &Segment) -> bool {
    matches!(&segment.kind, SegmentKind::AptInstall(install) if install.opaque || !install.packages.is_empty())
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
    let installs = segments.iter().any(names_packages);
    let updates = segments.iter().any(|segment| segment.kind == SegmentKind::AptUpdate);
    seen.installs |= installs;
    let before = change.edits.len();
    let keeps_lists = is_cached(instruction) || reads_lists_later(facts, stage, run);
    if updates && !installs && segments.len() == 1 && !keeps_lists && installs_later(stage, run) {
        change.edits.push(lines.delete(run.instruction));
    } else if installs {
        change.edits.extend(complete(facts, lines, instruction, segments, keeps_lists));
    }
    if change.edits.len() > before && before == 0 {
        change.at = instruction.span.start as usize;
    }
}

/// Whether apt's own folders are cache mounts.
fn is_cached(instruction: &Instruction) -> bool {
    let is_apt = |target: &str| ["/var/lib/apt", "/var/cache/apt", "/var/lib", "/var/cache"].contains(&target);
    let mounts = instruction.as_run().map(|run| run.mounts).unwrap_or_default();
    let mut caches = mounts.iter().filter(|mount| mount.kind == "cache").filter_map(|mount| mount.target.as_deref());
    caches.any(|target| is_apt(target.trim_end_matches('/')) || target.starts_with("/var/lib/apt/"))
}

/// What a RUN that installs lacks: the update before its first install, the removal of the lists at its end.
fn complete(
    facts: &Facts<'_>,
    lines: &Lines<'_>,
    instruction: &Instruction,
    segments: &[Segment],
    keeps_lists: bool,
) -> Vec<Edit> {
    let mut edits = Vec::new();
    let first = segments.iter().position(names_packages);
    let updates = segments.iter().any(|segment| segment.kind == SegmentKind::AptUpdate);
    if let Some(first) = first.filter(|_| !updates && !is_cached(instruction)) {
        let joint = update_joint(facts, lines, instruction, segments, first);
        edits.push(Edit::insert(segments[first].span.start as usize, format!("apt-get update{joint}")));
    }
    let removes = segments.iter().any(|segment| segment.kind == SegmentKind::AptListsRemoved);
    if let Some(last) = segments.last().filter(|_| !keeps_lists && !removes) {
        // joined by `&&` in any case: the RUN must still fail where its last command fails
        let joint = if instruction.heredocs.is_empty() { lines.and_in(instruction) } else { " && ".to_owned() };
        edits.push(Edit::insert(last.span.end as usize, format!("{joint}rm -rf /var/lib/apt/lists/*")));
    }
    edits
}

/// What joins an update to the install after it, in the way in which the script joins its commands: under `set -e` a failed
/// update before `&&` would not end the script.
fn update_joint(
    facts: &Facts<'_>,
    lines: &Lines<'_>,
    instruction: &Instruction,
    segments: &[Segment],
    install: usize,
) -> String {
    let pair = if install > 0 { segments.get(install - 1..=install) } else { segments.get(..2) };
    let between =
        pair.and_then(|pair| facts.dockerfile.source().get(pair[0].span.end as usize..pair[1].span.start as usize));
    let by_and = between.is_none_or(|text| text.windows(2).any(|two| two == b"&&"));
    match (by_and, instruction.heredocs.is_empty()) {
        (true, true) => lines.and_in(instruction),
        (true, false) => " && ".to_owned(),
        (false, true) => lines.then_in(instruction),
        (false, false) => "; ".to_owned(),
    }
}

/// Whether a later RUN, of this stage or of one that starts from it, reads package lists that it did not fetch: an upgrade
/// without them does nothing and says nothing.
fn reads_lists_later(facts: &Facts<'_>, stage: &StageFacts, run: &RunFacts) -> bool {
    let mut later = facts
        .stages
        .iter()
        .filter(|other| starts_from(facts, other.index, stage.index))
        .flat_map(|other| &other.runs)
        .filter(|other| other.instruction > run.instruction);
    later.any(|other| reads_lists(facts, other))
}

fn reads_lists(facts: &Facts<'_>, run: &RunFacts) -> bool {
    let Some(segments) = &run.segments else {
        let text = &facts.dockerfile.instructions()[run.instruction].body.text;
        return names_apt(text) && !text.contains("apt-get update") && !text.contains("apt update");
    };
    let own = segments.iter().position(|segment| segment.kind == SegmentKind::AptUpdate);
    segments.iter().take(own.unwrap_or(segments.len())).any(|segment| match segment.kind {
        SegmentKind::AptUpgrade => true,
        SegmentKind::Other => names_apt(&segment.text),
        _ => false,
    })
}

/// Words of commands that install packages of the system without being `apt-get install`.
fn names_apt(text: &str) -> bool {
    let words = [
        "apt",
        "apt-get",
        "aptitude",
        "apt-cache",
        "apt-file",
        "gdebi",
        "mk-build-deps",
        "install-deps",
        "--with-deps",
    ];
    text.split(|c: char| c.is_whitespace() || "&;|()\"'`/".contains(c)).any(|word| words.contains(&word))
}

/// Whether `stage` is `below` or starts from it, directly or not.
fn starts_from(facts: &Facts<'_>, stage: usize, below: usize) -> bool {
    let mut at = Some(stage);
    while let Some(index) = at.filter(|index| *index >= below) {
        if index == below {
            return true;
        }
        // a stage starts from an earlier one only, so this ends
        at = match facts.graph.stages.get(index).map(|stage| &stage.base) {
            Some(Base::Stage(parent)) if *parent < index => Some(*parent),
            _ => None,
        };
    }
    false
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
        if install.packages.is_empty() && !install.opaque || install.no_recommends || asks_for_recommends(segment) {
            continue;
        }
        let Some(at) = after_install_word(facts, segment) else { continue };
        change.edits.push(Edit::insert(at, " --no-install-recommends"));
        if change.edits.len() == 1 {
            change.at = segment.span.start as usize;
        }
        let needs = needed_recommendations(facts, install, &named);
        if let (false, Some((_, last))) = (needs.is_empty(), install.packages.last()) {
            let gap = list_gap(facts, install);
            change.edits.push(Edit::insert(last.end as usize, format!("{gap}{}", needs.join(&gap))));
        }
    }
    if installs == 0 {
        nothing!("nothing is installed with apt");
    }
    if is_configured(facts) {
        nothing!("the file sets apt's own switch for recommended packages");
    }
    if change.edits.is_empty() {
        nothing!("recommended packages are left out already");
    }
    change.does = "only the packages that are named and what they depend on".into();
    change.may_drop = vec!["**".into()];
    change.may_drop.extend(kept_by_the_app(facts));
    Decision::Apply(change)
}

/// The user wants them: said at the command.
fn asks_for_recommends(segment: &Segment) -> bool {
    let is_wish = |word: &str| matches!(word, "--install-recommends" | "--install-suggests");
    segment.words.iter().flatten().any(|word| is_wish(word))
}

/// Whether some RUN, or a file that it writes, sets apt's own switch.
fn is_configured(facts: &Facts<'_>) -> bool {
    let mut instructions = facts.dockerfile.instructions().iter();
    instructions.any(|instruction| {
        let text = instruction.body.text.to_ascii_lowercase();
        let heredocs = instruction.heredocs.iter();
        text.contains("apt::install-recommends") && !text.contains("apt-get install") && !text.contains("apt install")
            || heredocs.into_iter().any(|heredoc| {
                let body = facts.dockerfile.source().get(heredoc.body.range()).unwrap_or_default();
                String::from_utf8_lossy(body).to_ascii_lowercase().contains("apt::install-recommends")
            })
    })
}

/// What stands between two packages of the list: a blank, or the continuation where each has a line of its own.
fn list_gap(facts: &Facts<'_>, install: &AptInstall) -> String {
    let source = facts.dockerfile.source();
    let pair = install.packages.windows(2).next_back();
    let gap = match (pair, install.packages.last()) {
        (Some(pair), _) => source.get(pair[0].1.end as usize..pair[1].1.start as usize),
        (None, Some((_, only))) => {
            let escape = facts.dockerfile.escape() as u8;
            source.get(word_with_gap(source, *only, escape).start as usize..only.start as usize)
        }
        (None, None) => None,
    };
    let gap = gap.map(|gap| String::from_utf8_lossy(gap).into_owned()).unwrap_or_default();
    let plain = gap.chars().all(|c| c.is_whitespace() || c == facts.dockerfile.escape());
    if gap.matches('\n').count() == 1 && plain { gap } else { " ".to_owned() }
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
    let implied: Vec<&str> =
        IMPLIED.iter().filter(|(name, _)| named.contains(name)).flat_map(|(_, list)| *list).copied().collect();
    needs.into_iter().filter(|name| !named.contains(name.as_str()) && !implied.contains(&name.as_str())).collect()
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
