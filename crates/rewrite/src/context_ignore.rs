//! `.dockerignore` sections by class of junk: only what the context really holds, never what a COPY names, a manifest, or a
//! file that the sources or the Dockerfile mention.

use std::collections::BTreeSet;

use jettison_dockerfile::ignore::{IgnoreFile, Matcher, pattern_matches};
use jettison_dockerfile::{Instruction, Keyword};
use jettison_ecosystems::{Junk, JunkClass};
use jettison_facts::{Facts, mentions};

use crate::{Decision, nothing};

/// The classes, in the order in which they are written.
pub const CLASSES: &[JunkClass] = &[
    JunkClass::VersionControl,
    JunkClass::Secrets,
    JunkClass::Logs,
    JunkClass::Caches,
    JunkClass::HostBuilds,
    JunkClass::Editors,
    JunkClass::Os,
    JunkClass::Builder,
];

/// Build backends and commands that read the repository's history.
const READ_HISTORY: &[&str] = &[
    "setuptools_scm",
    "setuptools-scm",
    "hatch-vcs",
    "versioneer",
    "poetry-dynamic-versioning",
    "vergen",
    "git-describe",
    "rev-parse",
    "gitpython",
];

/// Subcommands of git that read a repository.
const GIT_READS: &[&str] = &[
    "archive",
    "branch",
    "checkout",
    "describe",
    "diff",
    "fetch",
    "lfs",
    "log",
    "ls-files",
    "name-rev",
    "pull",
    "rev-list",
    "rev-parse",
    "show",
    "status",
    "submodule",
    "tag",
];

/// What `--write` lays into the context.
const OWN: [&str; 2] = [".dockerignore", "jettison.proof.json"];

/// One section.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Of what.
    pub class: JunkClass,
    /// Lines to write, `!` lines included.
    pub patterns: Vec<String>,
    /// Files of the context that they leave out.
    pub files: Vec<String>,
    /// Their bytes.
    pub bytes: u64,
    /// Image paths that are then absent, in ignore-file syntax relative to `/`.
    pub may_drop: Vec<String>,
}

/// The section for one class, as far as it is safe.
pub fn section(facts: &Facts<'_>, class: JunkClass) -> Decision<Section> {
    let Some(sent) = facts.world.paths("**", false) else { nothing!("the context is not known") };
    let copied = copied_folders(facts);
    if copied.is_empty() {
        nothing!("no COPY takes a folder of the context");
    }
    let mut section = Section { class, patterns: Vec::new(), files: Vec::new(), bytes: 0, may_drop: Vec::new() };
    let mut kept = Vec::new();
    for row in jettison_ecosystems::load().junk.iter().filter(|row| row.class == class && concerns(facts, row)) {
        let files = matches(row, &sent);
        match load_bearing(facts, row, &files) {
            Some(reason) if !files.is_empty() => kept.push(reason),
            None if !files.is_empty() => {
                let lines =
                    std::iter::once(row.pattern.clone()).chain(row.except.iter().map(|pattern| format!("!{pattern}")));
                section.patterns.extend(lines);
                section.files.extend(files);
            }
            // what is laid there later must not count as a change of the context then
            None if OWN.contains(&row.pattern.as_str()) => section.patterns.push(row.pattern.clone()),
            _ => {}
        }
    }
    section.files.sort();
    section.files.dedup();
    // for their sake alone nothing is written: it would be written anew after every --write
    if section.files.iter().all(|path| OWN.iter().any(|own| path.ends_with(own))) {
        match kept.into_iter().next() {
            Some(reason) => return Decision::Refuse(reason),
            None => nothing!("none are sent"),
        }
    }
    section.bytes = section.files.iter().filter_map(|path| facts.world.size(path)).sum();
    let patterns = section.patterns.iter().filter(|pattern| !pattern.starts_with('!'));
    section.may_drop = patterns
        .flat_map(|pattern| copied.iter().map(move |(source, target)| in_image(source, target, pattern)))
        .collect();
    Decision::Apply(section)
}

/// Rows for all, and rows for the ecosystems that the project or the Dockerfile shows.
fn concerns(facts: &Facts<'_>, row: &Junk) -> bool {
    let Some(ecosystem) = &row.ecosystem else { return true };
    let family = |stage: &jettison_facts::StageFacts| stage.base.as_ref().and_then(|base| base.family.clone());
    facts.project.languages.contains(ecosystem)
        || facts.project.manifests.iter().any(|manifest| &manifest.ecosystem == ecosystem)
        || facts.stages.iter().filter_map(family).any(|family| &family == ecosystem)
}

fn matches(row: &Junk, sent: &[String]) -> Vec<String> {
    let text = std::iter::once(row.pattern.clone()).chain(row.except.iter().map(|pattern| format!("!{pattern}")));
    let matcher = Matcher::new(&IgnoreFile::parse(text.collect::<Vec<_>>().join("\n").as_bytes()));
    let files: Vec<String> = sent.iter().filter(|path| matcher.is_ignored(path)).cloned().collect();
    match &row.marker {
        Some(marker) if !files.iter().any(|path| path.ends_with(&format!("/{marker}"))) => Vec::new(),
        _ => files,
    }
}

/// Context folders that some COPY takes, with where they land.
fn copied_folders(facts: &Facts<'_>) -> Vec<(String, String)> {
    let copies = facts.stages.iter().flat_map(|stage| &stage.copies).filter(|copy| copy.from.is_none() && !copy.opaque);
    let mut folders: Vec<(String, String)> = copies
        .flat_map(|copy| {
            copy.sources.iter().map(|source| (source.trim_end_matches('/').to_owned(), copy.destination.clone()))
        })
        .collect();
    folders.sort();
    folders.dedup();
    folders
}

/// An ignore pattern as the path it has in the image, where `source` is copied to `target`.
fn in_image(source: &str, target: &str, pattern: &str) -> String {
    let target = target.trim_matches('/');
    let below = if source == "." {
        pattern.to_owned()
    } else {
        pattern.strip_prefix(&format!("{source}/")).unwrap_or(pattern).to_owned()
    };
    if target.is_empty() { below } else { format!("{target}/{below}") }
}

/// Why the row's files must stay, if so.
fn load_bearing(facts: &Facts<'_>, row: &Junk, files: &[String]) -> Option<String> {
    if let Some(source) = named_source(facts, row, files) {
        return Some(format!("COPY names `{source}`"));
    }
    if let Some((line, name)) = named_in_dockerfile(facts, row, files) {
        return Some(format!("line {line} names `{name}`"));
    }
    match row.class {
        JunkClass::VersionControl => reads_history(facts),
        JunkClass::HostBuilds => {
            (!is_made_in_the_build(facts, row)).then(|| "no RUN makes it, so the image runs with the host's".to_owned())
        }
        JunkClass::Secrets | JunkClass::Logs | JunkClass::Builder => named_in_sources(facts, row, files),
        JunkClass::Caches | JunkClass::Editors | JunkClass::Os => None,
    }
}

/// A COPY source (not a whole folder above) that the pattern would leave out.
fn named_source(facts: &Facts<'_>, row: &Junk, files: &[String]) -> Option<String> {
    let matcher = Matcher::new(&IgnoreFile::parse(row.pattern.as_bytes()));
    let copies = facts.stages.iter().flat_map(|stage| &stage.copies).filter(|copy| copy.from.is_none());
    let mounts = facts
        .dockerfile
        .instructions()
        .iter()
        .filter_map(|instruction| instruction.as_run())
        .flat_map(|run| run.mounts);
    let bound = mounts.filter(|mount| mount.kind == "bind" && mount.from.is_none()).filter_map(|mount| mount.source);
    let sources = copies.flat_map(|copy| copy.sources.clone()).chain(bound);
    sources
        .map(|source| source.trim_start_matches("./").trim_matches('/').to_owned())
        .filter(|source| source != "." && !source.is_empty())
        .find(|source| {
            let glob = source.contains(['*', '?', '[']) && source != "*";
            matcher.is_ignored(source)
                || (glob && files.iter().any(|file| pattern_matches(source, file)))
                || is_emptied(facts, source, files)
        })
}

/// Whether a folder that a COPY names would have nothing left: its copy would fail, or be empty in silence.
fn is_emptied(facts: &Facts<'_>, folder: &str, files: &[String]) -> bool {
    let inside = format!("{folder}/");
    let sent = facts.world.paths("**", false).unwrap_or_default();
    let mut below = sent.iter().filter(|path| path.starts_with(&inside)).peekable();
    below.peek().is_some() && below.all(|path| files.contains(path))
}

/// A RUN, CMD, ENTRYPOINT or HEALTHCHECK that names one of the files, or the folder they lie in.
fn named_in_dockerfile(facts: &Facts<'_>, row: &Junk, files: &[String]) -> Option<(u32, String)> {
    let names = distinct_names(row, files);
    let commands = facts.dockerfile.instructions().iter().filter(|instruction| {
        matches!(
            instruction.keyword,
            Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck | Keyword::Env
        )
    });
    for instruction in commands {
        let words = instruction.body.text.split(|c: char| c.is_whitespace() || "\"',;&|()=:".contains(c));
        for word in words {
            if is_removal(&instruction.body.text) {
                break;
            }
            let parts: BTreeSet<&str> = word.split('/').collect();
            if let Some(name) = names.iter().find(|name| parts.contains(name.as_str())) {
                return Some((instruction.line, name.clone()));
            }
        }
    }
    None
}

fn is_removal(text: &str) -> bool {
    text.trim_start().starts_with("rm ")
}

/// Names to look for: the pattern's own last part if it is literal, else the files' names.
fn distinct_names(row: &Junk, files: &[String]) -> BTreeSet<String> {
    let last = row.pattern.rsplit('/').next().unwrap_or(&row.pattern);
    if !last.contains(['*', '?', '[']) {
        return BTreeSet::from([last.to_owned()]);
    }
    files.iter().take(200).filter_map(|path| path.rsplit('/').next()).map(str::to_owned).collect()
}

fn named_in_sources(facts: &Facts<'_>, row: &Junk, files: &[String]) -> Option<String> {
    let mut names: Vec<String> = distinct_names(row, files).into_iter().collect();
    if row.class == JunkClass::Secrets
        && files.iter().any(|path| path.rsplit('/').next().is_some_and(|name| name.starts_with(".env")))
    {
        names.extend(["dotenv", "load_dotenv", "python-dotenv", "decouple", "environs", "env_file"].map(str::to_owned));
    }
    if files.is_empty() {
        return None;
    }
    let words: Vec<&str> = names.iter().map(String::as_str).collect();
    let mention = mentions::mentioned(facts, &words).into_iter().find(|mention| !files.contains(&mention.path))?;
    Some(format!("`{}` is named in {}:{}", mention.word, mention.path, mention.line))
}

fn reads_history(facts: &Facts<'_>) -> Option<String> {
    let mut instructions = facts.dockerfile.instructions().iter();
    let run = instructions.find(|instruction| instruction.keyword == Keyword::Run && calls_git(facts, instruction));
    if let Some(run) = run {
        return Some(format!("line {} calls git", run.line));
    }
    let mention = mentions::mentioned(facts, READ_HISTORY).into_iter().next()?;
    Some(format!("`{}` in {}:{} reads the history", mention.word, mention.path, mention.line))
}

/// Whether a RUN calls git for anything but a clone; a script that cannot be read calls it if it names it.
fn calls_git(facts: &Facts<'_>, run: &Instruction) -> bool {
    let other = |pair: &[&str]| pair[0] == "git" && !["clone", "config"].contains(&pair[1]);
    match run.script(&facts.dockerfile).as_ref().and_then(|parsed| parsed.script()) {
        Some(script) => script.simple_commands().into_iter().any(|command| {
            let next = command.args().next().flatten().unwrap_or_default();
            command.name() == Some("git") && other(&["git", next])
        }),
        None => {
            let words = run.body.text.split(|c: char| c.is_whitespace() || "&;|($`\",[".contains(c));
            let reads = |pair: &[&str]| pair[0] == "git" && (GIT_READS.contains(&pair[1]) || pair[1].starts_with('-'));
            words.filter(|word| !word.is_empty()).collect::<Vec<_>>().windows(2).any(reads)
        }
    }
}

/// Whether some RUN calls a tool that makes what the row calls the host's.
fn is_made_in_the_build(facts: &Facts<'_>, row: &Junk) -> bool {
    let managers = jettison_ecosystems::load().managers.iter().filter(|manager| row.made_by.contains(&manager.id));
    let commands: BTreeSet<&str> =
        managers.flat_map(|manager| &manager.commands).chain(&row.made_by).map(String::as_str).collect();
    let runs = facts.dockerfile.instructions().iter().filter(|instruction| instruction.keyword == Keyword::Run);
    runs.into_iter().any(|run| {
        let words = run.body.text.split(|c: char| c.is_whitespace() || "&;|(\"[,".contains(c));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let calls = |at: &usize| commands.contains(words[*at].rsplit('/').next().unwrap_or(words[*at]));
        (0..words.len()).filter(calls).any(|at| !only_runs_a_script(&words[at..]))
    })
}

/// `npm run build`, `yarn build`, `npm install -g x`: they use what is there, and make no `node_modules` of the project.
fn only_runs_a_script(words: &[&str]) -> bool {
    let node = ["npm", "pnpm", "yarn", "yarnpkg", "bun"].contains(&words[0].rsplit('/').next().unwrap_or(words[0]));
    let rest = words.iter().skip(1).find(|word| !word.starts_with('-')).copied();
    let installs = ["install", "i", "ci", "clean-install", "add", "update", "install-ci-test", "it", "cit"];
    let global =
        words.iter().skip(1).take(4).any(|word| ["-g", "--global", "--location=global", "global"].contains(word));
    // a bare `yarn` installs; what stands after it is another command then
    let bare = words[0].ends_with("yarn")
        && words.get(1).is_none_or(|word| word.starts_with('-') || ["#", "npm", "yarn", "node"].contains(word));
    node && !bare && (global || !rest.is_some_and(|word| installs.contains(&word)))
}

/// The text of a section, to be put at the end of an ignore file.
pub fn text(section: &Section, line_end: &str) -> String {
    let title = format!("# {}", title(section.class));
    std::iter::once(title).chain(section.patterns.iter().cloned()).map(|line| format!("{line}{line_end}")).collect()
}

fn title(class: JunkClass) -> &'static str {
    match class {
        JunkClass::VersionControl => "version control",
        JunkClass::Secrets => "secrets: give them at run time instead",
        JunkClass::Logs => "logs",
        JunkClass::Caches => "caches of tools",
        JunkClass::HostBuilds => "made on this machine; the build makes its own",
        JunkClass::Editors => "editors",
        JunkClass::Os => "operating systems",
        JunkClass::Builder => "how the image is built and run",
    }
}
