//! What a container of the image runs, followed from its ENTRYPOINT and CMD through shells, wrappers, scripts of the context and
//! package.json: the names of programs, and whether a shell is among them. It stops at interpreters: what a Python program calls
//! is not known here.

use std::collections::BTreeSet;

use jettison_dockerfile::shell::{self, Simple};
use jettison_image::ImageSummary;
use jettison_model::Span;

use crate::needs::{find_program, interpreters};
use crate::{Facts, path};

/// Programs noted, at most; more make the answer opaque.
const MAX_PROGRAMS: usize = 512;
/// Scripts within scripts, at most.
const MAX_DEPTH: usize = 12;
/// Bytes of a script that is read, at most.
const MAX_SCRIPT: usize = 256 << 10;

/// Commands that the shell itself does, or that are grammar.
const BUILTINS: [&str; 36] = [
    ".", ":", "[", "[[", "alias", "break", "cd", "command", "continue", "echo", "eval", "exec", "exit", "export",
    "false", "getopts", "hash", "local", "printf", "pwd", "read", "readonly", "return", "set", "shift", "shopt",
    "source", "test", "times", "trap", "true", "type", "ulimit", "umask", "unset", "wait",
];
const SHELLS: [&str; 5] = ["ash", "bash", "dash", "ksh", "sh"];
/// Programs that run the command in their arguments, after options and, for some, one more word.
const WRAPPERS: [(&str, usize); 14] = [
    ("chpst", 0),
    ("chroot", 1),
    ("command", 0),
    ("dumb-init", 0),
    ("env", 0),
    ("exec", 0),
    ("gosu", 1),
    ("nice", 0),
    ("nohup", 0),
    ("setpriv", 0),
    ("stdbuf", 0),
    ("su-exec", 1),
    ("time", 0),
    ("tini", 0),
];

/// All that runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Running {
    /// Each program once, in the order found.
    pub programs: Vec<Program>,
    /// Their names without folders.
    pub names: BTreeSet<String>,
    /// Where those that the image holds lie: absolute, folders resolved, a link in the last part not followed.
    pub paths: BTreeSet<String>,
    /// A shell is needed: shell form, a shell script, or a package manager's script.
    pub shell: bool,
    /// Something could not be followed (a variable as command, a script whose text is not known).
    pub opaque: bool,
}

/// One program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// As named: `gunicorn`, `/usr/bin/env`, `./links`.
    pub name: String,
    /// Where it is in the image, a link in the last part not followed; none if it is not there.
    pub path: Option<String>,
    /// What names it: `CMD`, `HEALTHCHECK`, `/entrypoint.sh`, `package.json: start`.
    pub by: String,
}

impl Running {
    /// Whether a program of that name (without folder) runs.
    pub fn runs(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}

/// What a container of `image` (built from these facts' file) runs by itself: ENTRYPOINT with CMD, and the HEALTHCHECK.
pub fn entry_programs(facts: &Facts<'_>, image: &ImageSummary) -> Running {
    running(Some(facts), image)
}

/// The same of an image of which no Dockerfile is at hand: scripts are read as far as the image's own texts are known.
pub fn image_programs(image: &ImageSummary) -> Running {
    running(None, image)
}

fn running(facts: Option<&Facts<'_>>, image: &ImageSummary) -> Running {
    let mut search = Search { facts, image, running: Running::default(), scripts: BTreeSet::new() };
    let workdir = if image.config.workdir.is_empty() { "/" } else { &image.config.workdir };
    search.argv(&image.config.argv(), &Place { by: "CMD", workdir, depth: 0 });
    let check = image.config.healthcheck.as_ref().map(|check| check.test.as_slice()).unwrap_or_default();
    let place = Place { by: "HEALTHCHECK", workdir, depth: 0 };
    match check {
        [kind, words @ ..] if kind == "CMD" => search.argv(words, &place),
        [kind, text, ..] if kind == "CMD-SHELL" => search.shell_text(text, &place),
        _ => {}
    }
    search.running
}

/// The script `name` of the package.json in `workdir` of `image`, with those that npm runs before and after it; none if the file
/// is not known or has no such script.
pub fn package_script(facts: &Facts<'_>, image: &ImageSummary, workdir: &str, name: &str) -> Option<Vec<String>> {
    let search = Search { facts: Some(facts), image, running: Running::default(), scripts: BTreeSet::new() };
    let document = search.manifest(workdir);
    let script = |name: &str| document.pointer("/scripts")?.get(name)?.as_str().map(str::to_owned);
    let own = script(name)?;
    Some([script(&format!("pre{name}")), Some(own), script(&format!("post{name}"))].into_iter().flatten().collect())
}

/// Where a command stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    by: &'a str,
    workdir: &'a str,
    depth: usize,
}

struct Search<'a> {
    facts: Option<&'a Facts<'a>>,
    image: &'a ImageSummary,
    running: Running,
    /// Scripts read so far.
    scripts: BTreeSet<String>,
}

impl Search<'_> {
    /// One command, all words known.
    fn argv(&mut self, argv: &[String], place: &Place<'_>) {
        let words: Vec<Option<String>> = argv.iter().cloned().map(Some).collect();
        self.command(&words, place);
    }

    /// One command; `None` for words that are not literal.
    fn command(&mut self, words: &[Option<String>], place: &Place<'_>) {
        let Some((first, rest)) = words.split_first() else { return };
        let Some(first) = first.as_deref() else {
            self.running.opaque = true;
            return;
        };
        if place.depth > MAX_DEPTH || self.running.programs.len() >= MAX_PROGRAMS {
            self.running.opaque = true;
            return;
        }
        let place = Place { depth: place.depth + 1, ..*place };
        let name = path::base_name(first);
        let found = self.note(first, &place);
        match name {
            _ if SHELLS.contains(&name) => self.shell(rest, &place),
            "npm" | "pnpm" | "yarn" => {
                found.iter().for_each(|found| self.script_file(found, &[], &place));
                self.package_script(name, rest, &place);
            }
            _ => {
                if let Some((_, skip)) = WRAPPERS.iter().find(|(wrapper, _)| *wrapper == name) {
                    self.command(wrapped(rest, *skip), &place);
                } else if let Some(found) = found {
                    self.script_file(&found, rest, &place);
                }
            }
        }
    }

    /// Notes a program; the path it resolves to.
    fn note(&mut self, name: &str, place: &Place<'_>) -> Option<String> {
        let found = find_program(self.image, name, place.workdir);
        let (as_found, target) = found.unzip();
        if !self.running.programs.iter().any(|program| program.name == name) {
            self.running.names.insert(path::base_name(name).to_owned());
            self.running.paths.extend(as_found.clone());
            self.running.programs.push(Program { name: name.to_owned(), path: as_found, by: place.by.to_owned() });
        }
        target
    }

    /// `sh -c TEXT`, `bash script args`.
    fn shell(&mut self, rest: &[Option<String>], place: &Place<'_>) {
        self.running.shell = true;
        let mut words = rest.iter();
        while let Some(word) = words.next() {
            match word.as_deref() {
                Some(flags) if flags.starts_with('-') && !flags.starts_with("--") && flags.ends_with('c') => {
                    match words.next().and_then(Option::as_deref) {
                        Some(text) => self.shell_text(text, place),
                        None => self.running.opaque = true,
                    }
                    return;
                }
                Some(flag) if flag.starts_with('-') => drop(flag.ends_with('o').then(|| words.next())),
                Some(script) => {
                    let file = path::join(place.workdir, script);
                    self.follow(&file, words.as_slice(), place);
                    return;
                }
                None => self.running.opaque = true,
            }
        }
    }

    /// A text that a shell runs.
    fn shell_text(&mut self, text: &str, place: &Place<'_>) {
        self.running.shell = true;
        if !self.running.runs("sh") {
            self.note("/bin/sh", place);
        }
        self.script_text(text, &[], place);
    }

    fn script_text(&mut self, text: &str, args: &[Option<String>], place: &Place<'_>) {
        let parsed = shell::parse(text, &|range| Span::new(range.start, range.end));
        let Some(script) = parsed.script() else {
            self.running.opaque = true;
            return;
        };
        for command in script.simple_commands() {
            self.simple(command, args, place);
        }
    }

    fn simple(&mut self, command: &Simple, args: &[Option<String>], place: &Place<'_>) {
        let mut words: Vec<Option<String>> = Vec::new();
        for word in &command.words {
            match word.raw.as_str() {
                // The script's own arguments: what the container was told to run.
                "\"$@\"" | "$@" | "$*" => words.extend(args.iter().cloned()),
                // `[` is a glob to the shell parser.
                "[" => words.push(Some(word.raw.clone())),
                _ => words.push(word.literal.clone()),
            }
        }
        match words.first().and_then(|word| word.as_deref()) {
            Some("exec" | "command" | "eval") => self.command(wrapped(&words[1..], 0), place),
            Some("." | "source") => self.sourced(&words[1..], place),
            Some(name) if BUILTINS.contains(&name) => {}
            _ => self.command(&words, place),
        }
    }

    fn sourced(&mut self, rest: &[Option<String>], place: &Place<'_>) {
        match rest.first().and_then(|word| word.as_deref()) {
            Some(script) => self.follow(&path::join(place.workdir, script), &[], place),
            None => self.running.opaque = true,
        }
    }

    /// A program of the image that may be a script: its interpreter, and its text if a shell runs it.
    fn script_file(&mut self, file: &str, args: &[Option<String>], place: &Place<'_>) {
        let Some(shebang) = self.image.files.get(file).and_then(|file| file.shebang.clone()) else { return };
        let programs = interpreters(&shebang);
        for program in &programs {
            self.note(program, &Place { by: file, ..*place });
        }
        if programs.iter().any(|program| SHELLS.contains(&path::base_name(program))) {
            self.running.shell = true;
            self.follow(file, args, place);
        }
    }

    /// Reads a shell script: as the image holds it, or as the context sent it.
    fn follow(&mut self, file: &str, args: &[Option<String>], place: &Place<'_>) {
        if !self.scripts.insert(file.to_owned()) {
            return;
        }
        match self.text(file) {
            Some(text) => {
                let place = Place { by: file, workdir: place.workdir, depth: place.depth + 1 };
                self.script_text(&text, args, &place);
            }
            None => {
                self.running.opaque = true;
                // A script of a base image hands over to its arguments as a rule.
                self.command(args, place);
            }
        }
    }

    fn text(&self, file: &str) -> Option<String> {
        if let Some(text) = self.image.text(file) {
            return Some(text.to_owned());
        }
        let facts = self.facts?;
        let bytes = facts.world.read(&facts.context_path(file)?, MAX_SCRIPT)?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The package.json of a folder; null if it is not known.
    fn manifest(&self, folder: &str) -> serde_json::Value {
        let text = self.text(&path::join(folder, "package.json")).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// `npm start`, `npm run x`, `yarn x`: the script's text and those before and after it.
    fn package_script(&mut self, tool: &str, rest: &[Option<String>], place: &Place<'_>) {
        self.running.shell = true;
        let words: Vec<&str> =
            rest.iter().flatten().map(String::as_str).filter(|word| !word.starts_with('-')).collect();
        let script = match (tool, words.as_slice()) {
            (_, ["run" | "run-script", script, ..]) => script,
            ("npm", [script @ ("start" | "test" | "stop" | "restart"), ..]) => script,
            ("pnpm" | "yarn", [script, ..]) => script,
            _ => return self.running.opaque = true,
        };
        let document = self.manifest(place.workdir);
        let mut known = false;
        for name in [format!("pre{script}"), (*script).to_owned(), format!("post{script}")] {
            let Some(text) = document.pointer("/scripts").and_then(|scripts| scripts.get(&name)?.as_str()) else {
                continue;
            };
            known |= name == *script;
            if self.scripts.insert(format!("{}:{name}", place.workdir)) {
                let by = format!("package.json: {name}");
                self.script_text(text, &[], &Place { by: &by, ..*place });
            }
        }
        self.running.opaque |= !known;
    }
}

/// The command that a wrapper runs: after its options, assignments (`env`) and `skip` more words.
fn wrapped(words: &[Option<String>], skip: usize) -> &[Option<String>] {
    let is_own =
        |word: &Option<String>| word.as_deref().is_some_and(|word| word.starts_with('-') || word.contains('='));
    let start = words.iter().position(|word| !is_own(word)).unwrap_or(words.len());
    words.get(start + skip..).unwrap_or_default()
}
