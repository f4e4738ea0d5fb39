//! The edit engine: applies spans over the source and guards the result.

mod style;

use std::collections::HashMap;

use jettison_model::{Edit, Fix};

use crate::expand::Env;
use crate::stages::StageGraph;
use crate::{DiagnosticKind, Dockerfile, dispatch};

pub use style::{Style, add_flag, delete_instruction, insert_after, insert_before, remove_flag, replace_instruction};

/// Why edits were not applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Two edits of one fix overlap.
    #[error("two edits overlap")]
    Overlap,
    /// A span lies outside of the source, or inside a UTF-8 sequence.
    #[error("an edit lies outside of the text, or inside of a character")]
    OutOfRange,
    /// The result would have an error that the original has not: the first one's text.
    #[error("the edited file would be refused: {0}")]
    Breaks(String),
}

/// Applies all edits (any order, not overlapping) to `source`. Several inserts at one place keep their order.
pub fn apply(source: &[u8], edits: &[Edit]) -> Result<Vec<u8>, EditError> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| edit.span);
    let mut result = Vec::with_capacity(source.len());
    let mut at = 0;
    for edit in sorted {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        if start > end || !is_boundary(source, start) || !is_boundary(source, end) {
            return Err(EditError::OutOfRange);
        }
        if start < at {
            return Err(EditError::Overlap);
        }
        result.extend_from_slice(&source[at..start]);
        result.extend_from_slice(edit.replacement.as_bytes());
        at = end;
    }
    result.extend_from_slice(&source[at..]);
    Ok(result)
}

/// Applies edits to a Dockerfile and re-parses: refused if the result has an error that the original lacks.
pub fn apply_checked(source: &[u8], edits: &[Edit]) -> Result<Vec<u8>, EditError> {
    let result = apply(source, edits)?;
    match new_error(source, &result) {
        Some(error) => Err(EditError::Breaks(error)),
        None => Ok(result),
    }
}

/// Applies the fixes of a Dockerfile that neither overlap earlier ones nor break the file, and returns the text with the
/// indexes of those applied.
pub fn apply_fixes(source: &[u8], fixes: &[Fix]) -> (Vec<u8>, Vec<usize>) {
    let mut applied = Vec::new();
    let mut edits: Vec<Edit> = Vec::new();
    for (index, fix) in fixes.iter().enumerate() {
        let clashes = |edit: &Edit| edits.iter().any(|earlier| earlier.span.overlaps(edit.span));
        if !fix.edits.iter().any(clashes) && apply(source, &fix.edits).is_ok() {
            edits.extend(fix.edits.iter().cloned());
            applied.push(index);
        }
    }
    match apply_checked(source, &edits) {
        Ok(result) => (result, applied),
        Err(_) => one_by_one(source, fixes, &applied),
    }
}

/// The slow way, once it is known that some fix breaks the file: each is tried on top of those that did not.
fn one_by_one(source: &[u8], fixes: &[Fix], candidates: &[usize]) -> (Vec<u8>, Vec<usize>) {
    let (mut result, mut applied, mut edits) = (source.to_vec(), Vec::new(), Vec::new());
    for index in candidates {
        let before = edits.len();
        edits.extend(fixes[*index].edits.iter().cloned());
        match apply_checked(source, &edits) {
            Ok(text) => {
                result = text;
                applied.push(*index);
            }
            Err(_) => edits.truncate(before),
        }
    }
    (result, applied)
}

/// The first error that `after` has more often than `before`.
fn new_error(before: &[u8], after: &[u8]) -> Option<String> {
    let (before, after) = (crate::parse(before), crate::parse(after));
    if before.is_rejected() && !after.is_rejected() {
        return None;
    }
    let mut known: HashMap<String, usize> = HashMap::new();
    for message in errors(&before) {
        *known.entry(message).or_default() += 1;
    }
    errors(&after).into_iter().find(|message| match known.get_mut(message) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    })
}

/// All errors of the parser, and if it has none those of the dispatcher.
fn errors(dockerfile: &Dockerfile) -> Vec<String> {
    let graph = StageGraph::new(dockerfile, &Env::new(), "amd64");
    let found = dockerfile.diagnostics.iter().cloned().chain(dispatch::refusals(dockerfile, &graph));
    found.filter(|one| one.kind == DiagnosticKind::Error).map(|one| one.message).collect()
}

/// Whether `at` lies in the source and not inside of a UTF-8 sequence.
fn is_boundary(source: &[u8], at: usize) -> bool {
    let Some(next) = source.get(at) else { return at == source.len() };
    if next & 0xC0 != 0x80 {
        return true;
    }
    (1..=3.min(at)).all(|back| {
        let start = at - back;
        let chunk = source[start..source.len().min(start + 4)].utf8_chunks().next();
        let length = chunk.and_then(|chunk| chunk.valid().chars().next()).map_or(0, char::len_utf8);
        length <= back
    })
}
