//! Edits: the first bytes say where and what, the rest is the file. What is taken keeps the rest of the file and its verdict.
#![no_main]

use jettison_dockerfile::{edit, parse};
use jettison_model::{Edit, Span};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [start, length, size, rest @ ..] = data else { return };
    let size = usize::from(*size % 16).min(rest.len());
    let (text, source) = rest.split_at(size);
    let span = Span::new(usize::from(*start), usize::from(*start) + usize::from(*length));
    let edit = Edit::replace(span, String::from_utf8_lossy(text));
    if let Ok(result) = edit::apply(source, std::slice::from_ref(&edit)) {
        assert!(result.starts_with(&source[..span.start as usize]));
        assert!(result.ends_with(&source[span.end as usize..]));
    }
    if let Ok(result) = edit::apply_checked(source, &[edit]) {
        assert!(parse(source).is_rejected() || !parse(result).is_rejected());
    }
});
