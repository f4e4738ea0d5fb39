//! Manifests are copied before the sources, so that an edit of a source file does not install the dependencies again.

use std::collections::BTreeSet;

use jettison_dockerfile::Keyword;
use jettison_facts::{
    CopyFacts, Facts, NpmInstall, NpmKind, PipInstall, Role, RunFacts, SegmentKind, StageFacts, requirements,
};

use crate::lines::Lines;
use crate::{Change, Decision, nothing, package_json, refuse};

/// What npm, yarn and pnpm read at install, if it is there.
const NODE_FILES: &[&str] = &[
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    ".npmrc",
    "yarn.lock",
    ".yarnrc",
    ".yarnrc.yml",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    ".pnpmfile.cjs",
];

/// Copies manifests first, in the first stage where that helps.
pub fn copy_split(facts: &Facts<'_>) -> Decision {
    let mut why = None;
    for stage in facts.stages.iter().filter(|stage| stage.role != Role::Unused) {
        for copy in &stage.copies {
            match split_one(facts, stage, copy) {
                Decision::Apply(change) => return Decision::Apply(change),
                Decision::Refuse(reason) => why = Some(reason),
                Decision::Nothing(_) => {}
            }
        }
    }
    match why {
        Some(reason) => Decision::Refuse(reason),
        None => Decision::Nothing("dependencies do not depend on the sources".into()),
    }
}

/// What may be said of one RUN after the COPY.
enum Dependence {
    /// It reads nothing of the context.
    Free,
    /// It reads these manifests (relative to the copied folder) and nothing else.
    Manifests(BTreeSet<String>),
    /// It reads anything.
    Sources,
}

fn split_one(facts: &Facts<'_>, stage: &StageFacts, copy: &CopyFacts) -> Decision {
    let [source] = &copy.sources[..] else { nothing!("several sources") };
    if copy.from.is_some() || copy.opaque || copy.is_add {
        nothing!("not a plain copy of a context folder");
    }
    let folder = if source == "." { String::new() } else { source.trim_end_matches('/').to_owned() };
    let sent = match facts.world.paths("**", false) {
        Some(sent) => sent,
        None => nothing!("the context is not known"),
    };
    if let Some(path) = lands_in_system(copy, &folder, &sent) {
        nothing!("`{path}` lands in a folder of the system, which what comes after may read");
    }
    let is_folder = folder.is_empty() || sent.iter().any(|path| path.starts_with(&format!("{folder}/")));
    if !is_folder {
        nothing!("a single file");
    }
    let project = Project { facts, folder: &folder, sent: &sent, workdir: workdir_of(facts, copy) };
    let mut first_install = None;
    let mut last_free = None;
    let mut worth_it = false;
    let mut manifests = BTreeSet::new();
    for at in copy.instruction + 1..facts.graph.stages[stage.index].instructions.end {
        let instruction = &facts.dockerfile.instructions()[at];
        match instruction.keyword {
            Keyword::Run => {}
            Keyword::Copy | Keyword::Add | Keyword::Workdir | Keyword::User | Keyword::Shell | Keyword::Volume => break,
            _ => continue,
        }
        let Some(run) = stage.runs.iter().find(|run| run.instruction == at) else { break };
        match project.dependence(run) {
            Ok(Dependence::Free) => {
                last_free = Some(at);
                worth_it |= installs(run);
            }
            Ok(Dependence::Manifests(more)) => {
                manifests.extend(more);
                first_install.get_or_insert(at);
                last_free = Some(at);
            }
            Ok(Dependence::Sources) => break,
            Err(reason) => return Decision::Refuse(reason),
        }
    }
    match (first_install, last_free) {
        (Some(first), Some(last)) => apply(facts, copy, &project, &manifests, first, last),
        (None, Some(last)) if worth_it => move_down(facts, copy, last),
        _ => Decision::Nothing("nothing is installed after it that needs manifests only".into()),
    }
}

/// A file of the copied folder that packages or installers may read where it lands.
fn lands_in_system(copy: &CopyFacts, folder: &str, sent: &[String]) -> Option<String> {
    const SYSTEM: [&str; 9] =
        ["/bin/", "/etc/", "/lib/", "/root/", "/sbin/", "/usr/bin/", "/usr/lib/", "/usr/local/", "/var/lib/"];
    const APPS: [&str; 2] = ["/usr/local/app/", "/usr/local/src/"];
    let below = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let target = copy.destination.trim_end_matches('/');
    let paths = sent.iter().filter_map(|path| path.strip_prefix(&below)).map(|path| format!("{target}/{path}"));
    let is_system = |path: &String| {
        SYSTEM.iter().any(|start| path.starts_with(start)) && !APPS.iter().any(|start| path.starts_with(start))
    };
    paths.into_iter().find(is_system)
}

/// Whether a RUN takes long enough for its place to matter.
fn installs(run: &RunFacts) -> bool {
    let counts = |kind: &SegmentKind| {
        matches!(
            kind,
            SegmentKind::AptInstall(_)
                | SegmentKind::AptUpgrade
                | SegmentKind::PipInstall(_)
                | SegmentKind::NpmInstall(_)
        )
    };
    run.segments.iter().flatten().any(|segment| counts(&segment.kind))
}

fn workdir_of(facts: &Facts<'_>, copy: &CopyFacts) -> String {
    let effective = facts.graph.effective(&facts.dockerfile, copy.instruction, &Default::default());
    effective.workdir.unwrap_or_else(|| copy.destination.clone())
}

fn apply(
    facts: &Facts<'_>,
    copy: &CopyFacts,
    project: &Project<'_, '_>,
    manifests: &BTreeSet<String>,
    first: usize,
    last: usize,
) -> Decision {
    let instruction = &facts.dockerfile.instructions()[copy.instruction];
    let lines = Lines::new(&facts.dockerfile);
    let Some(destination) = instruction.words.last().map(|word| word.raw.clone()) else { nothing!("no destination") };
    if manifests.is_empty() || project.overwrites_installed() {
        refuse!("the context brings installed packages of its own, which would replace the image's; ignore them first");
    }
    let mut copies = Vec::new();
    for folder in manifests.iter().map(|path| parent(path)).collect::<BTreeSet<_>>() {
        let files: Vec<String> =
            manifests.iter().filter(|path| parent(path) == folder).map(|path| project.in_context(path)).collect();
        if files.iter().any(|file| file.chars().any(|c| c.is_whitespace() || "*?[]\\\"'$".contains(c))) {
            refuse!("a manifest's name has characters that need quoting");
        }
        let target = join(&destination, &folder);
        copies.push(format!("COPY {}{} {target}", lines.flags(instruction), files.join(" ")));
    }
    let own = lines.verbatim(copy.instruction, true);
    let edits =
        vec![lines.delete_with_comments(copy.instruction), lines.before(first, &copies), lines.after(last, &[own])];
    Decision::Apply(Change {
        edits,
        at: instruction.span.start as usize,
        does: "an edit of a source file does not install dependencies again".into(),
        may_drop: Vec::new(),
    })
}

/// Nothing needs manifests, but steps that read nothing of the context stand after the copy.
fn move_down(facts: &Facts<'_>, copy: &CopyFacts, last: usize) -> Decision {
    let lines = Lines::new(&facts.dockerfile);
    let instruction = &facts.dockerfile.instructions()[copy.instruction];
    let own = lines.verbatim(copy.instruction, true);
    let edits = vec![lines.delete_with_comments(copy.instruction), lines.after(last, &[own])];
    Decision::Apply(Change {
        edits,
        at: instruction.span.start as usize,
        does: "steps that do not read the sources come before them".into(),
        may_drop: Vec::new(),
    })
}

fn parent(path: &str) -> String {
    path.rsplit_once('/').map_or(String::new(), |(parent, _)| parent.to_owned())
}

/// The destination folder for manifests of a sub-folder, always with a slash at the end.
fn join(destination: &str, folder: &str) -> String {
    let base = destination.trim_end_matches('/');
    match (base, folder) {
        ("", "") => "/".to_owned(),
        (base, "") => format!("{base}/"),
        (".", folder) => format!("{folder}/"),
        (base, folder) => format!("{base}/{folder}/"),
    }
}

/// The copied folder, seen by the commands that run after it.
struct Project<'a, 'w> {
    facts: &'a Facts<'w>,
    /// Context-relative; empty for the whole context.
    folder: &'a str,
    sent: &'a [String],
    workdir: String,
}

impl Project<'_, '_> {
    fn in_context(&self, path: &str) -> String {
        if self.folder.is_empty() { path.to_owned() } else { format!("{}/{path}", self.folder) }
    }

    fn has(&self, path: &str) -> bool {
        let path = self.in_context(path);
        self.sent.contains(&path)
    }

    fn read(&self, path: &str) -> Option<String> {
        let bytes = self.facts.world.read(&self.in_context(path), 4 << 20)?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Host-made `node_modules` would replace the installed one once sources are copied after the install.
    fn overwrites_installed(&self) -> bool {
        self.sent.iter().any(|path| path.starts_with(&self.in_context("node_modules/")))
    }

    fn dependence(&self, run: &RunFacts) -> Result<Dependence, String> {
        let Some(segments) = &run.segments else { return Ok(Dependence::Sources) };
        let mut manifests = BTreeSet::new();
        for segment in segments {
            match &segment.kind {
                SegmentKind::AptUpdate
                | SegmentKind::AptUpgrade
                | SegmentKind::AptOther
                | SegmentKind::AptListsRemoved => {}
                SegmentKind::AptInstall(install) if !install.packages.iter().any(|(word, _)| word.contains('/')) => {}
                SegmentKind::PipInstall(install) => manifests.extend(self.pip(install)?),
                SegmentKind::NpmInstall(install) => manifests.extend(self.npm(install)?),
                SegmentKind::ShellState(name) if name == "set" => {}
                SegmentKind::Configure(name)
                    if matches!(name.as_str(), "useradd" | "groupadd" | "adduser" | "addgroup")
                        && !segment.words.iter().any(|word| word.as_deref().is_none_or(names_folder)) => {}
                _ => return Ok(Dependence::Sources),
            }
        }
        Ok(if manifests.is_empty() { Dependence::Free } else { Dependence::Manifests(manifests) })
    }

    fn pip(&self, install: &PipInstall) -> Result<BTreeSet<String>, String> {
        if install.local || install.opaque {
            return Err("pip installs something of the context itself".to_owned());
        }
        if install.elsewhere {
            return Err("pip installs into a folder of its own, which the sources could replace".to_owned());
        }
        let mut found = BTreeSet::new();
        for name in install.requirements.iter().chain(&install.constraints) {
            let path = self.relative(name).ok_or_else(|| format!("`{name}` lies outside of the copied folder"))?;
            let requirements = requirements(self.facts.world, &self.in_context(&path));
            if requirements.local {
                return Err(format!("`{path}` installs something of the context itself"));
            }
            let inside = |file: &String| file.strip_prefix(&self.in_context("")).map(str::to_owned);
            let files: Option<Vec<String>> = requirements.files.iter().map(inside).collect();
            let files = files
                .filter(|_| !requirements.opaque)
                .ok_or_else(|| format!("`{path}` or what it includes cannot be followed"))?;
            if let Some(missing) = files.iter().find(|file| !self.has(file)) {
                return Err(format!("`{missing}` is not among the files that are sent"));
            }
            found.extend(files);
        }
        Ok(found)
    }

    /// A path as a command sees it → relative to the copied folder.
    fn relative(&self, name: &str) -> Option<String> {
        let name = name.strip_prefix(&format!("{}/", self.workdir.trim_end_matches('/'))).unwrap_or(name);
        let name = name.trim_start_matches("./");
        (!name.starts_with('/') && !name.split('/').any(|part| part == "..")).then(|| name.to_owned())
    }

    fn npm(&self, install: &NpmInstall) -> Result<BTreeSet<String>, String> {
        if install.named {
            return Ok(BTreeSet::new());
        }
        if install.opaque {
            return Err("the install command has variables".to_owned());
        }
        let manifest = self.read("package.json").filter(|_| self.has("package.json"));
        let manifest = manifest.ok_or("package.json is not among the files that are sent")?;
        if let Some(reason) = package_json::reads_more(&manifest) {
            return Err(reason);
        }
        let workspace = self.read("pnpm-workspace.yaml").filter(|_| self.has("pnpm-workspace.yaml"));
        if workspace.is_some_and(|text| text.contains("packages:") || text.contains("patchedDependencies:")) {
            return Err("pnpm-workspace.yaml names folders of the context".to_owned());
        }
        if let Some(path) = self.sent.iter().find(|path| is_read_by_installers(path)) {
            return Err(format!("`{path}` is read by install scripts of dependencies"));
        }
        if self.sent.iter().any(|path| path.starts_with(&self.in_context(".yarn/"))) && install.kind == NpmKind::Yarn {
            return Err("yarn reads its own folder .yarn".to_owned());
        }
        Ok(NODE_FILES.iter().filter(|name| self.has(name)).map(|name| (*name).to_owned()).collect())
    }
}

/// Files that install scripts of well-known dependencies look for: node-gyp, Prisma's client, Puppeteer.
fn is_read_by_installers(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let outside = !path.contains("node_modules/");
    outside
        && (name == "binding.gyp"
            || name.ends_with(".prisma")
            || name.starts_with(".puppeteerrc")
            || name.starts_with("puppeteer.config."))
}

/// A word of `useradd` that may be a home folder, which the sources could be copied into.
fn names_folder(word: &str) -> bool {
    let is_program =
        ["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/dev/null"].iter().any(|start| word.starts_with(start));
    word.contains('/') && !is_program
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_of_folders_keep_their_folder() {
        assert_eq!(
            (join(".", "a").as_str(), join("/app", "a/b").as_str(), join("./", "").as_str()),
            ("a/", "/app/a/b/", "./")
        );
    }
}
