//! People's tools (editors, downloaders) that nothing names: not installed any more.

use std::collections::BTreeSet;

use jettison_dockerfile::Item;
use jettison_facts::{AptInstall, Facts, Role, RunFacts, SegmentKind, mentions};
use jettison_model::{Edit, LineIndex, Span};

use crate::apt::{bare, word_with_gap};
use crate::lines::Lines;
use crate::{Change, Decision, nothing, refuse};

/// Tools that only people call: no installer or build does.
const IS_FOR_PEOPLE: &[&str] = &[
    "vim",
    "vim-tiny",
    "vim-nox",
    "neovim",
    "nano",
    "emacs",
    "emacs-nox",
    "htop",
    "tmux",
    "screen",
    "less",
    "tree",
    "mc",
    "man-db",
    "strace",
    "ltrace",
    "gdb",
    "iputils-ping",
    "telnet",
    "dnsutils",
    "tcpdump",
    "nmap",
    "iotop",
    "sysstat",
    "lsof",
    "traceroute",
];

/// Of these, those that scripts call all the same: percona's `lsof`, health checks' `ping`.
const IS_CALLED_BY_SCRIPTS: &[&str] =
    &["dnsutils", "iputils-ping", "less", "lsof", "nmap", "screen", "sysstat", "telnet", "tmux", "traceroute"];

/// What was taken out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Removed {
    /// The edits.
    pub change: Change,
    /// Packages that are not installed any more.
    pub packages: Vec<String>,
}

/// Takes tool packages that nothing names out of every `apt-get install`.
pub fn unused_tools(facts: &Facts<'_>) -> Decision<Removed> {
    let tools = tool_packages(facts, &BTreeSet::new());
    if tools.is_empty() {
        nothing!("no editors, downloaders or other people's tools are installed");
    }
    if let Some(reason) = cannot_know(facts) {
        return Decision::Refuse(reason);
    }
    let packages = unused(facts);
    if packages.is_empty() {
        let named = tools.into_iter().find_map(|package| use_of(facts, &package).map(|place| (place, package)));
        match named {
            Some((place, package)) => nothing!("`{package}` is named in {place}"),
            None => nothing!("every tool is named"),
        }
    }
    let mut change = Change::default();
    for run in facts.stages.iter().filter(|stage| stage.role != Role::Unused).flat_map(|stage| &stage.runs) {
        if let Err(reason) = take_out(facts, run, &packages, &mut change) {
            refuse!("{reason}");
        }
    }
    change.does = format!("nothing names {}", packages.join(", "));
    change.may_drop = vec!["**".into(), "!usr/local".into(), "!opt".into(), "!srv".into(), "!home".into()];
    if let Some(workdir) = facts.final_stage().and_then(|stage| stage.workdir.as_ref()).filter(|path| *path != "/") {
        change.may_drop.push(format!("!{}", workdir.trim_start_matches('/')));
    }
    Decision::Apply(Removed { change, packages })
}

/// Why it cannot be told what calls a tool: the sources are unknown, people work in the image, or packages' own scripts are run.
fn cannot_know(facts: &Facts<'_>) -> Option<String> {
    if facts.world.paths("**", false).is_none() {
        return Some("what the sources call is not known without the context".to_owned());
    }
    let mut copies = facts.stages.iter().filter(|stage| stage.role != Role::Unused).flat_map(|stage| &stage.copies);
    if !copies.any(|copy| copy.from.is_none()) {
        return Some("nothing of the context is copied, so what runs, and what it calls, is not known".to_owned());
    }
    let argv = entry_argv(facts);
    let Some((first, rest)) = argv.split_first() else {
        return Some("the file does not say what runs, so people may work in the image".to_owned());
    };
    let name = first.rsplit('/').next().unwrap_or(first);
    let waits = ["tail", "sleep", "sshd"].contains(&name);
    let is_shell = ["sh", "bash", "dash", "ash", "zsh", "fish"].contains(&name);
    let for_people = waits || is_shell && rest.iter().all(|word| word.starts_with('-'));
    for_people.then(|| format!("`{name}` is what runs, so people may work in the image"))
}

/// The words of what runs: ENTRYPOINT, else CMD, as the file or else the built image says.
fn entry_argv(facts: &Facts<'_>) -> Vec<String> {
    let entry = facts.final_stage().map(|stage| &stage.entry);
    let command = entry.and_then(|entry| entry.entrypoint.as_ref().or(entry.cmd.as_ref()));
    if let Some(command) = command {
        let words = || command.text.split_whitespace().map(str::to_owned).collect();
        return command.argv.clone().unwrap_or_else(words);
    }
    let Some(observed) = facts.world.observed() else { return Vec::new() };
    let config = &observed.image.config;
    config.entrypoint.clone().filter(|words| !words.is_empty()).or_else(|| config.cmd.clone()).unwrap_or_default()
}

/// `dpkg -i`, a script that was downloaded, `add-apt-repository`: what they call is not written down here.
fn calls_other_installers(facts: &Facts<'_>, run: &RunFacts) -> bool {
    let text = &facts.dockerfile.instructions()[run.instruction].body.text;
    let piped = text.split('|').skip(1).any(|part| {
        let words = part.split_whitespace().filter(|word| !["sudo", "-E"].contains(word) && !word.contains('='));
        words.into_iter().next().is_some_and(|word| ["sh", "bash", "/bin/sh", "/bin/bash"].contains(&word))
    });
    piped || ["dpkg -i", "dpkg --install", "add-apt-repository", "gdebi "].iter().any(|sign| text.contains(sign))
}

/// A RUN that gets programs or sources from elsewhere: what they call is not written down here.
fn downloads(facts: &Facts<'_>, run: &RunFacts) -> bool {
    let text = &facts.dockerfile.instructions()[run.instruction].body.text;
    ["://", "git@"].iter().any(|sign| text.contains(sign))
}

/// The tools that nothing names, and then those that were there for their sake alone: one plan goes all the way.
fn unused(facts: &Facts<'_>) -> Vec<String> {
    let mut gone = BTreeSet::new();
    loop {
        let tools = tool_packages(facts, &gone);
        let more: Vec<String> = tools.into_iter().filter(|package| use_of(facts, package).is_none()).collect();
        if more.is_empty() {
            return gone.into_iter().collect();
        }
        gone.extend(more);
    }
}

/// The tools that are installed, without those that are `gone` and what the rest needs.
fn tool_packages(facts: &Facts<'_>, gone: &BTreeSet<String>) -> BTreeSet<String> {
    let data = jettison_ecosystems::load();
    let words = crate::runtime::installed_words(facts);
    let words: BTreeSet<&str> = words.iter().map(|word| bare(word)).filter(|name| !gone.contains(*name)).collect();
    // what an installed package needs of its recommendations is named for its sake
    let rows = data.recommended.iter().filter(|row| words.contains(row.package.as_str()));
    let needed: BTreeSet<&str> = rows.flat_map(|row| row.needs.iter().map(String::as_str)).collect();
    words
        .into_iter()
        .filter(|name| data.apt_role(name) == "tool" && !needed.contains(name))
        .map(str::to_owned)
        .collect()
}

/// Where a package's programs are named, if anywhere.
fn use_of(facts: &Facts<'_>, package: &str) -> Option<String> {
    build_use(facts, package).or_else(|| run_use(facts, package))
}

/// Whether it is the build that uses a package's programs, and nothing that runs.
pub(crate) fn only_builds(facts: &Facts<'_>, package: &str) -> bool {
    build_use(facts, package).is_some() && run_use(facts, package).is_none()
}

/// A comment that says what a package is for.
fn comment_for(facts: &Facts<'_>, package: &str) -> Option<u32> {
    const REASONS: [&str; 10] =
        ["because", "for", "need", "needed", "needs", "required", "requires", "so", "used", "uses"];
    let comments = facts.dockerfile.items().iter().filter_map(|item| match item {
        Item::Comment(span) => Some(*span),
        _ => None,
    });
    let names = |span: &Span| {
        let text = facts.dockerfile.text_of(*span).to_ascii_lowercase();
        names_any(&text, &[package]) && text.split_whitespace().any(|word| REASONS.contains(&word))
    };
    let lines = LineIndex::new(facts.dockerfile.source());
    comments.into_iter().find(names).map(|span| lines.line(span.start))
}

/// What of the build uses a package's programs.
fn build_use(facts: &Facts<'_>, package: &str) -> Option<String> {
    let programs = programs_of(package);
    let names: Vec<&str> = programs.iter().map(String::as_str).collect();
    let mut runs = facts.stages.iter().filter(|stage| stage.role != Role::Unused).flat_map(|stage| &stage.runs);
    if let Some(run) = runs.find(|run| names_any(&text_without_installs(facts, run), &names)) {
        return Some(format!("line {}", facts.dockerfile.instructions()[run.instruction].line));
    }
    if let Some(line) = comment_for(facts, package) {
        return Some(format!("the comment at line {line}"));
    }
    if package == "git" && has_git_dependencies(facts) {
        return Some("a dependency that is fetched with git".to_owned());
    }
    implied_use(facts, package).map(|line| format!("line {line}, whose command calls it"))
}

/// What that runs uses, or may use, a package's programs.
fn run_use(facts: &Facts<'_>, package: &str) -> Option<String> {
    let programs = programs_of(package);
    let names: Vec<&str> = programs.iter().map(String::as_str).collect();
    for stage in facts.stages.iter().filter(|stage| stage.role != Role::Unused) {
        let entry = [&stage.entry.entrypoint, &stage.entry.cmd, &stage.entry.healthcheck];
        if entry.into_iter().flatten().any(|command| names_any(&command.text, &names)) {
            return Some("the entry command".to_owned());
        }
    }
    if let Some(observed) = facts.world.observed() {
        let ran = observed.programs.iter().filter_map(|path| path.rsplit('/').next()).find(|name| names.contains(name));
        if let Some(name) = ran {
            return Some(format!("`{name}`, which ran"));
        }
    }
    if let Some(path) = in_compose(facts, &names) {
        return Some(path);
    }
    mentions::mentioned(facts, &names).first().map(|mention| format!("{}:{}", mention.path, mention.line))
}

/// A compose file, sent or not, that names one: its commands and health checks run in the image.
fn in_compose(facts: &Facts<'_>, names: &[&str]) -> Option<String> {
    let is_compose = |path: &String| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
        yaml && (name.starts_with("compose") || name.starts_with("docker-compose"))
    };
    let mut files = facts.world.paths("**", true)?.into_iter().filter(is_compose);
    files.find(|path| {
        let bytes = facts.world.read(path, 1 << 20).unwrap_or_default();
        names_any(&String::from_utf8_lossy(&bytes), names)
    })
}

fn programs_of(package: &str) -> Vec<String> {
    let mut programs = jettison_ecosystems::load().apt_row(package).map(|row| row.programs.clone()).unwrap_or_default();
    programs.push(package.to_owned());
    programs
}

fn has_git_dependencies(facts: &Facts<'_>) -> bool {
    let manifests = facts.project.manifests.iter().filter_map(|manifest| facts.world.read(&manifest.path, 1 << 20));
    manifests.into_iter().any(|bytes| {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        ["git+", "github:", "gitlab:", "bitbucket:", "git://", "git ="].iter().any(|sign| text.contains(sign))
    })
}

/// Tools that other commands call without naming them: `tar` its compressors, language package managers git and archivers.
fn implied_use(facts: &Facts<'_>, package: &str) -> Option<u32> {
    let mut runs = facts.stages.iter().filter(|stage| stage.role != Role::Unused).flat_map(|stage| &stage.runs);
    let line = |run: &RunFacts| facts.dockerfile.instructions()[run.instruction].line;
    if !IS_FOR_PEOPLE.contains(&package)
        && let Some(run) = runs.clone().find(|run| calls_other_installers(facts, run))
    {
        return Some(line(run));
    }
    let only_by_people = IS_FOR_PEOPLE.contains(&package) && !IS_CALLED_BY_SCRIPTS.contains(&package);
    if !only_by_people && let Some(run) = runs.find(|run| downloads(facts, run)) {
        return Some(line(run));
    }
    if package == "apt-transport-https" {
        let mut runs = facts.dockerfile.instructions().iter();
        let is_source = |text: &str| ["sources.list", "apt-key", "deb http"].iter().any(|sign| text.contains(sign));
        return runs.find(|one| is_source(&one.body.text)).map(|one| one.line);
    }
    let callers: &[&str] = match package {
        "bzip2" | "xz-utils" | "zstd" | "lzip" | "lzma" | "pigz" => &["tar", "make", "pecl", "rustup"],
        "unzip" | "zip" | "p7zip-full" => &["composer", "sdk", "gradle", "gradlew", "bun", "deno"],
        "git" | "mercurial" | "subversion" => &[
            "go", "composer", "bundle", "cargo", "make", "cmake", "mix", "bower", "pod", "conan", "mvn", "gradle",
            "gradlew",
        ],
        "patch" | "rsync" | "file" => &["make", "cmake", "bundle", "gem", "cargo", "quilt", "configure"],
        "gnupg" | "gnupg2" | "gpg" | "dirmngr" => &["apt-key", "debsign", "rvm"],
        "wget" | "curl" => &["make", "cmake", "cargo", "gradlew", "mvnw", "rustup", "sdk", "nvm"],
        "procps" | "psmisc" => &["nodemon", "concurrently", "gradle", "gradlew"],
        _ => &[],
    };
    let mut runs = facts.stages.iter().filter(|stage| stage.role != Role::Unused).flat_map(|stage| &stage.runs);
    runs.find(|run| names_any(&text_without_installs(facts, run), callers)).map(line)
}

/// A RUN's text without its `apt-get install` commands. An opaque RUN counts whole.
fn text_without_installs(facts: &Facts<'_>, run: &RunFacts) -> String {
    let Some(segments) = &run.segments else {
        return facts.dockerfile.instructions()[run.instruction].body.text.to_string();
    };
    let rest = segments.iter().filter(|segment| !matches!(segment.kind, SegmentKind::AptInstall(_)));
    rest.map(|segment| segment.text.as_str()).collect::<Vec<_>>().join("\n")
}

fn names_any(text: &str, names: &[&str]) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && !"._+-".contains(c))
        .any(|word| names.contains(&word.rsplit('/').next().unwrap_or(word)))
}

fn take_out(facts: &Facts<'_>, run: &RunFacts, packages: &[String], change: &mut Change) -> Result<(), String> {
    let Some(segments) = &run.segments else { return Ok(()) };
    let lines = Lines::new(&facts.dockerfile);
    let instruction = &facts.dockerfile.instructions()[run.instruction];
    for segment in segments {
        let SegmentKind::AptInstall(install) = &segment.kind else { continue };
        let gone: Vec<_> =
            install.packages.iter().filter(|(word, _)| packages.iter().any(|package| package == bare(word))).collect();
        if gone.is_empty() {
            continue;
        }
        if install.opaque {
            return Err(format!("line {} installs packages named by variables", instruction.line));
        }
        if change.edits.is_empty() {
            change.at = segment.span.start as usize;
        }
        let rest_is_for_them = install
            .packages
            .iter()
            .all(|(word, _)| packages.iter().any(|package| package == bare(word) || is_needed_by(bare(word), package)));
        if rest_is_for_them && !only_installs(segments, install) {
            return Err(format!("line {} would be left with an empty install among other commands", instruction.line));
        }
        if gone.len() < install.packages.len() {
            let escape = facts.dockerfile.escape() as u8;
            let source = facts.dockerfile.source();
            for (at, (_, span)) in install.packages.iter().enumerate().filter(|(_, one)| gone.contains(one)) {
                let next = install.packages.get(at + 1).filter(|one| !gone.contains(one));
                let cut = next.and_then(|(_, next)| first_of_line(source, *span, *next));
                change.edits.push(Edit::delete(cut.unwrap_or_else(|| word_with_gap(source, *span, escape))));
            }
        } else {
            change.edits.push(lines.remove(run.instruction));
        }
    }
    Ok(())
}

/// A word that begins a continuation line, with the blanks up to the next word of that line.
fn first_of_line(source: &[u8], word: Span, next: Span) -> Option<Span> {
    let before = source.get(..word.start as usize)?.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'))?;
    let between = source.get(word.end as usize..next.start as usize)?;
    let same_line = between.iter().all(|byte| matches!(byte, b' ' | b'\t'));
    (*before == b'\n' && same_line).then_some(Span { start: word.start, end: next.start })
}

/// Whether `name` is there because the data says that `package` needs it.
fn is_needed_by(name: &str, package: &str) -> bool {
    let rows = jettison_ecosystems::load().recommended.iter().filter(|row| row.package == package);
    rows.into_iter().any(|row| row.needs.iter().any(|need| need == name))
}

/// Whether a RUN does nothing but this one install and its housekeeping.
fn only_installs(segments: &[jettison_facts::Segment], install: &AptInstall) -> bool {
    segments.iter().all(|segment| match &segment.kind {
        SegmentKind::AptInstall(other) => other == install,
        SegmentKind::AptUpdate | SegmentKind::AptOther | SegmentKind::AptListsRemoved => true,
        SegmentKind::ShellState(name) => name == "set",
        _ => false,
    })
}
