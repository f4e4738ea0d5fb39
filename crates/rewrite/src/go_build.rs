//! `go build` for a program that is to be run, not debugged: linked statically (no C library is needed beside it), without symbol
//! table and debugging information. <https://pkg.go.dev/cmd/link>, <https://pkg.go.dev/cmd/cgo>.

use std::collections::BTreeSet;

use jettison_facts::{Facts, Segment, SegmentKind, StageFacts};
use jettison_image::FileKind;
use jettison_model::Edit;

use crate::calls::{self, Build};
use crate::lines::find_word;
use crate::{Change, Decision, nothing, refuse};

/// Files of Go sources that are read, at most; bytes of one.
const MAX_FILES: usize = 4_000;
const MAX_FILE: usize = 1 << 20;

/// Flags that make something else than a plain program.
const SPECIAL: [&str; 7] = ["-asan", "-buildmode", "-cover", "-linkshared", "-msan", "-race", "-toolexec"];

/// A program that gets linked statically.
#[derive(Clone, Debug, Default)]
pub struct Static {
    /// The edits.
    pub change: Change,
    /// Paths in the built image of programs that name a dynamic linker now and will not.
    pub programs: Vec<String>,
}

/// `CGO_ENABLED=0` for every `go build` that does not say otherwise.
pub fn go_static(facts: &Facts<'_>) -> Decision<Static> {
    let builds = builds(facts);
    if builds.is_empty() {
        nothing!("nothing is built with `go build`");
    }
    let names_cgo = |build: &&Build<'_>| {
        build.stage.full_env.contains_key("CGO_ENABLED") || build.segment.text.contains("CGO_ENABLED")
    };
    let open: Vec<&Build<'_>> = builds.iter().filter(|build| !names_cgo(build)).collect();
    if open.is_empty() {
        nothing!("the file says itself whether cgo is used");
    }
    let reason = open.iter().find_map(|build| build.wants_cgo().or_else(|| build.is_of_others(facts)));
    if let Some(reason) = reason.or_else(|| sources_want_cgo(facts)) {
        return Decision::Refuse(reason);
    }
    let programs = dynamic_programs(facts, &builds);
    if facts.world.observed().is_some() && programs.is_empty() {
        nothing!("the programs name no dynamic linker already");
    }
    let mut change = Change { at: open[0].segment.span.start as usize, ..Change::default() };
    change.edits = open.iter().map(|build| Edit::insert(build.segment.span.start as usize, "CGO_ENABLED=0 ")).collect();
    change.does = "the program needs no C library beside it".into();
    Decision::Apply(Static { change, programs })
}

/// `-ldflags="-s -w"` and `-trimpath` for every `go build`.
pub fn go_strip(facts: &Facts<'_>) -> Decision {
    let builds = builds(facts);
    if builds.is_empty() {
        nothing!("nothing is built with `go build`");
    }
    if facts.dockerfile.instructions().iter().any(|one| one.body.text.split_whitespace().any(|word| word == "dlv")) {
        refuse!("the image is made for a debugger (`dlv`)");
    }
    let paths_matter = reads_its_sources_place(facts);
    let mut change = Change::default();
    for build in &builds {
        let edits = build.strip_edits(facts, paths_matter);
        if change.edits.is_empty() {
            change.at = build.segment.span.start as usize;
        }
        change.edits.extend(edits);
    }
    if change.edits.is_empty() {
        nothing!("the programs are built without debugging information already");
    }
    change.does = "no symbol table and no debugging information; panics still name their lines".into();
    Decision::Apply(change)
}

/// Every `go build` and `go install` of the project.
fn builds<'a>(facts: &'a Facts<'_>) -> Vec<Build<'a>> {
    let is_build = |segment: &Segment| {
        let second = segment.words.get(1).and_then(Option::as_deref);
        segment.kind == SegmentKind::Build("go".to_owned())
            && segment.words.first().and_then(Option::as_deref) == Some("go")
            && second.is_some_and(|word| ["build", "install"].contains(&word))
            && !segment.words.iter().flatten().any(|word| SPECIAL.iter().any(|flag| is_flag(word, flag)))
    };
    calls::builds(facts, is_build)
}

/// `example.org/tool/cmd`: a host before the first slash.
fn is_import_path(word: &str) -> bool {
    let host = word.split('/').next().unwrap_or_default();
    word.contains('/') && !word.starts_with(['.', '-', '/']) && host.contains('.')
}

/// Whether a package is of a module of the context.
fn is_own(facts: &Facts<'_>, path: &str) -> bool {
    let modules = facts.world.paths("**/go.mod", false).unwrap_or_default();
    modules.iter().any(|file| {
        let text = facts.world.read(file, MAX_FILE).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let module = text.lines().find_map(|line| line.trim().strip_prefix("module ")).unwrap_or_default().trim();
        !module.is_empty() && is_module(path, module)
    })
}

/// `-flag`, `--flag`, `-flag=value`.
fn is_flag(word: &str, flag: &str) -> bool {
    let word = if word.starts_with("--") { &word[1..] } else { word };
    word.strip_prefix(flag).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
}

impl Build<'_> {
    /// Why the build itself asks for C.
    fn wants_cgo(&self) -> Option<String> {
        let text = &self.segment.text;
        let signs = ["-extldflags", "-linkmode", "GOEXPERIMENT", "netcgo", "osusergo", "libsqlite3", "boringcrypto"];
        let environment = ["CC", "CGO_CFLAGS", "CGO_LDFLAGS", "GOEXPERIMENT"];
        if let Some(sign) = signs.iter().find(|sign| text.contains(**sign)) {
            return Some(format!("the build says `{sign}`, which is about C"));
        }
        let name = environment.iter().find(|name| self.stage.full_env.contains_key(**name));
        if let Some(name) = name {
            return Some(format!("`{name}` is set for the build, which is about C"));
        }
        let exported = self.run.segments.iter().flatten().any(|segment| segment.text.contains("CGO_"));
        exported.then(|| "the RUN sets variables of cgo".to_owned())
    }

    /// Why what is built is not the context's own, so that what it imports is not known.
    fn is_of_others(&self, facts: &Facts<'_>) -> Option<String> {
        if self.segment.words.iter().flatten().any(|word| word.contains('@')) {
            return Some("what the module that it downloads imports is not known".to_owned());
        }
        let foreign = self.segment.words.iter().flatten().find(|word| is_import_path(word) && !is_own(facts, word));
        if let Some(path) = foreign {
            return Some(format!("`{path}` is no package of the build context, and what it imports is not known"));
        }
        let stages: Vec<&StageFacts> =
            facts.graph.reachable(self.stage.index).iter().filter_map(|index| facts.stages.get(*index)).collect();
        let instructions = facts.dockerfile.instructions();
        let mut runs = stages.iter().flat_map(|stage| &stage.runs).map(|run| &instructions[run.instruction]);
        let cloned = runs.clone().find(|run| run.body.text.contains("git clone"));
        if let Some(run) = cloned {
            return Some(format!("line {} clones sources, and what they import is not known", run.line));
        }
        let copied = stages.iter().flat_map(|stage| &stage.copies).any(|copy| copy.from.is_none());
        let bound = runs.any(|run| run.as_run().is_some_and(|run| run.mounts.iter().any(|one| one.kind == "bind")));
        (!copied && !bound).then(|| "the sources are not of the build context".to_owned())
    }

    fn strip_edits(&self, facts: &Facts<'_>, paths_matter: bool) -> Vec<Edit> {
        let span = self.segment.span;
        let text = String::from_utf8_lossy(&facts.dockerfile.source()[span.range()]).into_owned();
        let flags = self.stage.full_env.get("GOFLAGS").cloned().unwrap_or_default();
        let is_debugged = text.contains("-gcflags") && ["-N", "-l", "$"].iter().any(|sign| text.contains(sign));
        if is_debugged || text.contains("GOFLAGS") {
            return Vec::new();
        }
        let Some(at) = ["build", "install"].iter().find_map(|word| Some(find_word(&text, word)? + word.len())) else {
            return Vec::new();
        };
        let at = span.start as usize + at;
        let mut edits = Vec::new();
        let mut added = String::new();
        if !text.contains("-trimpath") && !flags.contains("-trimpath") && !paths_matter {
            added.push_str(" -trimpath");
        }
        if !text.contains("-ldflags") && !flags.contains("-ldflags") {
            added.push_str(" -ldflags=\"-s -w\"");
        } else if let Some(inside) = inside_ldflags(&text) {
            edits.push(Edit::insert(span.start as usize + inside.0, inside.1));
        }
        if !added.is_empty() {
            edits.push(Edit::insert(at, added));
        }
        edits
    }
}

/// Where the value of `-ldflags` begins behind its quote, and which of `-s` and `-w` it lacks.
fn inside_ldflags(text: &str) -> Option<(usize, String)> {
    let flag = text.find("-ldflags")? + "-ldflags".len();
    let rest = text.get(flag..)?;
    let blanks = rest.len() - rest.trim_start_matches([' ', '=']).len();
    let quote = rest.get(blanks..)?.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let start = flag + blanks + 1;
    let value = text.get(start..)?.split(quote).next()?;
    let has = |flag: &str| value.split_whitespace().any(|word| word == flag);
    // what a variable holds is not known
    let missing: Vec<&str> = ["-s", "-w"].into_iter().filter(|flag| !has(flag)).collect();
    (!missing.is_empty() && !value.starts_with('$')).then(|| (start, format!("{} ", missing.join(" "))))
}

/// Why the sources need C, or why that is not known.
fn sources_want_cgo(facts: &Facts<'_>) -> Option<String> {
    let Some(paths) = facts.world.paths("**", false) else {
        return Some("what the sources import is not known without the build context".to_owned());
    };
    let is_module_list = |path: &&String| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name == "go.mod" || path.ends_with("vendor/modules.txt")
    };
    let stubs = &jettison_ecosystems::load().cgo_stubs;
    for path in paths.iter().filter(is_module_list) {
        let Some(bytes) = facts.world.read(path, MAX_FILE) else { return Some(format!("`{path}` cannot be read")) };
        let text = String::from_utf8_lossy(&bytes);
        let names = |module: &String| text.split_whitespace().any(|word| is_module(word, module));
        if let Some(module) = stubs.iter().flat_map(|row| &row.modules).find(|module| names(module)) {
            return Some(format!("`{module}` ({path}) builds without C, but does not work"));
        }
    }
    let own = paths.iter().filter(|path| path.ends_with(".go") && !path.split('/').any(|part| part == "vendor"));
    for (count, path) in own.enumerate() {
        if count == MAX_FILES {
            return Some("there are too many sources to read".to_owned());
        }
        let text = facts.world.read(path, MAX_FILE).unwrap_or_default();
        if let Some(name) = imports(&String::from_utf8_lossy(&text), &["C", "plugin"]) {
            return Some(format!("`{path}` imports \"{name}\""));
        }
    }
    None
}

/// `github.com/a/b` and `github.com/a/b/v2`.
fn is_module(word: &str, module: &str) -> bool {
    word.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Which of `names` a Go file imports: a line of its own, in a block or not.
fn imports<'n>(text: &str, names: &[&'n str]) -> Option<&'n str> {
    let lines = text.lines().map(str::trim);
    let import = |line: &str| {
        let quoted = line.strip_prefix("import").unwrap_or(line).trim();
        let path = quoted.rsplit([' ', '\t']).next()?.strip_prefix('"')?.strip_suffix('"')?;
        names.iter().find(|name| **name == path).copied()
    };
    lines.filter(|line| line.ends_with('"')).find_map(import)
}

/// Whether some source asks where it was compiled: `-trimpath` changes the answer.
fn reads_its_sources_place(facts: &Facts<'_>) -> bool {
    let Some(paths) = facts.world.paths("**/*.go", false) else { return true };
    paths.iter().take(MAX_FILES).any(|path| {
        let text = facts.world.read(path, MAX_FILE).unwrap_or_default();
        String::from_utf8_lossy(&text).contains("runtime.Caller(")
    })
}

/// Programs of the built image that these builds made and that name a dynamic linker.
fn dynamic_programs(facts: &Facts<'_>, builds: &[Build<'_>]) -> Vec<String> {
    let Some(observed) = facts.world.observed() else { return Vec::new() };
    let outputs: BTreeSet<String> = builds.iter().filter_map(|build| output(build.segment)).collect();
    let image = &observed.image;
    let is_made = |path: &str, layer: usize| {
        let by = image.layers.get(layer).map_or("", |layer| layer.created_by.as_str());
        let name = path.rsplit('/').next().unwrap_or(path);
        by.contains("go build") || by.contains("go install") || outputs.contains(name)
    };
    let files = image.files.iter().filter(|(_, file)| file.kind == FileKind::Regular);
    let dynamic = files.filter(|(_, file)| file.elf.as_ref().is_some_and(|elf| elf.interpreter.is_some()));
    dynamic
        .filter(|(path, file)| observed.is_app_layer(file.layer) && is_made(path, file.layer))
        .map(|(path, _)| path.clone())
        .collect()
}

/// The last part of `-o`.
fn output(segment: &Segment) -> Option<String> {
    let words: Vec<&str> = segment.words.iter().map(|word| word.as_deref().unwrap_or_default()).collect();
    let at = words.iter().position(|word| *word == "-o");
    let joined = words.iter().find_map(|word| word.strip_prefix("-o="));
    let path = at.and_then(|at| words.get(at + 1).copied()).or(joined)?;
    Some(path.rsplit('/').next().unwrap_or(path).to_owned()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_is_found_alone_in_a_block_and_with_a_name() {
        assert_eq!(imports("package a\nimport \"C\"\n", &["C"]), Some("C"));
        assert_eq!(imports("import (\n\t\"fmt\"\n\t\"C\"\n)\n", &["C"]), Some("C"));
        assert_eq!(imports("import p \"plugin\"", &["C", "plugin"]), Some("plugin"));
        assert_eq!(imports("import \"net/C\"\nvar x = \"C\" + y\n", &["C"]), None);
    }

    #[test]
    fn ldflags_get_what_they_lack_behind_their_quote() {
        let missing =
            |text: &str| inside_ldflags(text).map(|(at, more)| format!("{}{more}{}", &text[..at], &text[at..]));
        assert_eq!(missing("go build -ldflags=\"-X a=b\" .").as_deref(), Some("go build -ldflags=\"-s -w -X a=b\" ."));
        assert_eq!(missing("go build -ldflags '-w -X a=b'").as_deref(), Some("go build -ldflags '-s -w -X a=b'"));
        assert_eq!(missing("go build -ldflags=\"-w -s\""), None);
        assert_eq!(missing("go build -ldflags=-X=a"), None, "no quote to write behind");
        assert_eq!(missing("go build -ldflags=\"$FLAGS\""), None, "what a variable holds is not known");
    }

    #[test]
    fn flags_are_told_from_words_that_begin_like_them() {
        assert!(is_flag("-race", "-race") && is_flag("--buildmode=pie", "-buildmode"));
        assert!(!is_flag("-racer", "-race") && !is_flag("race", "-race"));
    }
}
