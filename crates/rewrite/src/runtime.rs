//! What a runtime image must have besides the files that move: operating-system packages, small scripts of the old base, users,
//! removals. Worked out from ELF needs, interpreter lines, the programs that ran, and the packages that own them.

use std::collections::{BTreeMap, BTreeSet};

use jettison_dockerfile::shell;
use jettison_facts::{Facts, Observations, SegmentKind, mentions, needs};
use jettison_image::ImageSummary;
use jettison_model::Span;

use crate::Moves;
use crate::apt::bare;

/// What a runtime image must get.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Runtime {
    /// Packages to install, sorted.
    pub packages: BTreeSet<String>,
    /// Scripts of the old base to bring along: absolute paths.
    pub scripts: BTreeSet<String>,
}

/// What `moves` and the entry command need that `base` lacks; an error names what cannot be had. With `only_what_runs`, a working
/// folder that no running program lies in is not asked: tools in there that name the old base's interpreter are not called.
pub(crate) fn runtime(
    facts: &Facts<'_>,
    observed: &Observations,
    moves: &Moves,
    base: &ImageSummary,
    only_what_runs: bool,
) -> Result<Runtime, String> {
    let image = &observed.image;
    let mut found = Runtime { packages: explicit_packages(facts, observed), ..Runtime::default() };
    let programs = programs(facts, observed);
    let workdir = crate::moves::workdir(facts, observed);
    let is_asked = |root: &&crate::Root| {
        !only_what_runs || root.path != workdir || programs.iter().any(|path| crate::moves::is_below(path, &workdir))
    };
    let asked = moves.roots.iter().filter(is_asked).map(|root| root.path.clone());
    let roots: Vec<String> = asked.chain(programs.iter().cloned()).collect();
    let needs = needs::closure(image, &roots);
    for path in programs.iter().filter(|path| !moves.covers(path)).chain(&needs.outside) {
        if moves.covers(path) || base.resolve(path).is_some() {
            continue;
        }
        match image.owner(path) {
            Some(package) => {
                found.packages.insert(package.name.clone());
            }
            None if image.text(path).is_some_and(|text| text.starts_with("#!")) => {
                found.scripts.insert(path.clone());
            }
            None => return Err(format!("`{path}` is needed and belongs to no package")),
        }
    }
    found.packages.retain(|name| !base.packages.contains_key(name));
    drop_implied(image, &mut found.packages, &explicit_packages(facts, observed));
    Ok(found)
}

/// Packages that the Dockerfile names and that have a place at run time, by the data's roles; versions and folders left out.
fn explicit_packages(facts: &Facts<'_>, observed: &Observations) -> BTreeSet<String> {
    let data = jettison_ecosystems::load();
    let names = installed_words(facts).into_iter().map(|word| bare(&word).to_owned());
    let installed = names.filter(|name| observed.image.packages.contains_key(name));
    installed
        .filter(|name| match data.apt_role(name) {
            "build" => false,
            "tool" => !crate::tools::only_builds(facts, name),
            _ => true,
        })
        .collect()
}

/// The package words of every `apt-get install` of the stages in use, as written.
pub(crate) fn installed_words(facts: &Facts<'_>) -> Vec<String> {
    let stages = facts.stages.iter().filter(|stage| stage.role != jettison_facts::Role::Unused);
    let segments = stages.flat_map(|stage| &stage.runs).flat_map(|run| run.segments.iter().flatten());
    let mut words = Vec::new();
    for segment in segments {
        if let SegmentKind::AptInstall(install) = &segment.kind {
            words.extend(install.packages.iter().map(|(word, _)| word.clone()));
        }
    }
    words
}

/// Paths of the programs that ran, or that the entry command, the health check or a call in the sources names; symbolic links not
/// followed (a link is needed as such).
pub(crate) fn programs(facts: &Facts<'_>, observed: &Observations) -> BTreeSet<String> {
    let entry = jettison_facts::entry_programs(facts, &observed.image);
    let named = health_check_programs(facts).into_iter().chain(called_tools(facts));
    let found = named.filter_map(|name| observed.image.which(&name));
    entry.paths.iter().chain(&observed.programs).cloned().chain(found).collect()
}

/// Names of the commands of the final stage's HEALTHCHECK.
fn health_check_programs(facts: &Facts<'_>) -> Vec<String> {
    let check = facts.final_stage().and_then(|stage| stage.entry.healthcheck.as_ref());
    let Some(check) = check else { return Vec::new() };
    if let (false, Some(argv)) = (check.shell, &check.argv) {
        return argv.first().cloned().into_iter().collect();
    }
    let parsed = shell::parse(&check.text, &|_| Span::default());
    let commands = parsed.script().map(|script| script.simple_commands()).unwrap_or_default();
    commands.iter().filter_map(|command| command.name().map(str::to_owned)).collect()
}

/// Words of a line that starts another program.
const CALLS: &[&str] = &[
    "subprocess",
    "popen",
    "exec",
    "spawn",
    "system(",
    "check_output",
    "child_process",
    "shell",
    "run(",
    "Command::new",
    "Process",
    "`",
];

/// People's tools (git, curl, …) that a line of the sources seems to start: a fat base brings them without a word.
pub(crate) fn called_tools(facts: &Facts<'_>) -> Vec<String> {
    let tools = jettison_ecosystems::load().apt_roles.iter().filter(|row| row.role == "tool");
    let names: Vec<&str> = tools.flat_map(|row| &row.programs).map(String::as_str).collect();
    let is_call = |mention: &mentions::Mention| {
        let bytes = facts.world.read(&mention.path, 1 << 19).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let line = text.lines().nth((mention.line as usize).saturating_sub(1)).unwrap_or_default();
        mention.path.ends_with(".sh") || CALLS.iter().any(|call| line.contains(call))
    };
    mentions::mentioned(facts, &names).into_iter().filter(is_call).map(|mention| mention.word).collect()
}

/// Packages that own something which ran, or which the app's own files or the entry command need.
pub(crate) fn used_packages(facts: &Facts<'_>, observed: &Observations) -> BTreeSet<String> {
    let mut roots: Vec<String> = programs(facts, observed).into_iter().collect();
    if let Ok(moves) = crate::moves::moves(facts, observed) {
        roots.extend(moves.roots.into_iter().map(|root| root.path));
    }
    let owners = roots.iter().filter_map(|path| observed.image.owner(path)).map(|package| package.name.clone());
    let needed = needs::closure(&observed.image, &roots).packages.into_keys();
    owners.chain(needed).collect()
}

/// Whether the base image brought this package.
pub(crate) fn in_base(observed: &Observations, package: &str) -> bool {
    let files = observed.image.packages.get(package).map(|package| &package.files);
    let some_file = files
        .into_iter()
        .flatten()
        .find_map(|path| observed.image.files.get(path).filter(|file| file.kind == jettison_image::FileKind::Regular));
    some_file.is_some_and(|file| !observed.is_app_layer(file.layer))
}

/// `names` and all that they depend on (the first installed alternative of each).
pub(crate) fn depends_closure(image: &ImageSummary, names: impl IntoIterator<Item = String>) -> BTreeSet<String> {
    let providers = providers(image);
    let mut todo: Vec<String> = names.into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(name) = todo.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let Some(package) = image.packages.get(&name) else { continue };
        for alternatives in &package.depends {
            let installed = alternatives.iter().find_map(|name| match image.packages.contains_key(name) {
                true => Some(name.clone()),
                false => providers.get(name.as_str()).map(|name| (*name).to_owned()),
            });
            todo.extend(installed);
        }
    }
    seen
}

/// Virtual package → an installed package that provides it.
fn providers(image: &ImageSummary) -> BTreeMap<&str, &str> {
    let packages = image.packages.values();
    packages
        .flat_map(|package| package.provides.iter().map(move |name| (name.as_str(), package.name.as_str())))
        .collect()
}

/// Leaves out what another package of the list brings anyway; what the user named stays.
fn drop_implied(image: &ImageSummary, packages: &mut BTreeSet<String>, named: &BTreeSet<String>) {
    for name in packages.clone() {
        if named.contains(&name) {
            continue;
        }
        let others = packages.iter().filter(|other| **other != name).cloned();
        if depends_closure(image, others).contains(&name) {
            packages.remove(&name);
        }
    }
}

/// `useradd`, `groupadd`, … commands of the Dockerfile, as written.
pub(crate) fn user_commands(facts: &Facts<'_>) -> Vec<String> {
    configure_commands(facts, &["useradd", "groupadd", "adduser", "addgroup", "usermod"])
}

/// `rm` commands on absolute paths outside the package manager's caches: they must be said again where packages are
/// installed again.
pub(crate) fn removals(facts: &Facts<'_>, moves: &Moves) -> Vec<String> {
    let caches =
        ["/var/lib/apt", "/var/cache", "/tmp", "/var/tmp", "/root", "/usr/share/doc", "/usr/share/man", "/var/log"];
    let is_cache = |path: &str| caches.iter().any(|cache| path.starts_with(cache)) || moves.covers(path);
    let commands = configure_commands(facts, &["rm"]);
    commands
        .into_iter()
        .filter(|text| {
            let paths: Vec<&str> = text.split_whitespace().skip(1).filter(|word| !word.starts_with('-')).collect();
            !paths.is_empty()
                && paths.iter().all(|path| path.starts_with('/'))
                && !paths.iter().all(|path| is_cache(path))
        })
        .collect()
}

fn configure_commands(facts: &Facts<'_>, names: &[&str]) -> Vec<String> {
    let Some(stage) = facts.final_stage() else { return Vec::new() };
    let segments = stage.runs.iter().flat_map(|run| run.segments.iter().flatten());
    let matching = segments
        .filter(|segment| matches!(&segment.kind, SegmentKind::Configure(name) if names.contains(&name.as_str())));
    matching.map(|segment| segment.text.clone()).collect()
}
