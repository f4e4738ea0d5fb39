//! All rules. A rule is one file in the folder of its category and one line in that folder's `mod.rs`.

mod cache;
mod correctness;
mod metadata;
mod performance;
mod prelude;
mod reproducibility;
mod security;
mod size;
mod style;

pub(crate) use correctness::refused;

use crate::RuleInfo;
use crate::sheet::{Sheet, Sink};

/// A rule as the runner sees it.
pub(crate) struct Rule {
    pub info: RuleInfo,
    pub check: fn(&Sheet<'_>, &mut Sink<'_>),
}

/// By category.
pub(crate) static ALL: &[&[Rule]] = &[
    cache::RULES,
    correctness::RULES,
    metadata::RULES,
    performance::RULES,
    reproducibility::RULES,
    security::RULES,
    size::RULES,
    style::RULES,
];

/// Registers the rules of a category: one line each. The page is the file's own `//!` text.
macro_rules! register {
    ($($name:ident,)*) => {
        $(mod $name;)*

        pub(super) const RULES: &[super::Rule] = &[
            $({
                const SOURCE: &str = include_str!(concat!(stringify!($name), ".rs"));
                const PAGE: [u8; super::page_length(SOURCE)] = super::page(SOURCE);
                const DOCS: &str = match str::from_utf8(&PAGE) {
                    Ok(page) => page,
                    Err(_) => panic!("a page is text"),
                };
                super::Rule { info: crate::RuleInfo { docs: DOCS, ..$name::RULE }, check: $name::check }
            },)*
        ];
    };
}

pub(crate) use register;

/// Bytes of the page in a rule's source.
const fn page_length(source: &str) -> usize {
    let bytes = source.as_bytes();
    let (mut at, mut length) = (0, 0);
    while is_page(bytes, at) {
        let mut from = text_of(bytes, at);
        while from < bytes.len() && bytes[from] != b'\n' {
            from += 1;
            length += 1;
        }
        length += 1;
        at = from + 1;
    }
    length
}

/// The page in a rule's source: its `//!` lines without these signs.
const fn page<const LENGTH: usize>(source: &str) -> [u8; LENGTH] {
    let bytes = source.as_bytes();
    let mut page = [b'\n'; LENGTH];
    let (mut at, mut length) = (0, 0);
    while is_page(bytes, at) {
        let mut from = text_of(bytes, at);
        while from < bytes.len() && bytes[from] != b'\n' {
            page[length] = bytes[from];
            from += 1;
            length += 1;
        }
        length += 1;
        at = from + 1;
    }
    page
}

const fn is_page(bytes: &[u8], at: usize) -> bool {
    at + 2 < bytes.len() && bytes[at] == b'/' && bytes[at + 1] == b'/' && bytes[at + 2] == b'!'
}

/// Where the text of a `//!` line begins.
const fn text_of(bytes: &[u8], at: usize) -> usize {
    if at + 3 < bytes.len() && bytes[at + 3] == b' ' { at + 4 } else { at + 3 }
}
