//! Requests worth sending, found in what the builder receives: the health check, an API description, routes named in sources,
//! files that are served as they are. Text search, bounded; it finds candidates and need not be right, since the original
//! answers first and a wrong guess is the same 404 on both sides.

mod files;
mod health;
mod openapi;
mod paths;
mod patterns;
mod routes;

use std::collections::BTreeSet;

use jettison_context::{Entry, EntryKind, Snapshot};
use jettison_image::ImageConfig;

use super::{MISSING_PATH, ProbeRequest};

pub use paths::is_harmless;

const MAX_PROBES: usize = 24;
const MAX_FILES: usize = 2_000;
const MAX_BYTES: usize = 8 * 1024 * 1024;
const MAX_FILE: usize = 512 * 1024;

/// Folders that hold other people's code, tests, or nothing that is served.
const SKIPPED: [&str; 17] = [
    "node_modules",
    "vendor",
    ".venv",
    "venv",
    "env",
    "site-packages",
    "tests",
    "test",
    "__tests__",
    "spec",
    "testdata",
    "__pycache__",
    ".git",
    "target",
    "coverage",
    "e2e",
    "fixtures",
];

/// Asked last, where nothing better is known.
const USUAL: [&str; 8] =
    ["/health", "/healthz", "/api/health", "/ready", "/actuator/health", "/index.html", "/robots.txt", "/favicon.ico"];

/// How good a find is; better ones are asked first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Start,
    Health,
    Described,
    Route,
    File,
    Prefixed,
    Parameters,
    Guess,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Find {
    rank: Rank,
    /// Position among the finds of its kind.
    order: usize,
    path: String,
    port: Option<u16>,
    source: String,
}

/// What has been found so far.
#[derive(Default)]
struct Finds(Vec<Find>);

impl Finds {
    fn add(&mut self, rank: Rank, port: Option<u16>, path: &str, source: &str) {
        let Some((path, has_parameters)) = paths::request_path(path) else { return };
        let rank = if has_parameters { rank.max(Rank::Parameters) } else { rank };
        self.0.push(Find { rank, order: self.0.len(), path, port, source: source.to_owned() });
    }

    /// The best ones, each path once, the 404 probe last.
    fn into_requests(mut self) -> Vec<ProbeRequest> {
        self.0.sort();
        let mut seen = BTreeSet::new();
        let explicit: BTreeSet<String> =
            self.0.iter().filter(|find| find.port.is_none()).map(|find| find.path.clone()).collect();
        let fresh = self.0.into_iter().filter(|find| {
            let covered = find.port.is_some() && find.rank != Rank::Health && explicit.contains(&find.path);
            !covered && seen.insert((find.port, find.path.clone()))
        });
        let mut requests: Vec<ProbeRequest> =
            fresh.take(MAX_PROBES).map(|find| get(find.port, find.path, find.source)).collect();
        requests.push(get(None, MISSING_PATH.to_owned(), "a path that no app has".to_owned()));
        requests
    }
}

fn get(port: Option<u16>, path: String, source: String) -> ProbeRequest {
    ProbeRequest { port, method: "GET".to_owned(), path, source }
}

/// At most 24 requests for an image with this `config` built from this context, best first, and one that must find nothing.
/// `read` gives at most so many bytes of a kept file.
pub fn discover(
    snapshot: &Snapshot,
    read: &dyn Fn(&str, usize) -> Option<Vec<u8>>,
    config: &ImageConfig,
) -> Vec<ProbeRequest> {
    let mut finds = Finds::default();
    finds.add(Rank::Start, None, "/", "the start page");
    let sources = read_sources(snapshot, read);
    health::find(config, &sources, &mut finds);
    openapi::find(&sources, &mut finds);
    routes::find(&sources, &mut finds);
    files::find(&snapshot.kept, &mut finds);
    for path in USUAL {
        finds.add(Rank::Guess, None, path, "a usual path");
    }
    finds.into_requests()
}

/// A text file of the context.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// Last part of the path, lower case.
    fn name(&self) -> String {
        self.path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase()
    }

    /// Lower-case file extension, or empty.
    fn extension(&self) -> String {
        self.name().rsplit_once('.').map(|(_, extension)| extension.to_owned()).unwrap_or_default()
    }

    /// `app/main.py:14`
    fn at(&self, offset: usize) -> String {
        let before = self.text.get(..offset).unwrap_or_default();
        format!("{}:{}", self.path, before.matches('\n').count().saturating_add(1))
    }
}

fn read_sources(snapshot: &Snapshot, read: &dyn Fn(&str, usize) -> Option<Vec<u8>>) -> Vec<Source> {
    let mut left = MAX_BYTES;
    let mut sources = Vec::new();
    let worth =
        |entry: &&Entry| entry.kind == EntryKind::File && entry.size <= MAX_FILE as u64 && is_source(&entry.path);
    let mut entries: Vec<&Entry> = snapshot.kept.iter().filter(worth).collect();
    // Near the root first: that is where an app's own code lies when there is too much to read.
    entries.sort_by_key(|entry| (entry.path.matches('/').count(), entry.path.as_str()));
    for entry in entries.into_iter().take(MAX_FILES) {
        let Some(bytes) = read(&entry.path, MAX_FILE.min(left)) else { continue };
        left = left.saturating_sub(bytes.len());
        sources.push(Source { path: entry.path.clone(), text: String::from_utf8_lossy(&bytes).into_owned() });
        if left == 0 {
            break;
        }
    }
    sources
}

fn is_source(path: &str) -> bool {
    let mut parts: Vec<&str> = path.split('/').collect();
    let name = parts.pop().unwrap_or_default().to_ascii_lowercase();
    let test =
        name.starts_with("test_") || ["_test.", ".test.", ".spec.", "_spec."].iter().any(|mark| name.contains(mark));
    let minified = name.contains(".min.");
    !test
        && !minified
        && !is_skipped(&parts)
        && (patterns::is_known(&name) || openapi::is_candidate(&name) || health::is_script(&name))
}

/// Below `src/main` a folder is a package, whatever its name.
fn is_skipped(folders: &[&str]) -> bool {
    folders.iter().take_while(|folder| **folder != "main").any(|folder| SKIPPED.contains(folder))
}

#[cfg(test)]
mod tests;
