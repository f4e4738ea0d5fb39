//! Which names the project's own text files mention: programs (`curl`) that an image may need, files (`.env`) that the app may
//! read. A mention proves nothing, but what nobody mentions is rarely needed. Documentation, CI files, lockfiles and other people's
//! code do not count; the commands that the image runs do.

use jettison_dockerfile::ignore::{IgnoreFile, Matcher};
use jettison_ecosystems::{Junk, JunkClass, load};

use crate::path::base_name;
use crate::project::{is_foreign, row_of};
use crate::{Command, Facts};

/// Files looked at, at most.
const MAX_FILES: usize = 2_000;
/// Bytes read in all, at most.
const MAX_BYTES: usize = 16 << 20;
/// Bytes of a file that is looked at, at most.
const MAX_FILE: usize = 512 << 10;

/// Ends of names of files that hold prose, pictures or generated text.
const NOT_SOURCE: [&str; 14] = [
    ".adoc",
    ".css",
    ".csv",
    ".htm",
    ".less",
    ".map",
    ".markdown",
    ".md",
    ".min.js",
    ".po",
    ".rst",
    ".scss",
    ".svg",
    ".txt",
];
/// Beginnings of names, in upper case, of files for people.
const PROSE: [&str; 7] = ["AUTHORS", "CHANGELOG", "CHANGES", "CONTRIBUTING", "COPYING", "LICENSE", "README"];

/// A word and a place that names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// The word asked for.
    pub word: String,
    /// Context-relative; `Dockerfile` for the commands that the image runs.
    pub path: String,
    /// 1-based; the first line of that file that names it.
    pub line: u32,
}

/// The mentions of `words` in the text files that the context sends (at most 2,000 files and 16 MiB, in path order; files over
/// 512 KiB are left out) and in CMD, ENTRYPOINT and HEALTHCHECK of the final stage; one a word and file, by path. Whole words
/// only: `curl` is not in `pycurl`, `curl-config` or `curl.js`, and `.env` is not in `process.env` or `.env.example`.
pub fn mentioned(facts: &Facts<'_>, words: &[&str]) -> Vec<Mention> {
    let mut mentions = in_commands(facts, words);
    let mut left = MAX_BYTES;
    let paths = facts.world.paths("**", false).unwrap_or_default();
    let junk = junk();
    for path in paths.iter().filter(|path| is_source(path) && !junk.is_ignored(path)).take(MAX_FILES) {
        let Some(text) = facts.world.read(path, MAX_FILE + 1).filter(|bytes| is_text(bytes)) else { continue };
        left = match left.checked_sub(text.len()) {
            Some(left) => left,
            None => break,
        };
        in_file(path, &String::from_utf8_lossy(&text), words, &mut mentions);
    }
    mentions
}

fn in_commands(facts: &Facts<'_>, words: &[&str]) -> Vec<Mention> {
    let entry = facts.final_stage().map(|stage| &stage.entry);
    let commands = entry.into_iter().flat_map(|entry| [&entry.entrypoint, &entry.cmd, &entry.healthcheck]).flatten();
    let mut mentions: Vec<Mention> = Vec::new();
    for command in commands {
        let line = line_of(facts, command);
        let named = words.iter().filter(|word| find_word(&command.text, word).is_some());
        mentions.extend(named.map(|word| Mention { word: (*word).to_owned(), path: "Dockerfile".to_owned(), line }));
    }
    mentions
}

fn line_of(facts: &Facts<'_>, command: &Command) -> u32 {
    facts.dockerfile.instructions().get(command.instruction).map_or(1, |instruction| instruction.line)
}

fn in_file(path: &str, text: &str, words: &[&str], mentions: &mut Vec<Mention>) {
    let is_manifest = base_name(path) == "package.json";
    for word in words {
        let line = match is_manifest {
            true => text.lines().position(|line| !is_about(line) && find_word(line, word).is_some()),
            false => find_word(text, word).map(|at| text[..at].matches('\n').count()),
        };
        if let Some(line) = line {
            let line = u32::try_from(line + 1).unwrap_or(u32::MAX);
            mentions.push(Mention { word: (*word).to_owned(), path: path.to_owned(), line });
        }
    }
}

/// A line of package.json about the package, not of what it runs: `"type": "git"` is no call of git.
fn is_about(line: &str) -> bool {
    const KEYS: [&str; 10] =
        ["author", "bugs", "description", "directory", "homepage", "keywords", "license", "repository", "type", "url"];
    let key = line.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
    key.is_some_and(|(key, _)| KEYS.contains(&key))
}

/// Where `word` stands in `text` as a whole word.
fn find_word(text: &str, word: &str) -> Option<usize> {
    if word.is_empty() {
        return None;
    }
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text[..*at].chars().next_back();
        let mut after = text[at + word.len()..].chars();
        let joins = |character: char| character.is_alphanumeric() || character == '_' || character == '-';
        let dotted = |next: Option<char>| next.is_some_and(joins);
        let free_before = before.is_none_or(|before| !joins(before) && before != '.');
        let free_after = match after.next() {
            Some('.') => !dotted(after.next()),
            next => !next.is_some_and(joins),
        };
        free_before && free_after
    })
}

/// Files whose text can be a program's or its configuration.
fn is_source(path: &str) -> bool {
    let name = base_name(path);
    let upper = name.to_ascii_uppercase();
    let for_git = name.ends_with("ignore") || name == ".gitattributes" || name == ".gitmodules";
    if for_git || is_foreign(path) {
        return false;
    }
    if let Some(row) = row_of(path) {
        return !row.lock;
    }
    !PROSE.iter().any(|start| upper.starts_with(start)) && !NOT_SOURCE.iter().any(|end| name.ends_with(end))
}

/// Builder, CI and editor files, caches, logs: what an image has no use for.
fn junk() -> Matcher {
    let always = |junk: &&Junk| junk.class != JunkClass::Secrets && junk.marker.is_none() && junk.made_by.is_empty();
    let patterns: Vec<&str> = load().junk.iter().filter(always).map(|junk| junk.pattern.as_str()).collect();
    Matcher::new(&IgnoreFile::parse(patterns.join("\n").as_bytes()))
}

fn is_text(bytes: &[u8]) -> bool {
    bytes.len() <= MAX_FILE && !bytes.iter().take(8192).any(|byte| *byte == 0)
}
