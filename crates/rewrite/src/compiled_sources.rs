//! Sources and what the compiler made on its way, which a copied working folder brings along: where compiled programs alone run, the
//! final stage needs the programs and the files that are no sources.

use std::collections::{BTreeMap, BTreeSet};

use jettison_facts::{CopyFacts, Facts, Observations, StageFacts};
use jettison_image::{FileKind, ImageSummary};
use jettison_model::Edit;

use crate::lines::Lines;
use crate::moves::{self, is_below};
use crate::{Change, Decision, nothing, refuse};

/// Ends of names of files that a compiler reads.
const SOURCES: &[&str] = &[
    ".a", ".c", ".cc", ".class", ".cpp", ".cxx", ".d", ".go", ".gradle", ".h", ".hh", ".hpp", ".java", ".kt", ".kts",
    ".o", ".proto", ".rlib", ".rmeta", ".rs", ".s", ".scala",
];
/// Names of files that a build reads.
const MANIFESTS: &[&str] = &[
    ".dockerignore",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    "CMakeLists.txt",
    "Cargo.lock",
    "Cargo.toml",
    "Makefile",
    "build.gradle",
    "go.mod",
    "go.sum",
    "go.work",
    "go.work.sum",
    "gradlew",
    "gradlew.bat",
    "mvnw",
    "mvnw.cmd",
    "pom.xml",
    "rust-toolchain",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "settings.gradle",
];
/// Folders that compilers write; of what lies in them, only what runs is needed.
const OUTPUTS: &[&str] = &[".gradle", "CMakeFiles", "target"];
/// Languages whose programs may run beside: what they run is compiled.
const COMPILED: &[&str] = &["java"];
/// More places than this are not listed.
const MOST_PLACES: usize = 16;

/// What stays behind.
#[derive(Clone, Debug, Default)]
pub struct Behind {
    /// The edits.
    pub change: Change,
    /// Absolute paths of the files of the built image that are not in the image any more.
    pub gone: Vec<String>,
    /// Their bytes.
    pub bytes: u64,
}

/// Copies what runs and what is no source, instead of the whole working folder.
pub fn compiled_sources(facts: &Facts<'_>) -> Decision<Behind> {
    let Some(stage) = facts.final_stage() else { nothing!("there is no stage to build") };
    let compiled = ["c", "cpp", "go", "java", "rust"];
    if facts.project.known && !facts.project.languages.iter().any(|language| compiled.contains(&language.as_str())) {
        nothing!("no compiler's manifest is at the root of the context");
    }
    let Some(observed) = facts.world.observed() else {
        refuse!("what runs is seen when it runs, and nothing was built")
    };
    let workdir = moves::workdir(facts, &observed);
    let Some(copy) = copy_of(stage, &workdir) else { nothing!("no working folder is copied from another stage") };
    if observed.programs.is_empty() {
        refuse!("what the image runs is not known");
    }
    let ran = match compiled_programs(facts, stage, &observed, &workdir) {
        Ok(ran) => ran,
        Err(reason) => return Decision::Nothing(reason),
    };
    let kept = kept(facts, &observed.image, &workdir, &ran);
    let files = files_below(&observed.image, &workdir);
    let gone: Vec<String> =
        files.iter().filter(|path| !kept.iter().any(|root| is_below(path, root))).map(|path| (*path).clone()).collect();
    if gone.is_empty() {
        nothing!("there is nothing but what runs in `{workdir}`");
    }
    if kept.len() > MOST_PLACES {
        refuse!("what is no source lies in {} places of `{workdir}`", kept.len());
    }
    let bytes = gone.iter().filter_map(|path| observed.image.files.get(path)).map(|file| file.size).sum();
    let instruction = &facts.dockerfile.instructions()[copy.instruction];
    let lines = Lines::new(&facts.dockerfile);
    let flags = lines.flags(instruction);
    let text = copies(&observed.image, &kept, &flags).join(facts.dockerfile.line_end());
    let may_drop = gone.iter().map(|path| path.trim_start_matches('/').to_owned()).collect();
    let change = Change {
        edits: vec![Edit::replace(instruction.span, text)],
        at: instruction.span.start as usize,
        does: format!("of `{workdir}`, what runs and what is no source"),
        may_drop,
    };
    Decision::Apply(Behind { change, gone, bytes })
}

/// The COPY of the whole working folder from another stage.
fn copy_of<'s>(stage: &'s StageFacts, workdir: &str) -> Option<&'s CopyFacts> {
    let is_it = |path: &str| path.trim_end_matches('/') == workdir;
    let mut copies = stage.copies.iter().filter(|copy| copy.from.is_some() && !copy.opaque && !copy.is_add);
    copies.find(|copy| {
        workdir != "/"
            && is_it(&copy.destination)
            && matches!(&copy.sources[..], [one] if is_it(&format!("/{one}")) || is_it(one))
    })
}

/// Programs and archives in the working folder that run; an error names what reads sources when it runs.
fn compiled_programs(
    facts: &Facts<'_>,
    stage: &StageFacts,
    observed: &Observations,
    workdir: &str,
) -> Result<BTreeSet<String>, String> {
    let image = &observed.image;
    let entry = jettison_facts::entry_programs(facts, image);
    let mut ran = BTreeSet::new();
    for path in entry.paths.iter().chain(&observed.programs) {
        let Some((real, file)) = image.resolve(path) else { return Err(format!("`{path}` is not in the image")) };
        let name = real.rsplit('/').next().unwrap_or_default();
        if file.elf.is_some() && is_below(&real, workdir) {
            ran.insert(real);
        } else if !COMPILED.contains(&name) && !is_shell(name) {
            return Err(format!("`{real}` runs, which may read anything"));
        }
    }
    let commands = [&stage.entry.entrypoint, &stage.entry.cmd, &stage.entry.healthcheck];
    let words = commands.into_iter().flatten().flat_map(|command| command.text.split_whitespace());
    let named = words.map(|word| word.trim_matches(['"', '\'', '[', ']', ',']));
    for word in named.filter(|word| !word.is_empty()) {
        let path = if word.starts_with('/') {
            word.to_owned()
        } else {
            format!("{workdir}/{}", word.trim_start_matches("./"))
        };
        let is_file = |kind: &FileKind| matches!(kind, FileKind::Regular | FileKind::Hardlink(_));
        if image.files.get(&path).is_some_and(|file| is_file(&file.kind)) && is_below(&path, workdir) {
            ran.insert(path);
        }
    }
    if ran.is_empty() {
        return Err(format!("nothing compiled runs in `{workdir}`"));
    }
    Ok(ran)
}

/// The shell of a command in shell form runs as well, and reads nothing.
fn is_shell(name: &str) -> bool {
    ["ash", "bash", "dash", "sh"].contains(&name)
}

fn files_below<'i>(image: &'i ImageSummary, folder: &str) -> Vec<&'i String> {
    let start = format!("{folder}/");
    let near = image.files.range(start.clone()..).take_while(|(path, _)| path.starts_with(&start));
    near.filter(|(_, file)| file.kind != FileKind::Directory).map(|(path, _)| path).collect()
}

/// What ran, and the entries of the folder that hold anything that is no source.
fn kept(facts: &Facts<'_>, image: &ImageSummary, workdir: &str, ran: &BTreeSet<String>) -> BTreeSet<String> {
    let mut kept = BTreeSet::new();
    let unsent = unsent(facts);
    for path in files_below(image, workdir) {
        let inner = path.strip_prefix(workdir).unwrap_or_default().trim_start_matches('/');
        let entry = inner.split('/').next().unwrap_or_default();
        if inner.split('/').any(|part| OUTPUTS.contains(&part)) || is_source(inner) || unsent.contains(inner) {
            continue;
        }
        kept.insert(format!("{workdir}/{entry}"));
    }
    let covered = |path: &String| kept.iter().any(|root: &String| is_below(path, root));
    let more: Vec<String> = ran.iter().filter(|path| !covered(path)).cloned().collect();
    kept.extend(more);
    kept
}

/// Files of the context that the ignore file leaves out by now: the build has them no more.
fn unsent(facts: &Facts<'_>) -> BTreeSet<String> {
    let all = facts.world.paths("**", true).unwrap_or_default();
    let sent: BTreeSet<String> = facts.world.paths("**", false).unwrap_or_default().into_iter().collect();
    all.into_iter().filter(|path| !sent.contains(path)).collect()
}

fn is_source(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    SOURCES.iter().any(|end| name.ends_with(end)) || MANIFESTS.contains(&name)
}

/// One COPY a folder, and one for the files of each folder.
fn copies(image: &ImageSummary, kept: &BTreeSet<String>, flags: &str) -> Vec<String> {
    let mut files: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut lines = Vec::new();
    for path in kept {
        match image.files.get(path).map(|file| &file.kind) {
            Some(FileKind::Directory) => lines.push(format!("COPY {flags}{path} {path}")),
            _ => files.entry(path.rsplit_once('/').map_or("", |(folder, _)| folder)).or_default().push(path),
        }
    }
    lines.extend(files.into_iter().map(|(folder, paths)| format!("COPY {flags}{} {folder}/", paths.join(" "))));
    lines
}
