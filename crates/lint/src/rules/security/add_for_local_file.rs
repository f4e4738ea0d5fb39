//! # add-for-local-file
//!
//! ## What it does
//! Finds ADD of plain local files and folders.
//!
//! ## Why is this bad?
//! ADD also unpacks archives and downloads: whoever reads it must know which of these was meant. COPY only copies.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! ADD app.py /srv/
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! COPY app.py /srv/
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ADD rootfs.tar.xz /
//! ADD https://example.com/a.tar.gz /tmp/
//! ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 $URL /tmp/
//! ```
//!
//! ## Fix safety
//! Safe where every source is a name that can be no archive.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#add-or-copy>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3020", "DS-0005", "CKV_DOCKER_4", "DF006", "DD007"],
    fix: FixKind::Safe,
    ..RuleInfo::new("add-for-local-file", Category::Security, Severity::Warning, "ADD is used where COPY is meant")
};

/// Endings of archives that ADD unpacks, or may: it looks at the content.
const ARCHIVES: [&str; 18] = [
    ".tar", ".gz", ".tgz", ".bz2", ".tbz2", ".tbz", ".xz", ".txz", ".zst", ".zstd", ".lz", ".tlz", ".lzma", ".Z",
    ".tb2", ".tzst", ".tzo", ".t7z",
];

/// Endings of files that are no archives for certain.
const PLAIN: [&str; 28] = [
    ".sh",
    ".py",
    ".js",
    ".ts",
    ".json",
    ".conf",
    ".cfg",
    ".ini",
    ".yml",
    ".yaml",
    ".toml",
    ".txt",
    ".md",
    ".xml",
    ".html",
    ".css",
    ".rb",
    ".go",
    ".rs",
    ".c",
    ".h",
    ".java",
    ".sql",
    ".env",
    ".list",
    ".repo",
    ".service",
    ".properties",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Add) {
        let Some(copy) = step.instruction.as_copy() else { continue };
        let special = copy.checksum.is_some() || copy.unpack.is_some() || copy.keep_git_dir.is_some();
        let heredocs = !step.instruction.heredocs.is_empty() && !sheet.is_hadolint();
        if special
            || heredocs
            || copy.sources.is_empty()
            || copy.sources.iter().any(|source| is_more(sheet, step, &source.raw))
        {
            continue;
        }
        let flags_fit = step
            .instruction
            .flags
            .iter()
            .all(|flag| ["chown", "chmod", "link", "exclude"].contains(&flag.name.as_str()));
        let certain = copy.sources.iter().all(|source| is_plain(sheet, step, &source.raw));
        let safety = if certain { FixSafety::Safe } else { FixSafety::Unsafe };
        let keyword = sheet.text(step.instruction.keyword_span).into_owned();
        let copy_word = if keyword.chars().all(char::is_lowercase) { "copy" } else { "COPY" };
        let edits = if flags_fit { vec![Edit::replace(step.instruction.keyword_span, copy_word)] } else { Vec::new() };
        let found = Found::at(step, step.instruction.keyword_span, "COPY does the same, and only that");
        sink.push(found.fix(safety, "use COPY", edits));
    }
}

/// Whether a source needs ADD, or may need it.
fn is_more(sheet: &Sheet<'_>, step: &Step<'_>, source: &str) -> bool {
    let value = sheet.value(step, source);
    let text = value.as_deref().unwrap_or(source).trim_matches(['"', '\'']);
    let remote = text.contains("://") || text.starts_with("git@");
    let unknown = value.is_none() && source.starts_with(['$', '"']) && !sheet.is_hadolint();
    remote || unknown || ARCHIVES.iter().any(|ending| text.ends_with(ending))
}

fn is_plain(sheet: &Sheet<'_>, step: &Step<'_>, source: &str) -> bool {
    let Some(text) = sheet.value(step, source) else { return false };
    let folder = text.ends_with('/') || [".", ".."].contains(&text.as_str());
    folder || PLAIN.iter().any(|ending| text.ends_with(ending))
}
