//! COPY and ADD with everything expanded: which paths go where. `opaque` where a flag, a variable or a here-document leaves doubt.

use jettison_dockerfile::Instruction;
use jettison_dockerfile::expand::expand;
use jettison_dockerfile::stages::Effective;
use jettison_dockerfile::views::Copy;

use crate::CopyFacts;
use crate::gather::Source;
use crate::path;

/// Flags that change neither which files are taken nor where they go.
const PLAIN_FLAGS: [&str; 4] = ["from", "chown", "chmod", "link"];

pub(crate) fn read(
    source: &Source<'_>,
    index: usize,
    instruction: &Instruction,
    before: &Effective,
) -> Option<CopyFacts> {
    let copy = instruction.as_copy()?;
    let mut words = Words { before, escape: source.dockerfile.escape(), sure: is_plain(&copy) };
    let written: Vec<String> = copy.sources.iter().map(|word| words.expand(&word.raw)).collect();
    let target = words.expand(copy.destination.map(|word| word.raw.as_str()).unwrap_or_default());
    let remote = copy.is_add && written.iter().any(|text| is_remote(text));
    let sources: Vec<String> =
        written.iter().map(|text| if is_remote(text) { text.clone() } else { relative(text) }).collect();
    let from = copy.from.map(|from| source.graph.source(from));
    let into_folder = from.is_none() && takes_folder(&sources, source.paths);
    let opaque = !words.sure
        || remote
        || sources.is_empty()
        || target.is_empty()
        || copy.from.is_some_and(|from| from.contains('$'));
    Some(CopyFacts {
        instruction: index,
        destination: destination(&target, before.workdir.as_deref(), sources.len() > 1 || into_folder),
        sources,
        from,
        opaque,
        is_add: copy.is_add,
    })
}

/// No here-documents and no flags that are not modelled (`--parents`, `--exclude`, `--checksum`, …).
fn is_plain(copy: &Copy<'_>) -> bool {
    copy.instruction.heredocs.is_empty()
        && copy.instruction.flags.iter().all(|flag| PLAIN_FLAGS.contains(&flag.name.as_str()))
}

struct Words<'a> {
    before: &'a Effective,
    escape: char,
    /// No variable was without a value so far.
    sure: bool,
}

impl Words<'_> {
    fn expand(&mut self, word: &str) -> String {
        match expand(word, &self.before.variables, self.escape) {
            Ok(expanded) => {
                self.sure &= expanded.unset.is_empty();
                expanded.value
            }
            Err(_) => {
                self.sure = false;
                word.to_owned()
            }
        }
    }
}

/// A source seen from the context's (or the stage's) root: `./src/` → `src`, `/` → `.`.
fn relative(text: &str) -> String {
    path::clean(text.trim_start_matches('/'))
}

/// Absolute where WORKDIR is known, with a slash at the end where it must be a folder.
fn destination(target: &str, workdir: Option<&str>, folder: bool) -> String {
    let folder = folder || target.ends_with('/') || [".", ".."].contains(&path::base_name(target));
    let mut destination = match workdir {
        Some(workdir) => path::join(workdir, target),
        None => path::clean(target),
    };
    if folder && !destination.ends_with('/') {
        destination.push('/');
    }
    destination
}

/// Whether some source is a folder: its contents go into the destination, which is a folder then.
fn takes_folder(sources: &[String], paths: Option<&[String]>) -> bool {
    let is_folder = |source: &str| {
        paths.is_some_and(|paths| {
            paths.iter().any(|path| path::below(path, source).is_some_and(|rest| !rest.is_empty()))
        })
    };
    sources.iter().any(|source| source == "." || is_folder(source))
}

fn is_remote(text: &str) -> bool {
    text.contains("://") || text.starts_with("git@")
}
