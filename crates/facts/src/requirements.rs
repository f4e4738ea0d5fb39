//! Requirements files with all that they include. <https://pip.pypa.io/en/stable/reference/requirements-file-format/>

use std::collections::BTreeSet;

use crate::World;
use crate::classify::is_local;
use crate::path::{clean, join};

/// Bytes of a requirements file that are read, at most; files included, at most.
const MAX_BYTES: usize = 1 << 20;
const MAX_FILES: usize = 100;

/// A requirements file and what it leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// Context-relative paths of the file and all that it includes by `-r` and `-c`, sorted.
    pub files: Vec<String>,
    /// It installs or links something of the context (`-e .`, `./pkg`, `--find-links ./wheels`): the sources are needed.
    pub local: bool,
    /// A file could not be read, lies outside of the context, or is named by a variable.
    pub opaque: bool,
}

/// Follows the context's file `path`.
pub fn requirements(world: &dyn World, path: &str) -> Requirements {
    let mut result = Requirements::default();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut todo = vec![clean(path)];
    while let Some(path) = todo.pop() {
        if seen.contains(&path) {
            continue;
        }
        let text = world.read(&path, MAX_BYTES + 1).filter(|text| text.len() <= MAX_BYTES && seen.len() < MAX_FILES);
        let Some(text) = text else {
            result.opaque = true;
            continue;
        };
        let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder).to_owned();
        for line in lines(&String::from_utf8_lossy(&text)) {
            read_line(&line, &folder, &mut todo, &mut result);
        }
        seen.insert(path);
    }
    result.files = seen.into_iter().collect();
    result
}

/// Logical lines: continuations joined, comments and blank lines left out.
fn lines(text: &str) -> Vec<String> {
    let joined = text.replace("\\\r\n", " ").replace("\\\n", " ");
    let without_comment = |line: &str| match line.find(" #") {
        Some(at) => line[..at].trim().to_owned(),
        None => line.trim().to_owned(),
    };
    joined
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .map(without_comment)
        .filter(|line| !line.is_empty())
        .collect()
}

fn read_line(line: &str, folder: &str, todo: &mut Vec<String>, result: &mut Requirements) {
    if let Some(file) = option(line, &["-r", "--requirement", "-c", "--constraint"]) {
        if file.contains("://")
            || file.starts_with('/')
            || file.contains("${")
            || file.starts_with("..") && folder == "."
        {
            result.opaque = true;
        } else {
            todo.push(join(folder, file));
        }
        return;
    }
    if let Some(place) = option(line, &["-f", "--find-links"]) {
        result.local |= !place.contains("://");
        return;
    }
    if option(line, &["-e", "--editable"]).is_some() {
        result.local |= !line.contains("://");
        return;
    }
    let word = line.split_whitespace().next().unwrap_or_default();
    result.local |= !line.starts_with('-') && (is_local(word) || line.contains("@ file:") || line.contains("@file:"));
}

/// The value of one of these options: `-r x`, `-rx`, `--requirement=x`.
fn option<'a>(line: &'a str, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| {
        let rest = line.strip_prefix(name)?;
        let short = name.len() == 2;
        (short || rest.starts_with(['=', ' ', '\t'])).then(|| rest.trim_start_matches('=').trim())
    })
}
