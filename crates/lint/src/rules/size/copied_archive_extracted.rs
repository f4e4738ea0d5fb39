//! # copied-archive-extracted
//!
//! ## What it does
//! Finds a local archive that is copied into the image and unpacked by a later RUN.
//!
//! ## Why is this bad?
//! The archive stays in its own layer. `ADD` unpacks local tar archives by itself.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! COPY app.tar.gz /opt/
//! RUN tar -xzf /opt/app.tar.gz -C /opt
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ADD app.tar.gz /opt/
//! ```
//! ```dockerfile good
//! FROM debian:12
//! COPY --from=busybox:1.37 /app.tar.gz /opt/
//! ```
//!
//! ## Fix safety
//! No fix: where the contents go and who owns them may change.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#adding-local-tar-archives>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3010", "DF067"],
    roles: Roles::SHIPPED,
    ..RuleInfo::new(
        "copied-archive-extracted",
        Category::Size,
        Severity::Info,
        "an archive is copied, then unpacked in another layer",
    )
};

/// Endings of archives that ADD unpacks; the last ones are only worth a bind mount.
const ENDINGS: [&str; 13] = [
    ".tar",
    ".tar.gz",
    ".tgz",
    ".tar.bz2",
    ".tbz2",
    ".tbz",
    ".tar.xz",
    ".txz",
    ".tar.zst",
    ".tar.lz",
    ".tlz",
    ".tar.lzma",
    ".tar.Z",
];
const PACKED: [&str; 5] = [".gz", ".bz2", ".xz", ".zst", ".zip"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Copy) {
        let Some(copy) = step.instruction.as_copy().filter(|copy| copy.from.is_none()) else { continue };
        let target = copy.destination.map(|word| word.raw.as_str()).unwrap_or_default();
        for source in &copy.sources {
            let name = source.raw.rsplit('/').next().unwrap_or_default();
            let of_target = target.rsplit('/').next().unwrap_or_default();
            let is_archive = |name: &str| ENDINGS.iter().chain(&PACKED).any(|ending| name.ends_with(ending));
            let name = if is_archive(of_target) { of_target } else { name };
            if is_archive(&source.raw) && is_unpacked(sheet, step, name) {
                let message = format!("`{}` is unpacked by a later RUN and stays in this layer", source.raw);
                sink.push(Found::at(step, source.span, message).costs_modelled(sheet.copied_bytes(step)));
            }
        }
    }
}

/// Whether a later RUN of the stage unpacks a file of that name.
fn is_unpacked(sheet: &Sheet<'_>, copy: &Step<'_>, name: &str) -> bool {
    let later = sheet.of(Keyword::Run).filter(|step| step.stage == copy.stage && step.index > copy.index);
    later.flat_map(|step| &step.calls).any(|call| {
        let unpacks = match call.name {
            "tar" | "bsdtar" => call.args.first().is_some_and(|arg| {
                let text = arg.text();
                text.contains('x') && !text.contains('/')
                    || call.args.iter().any(|arg| {
                        ["--extract", "--get"].contains(&arg.text())
                            || arg.text().starts_with('-') && !arg.text().starts_with("--") && arg.text().contains('x')
                    })
            }),
            "unzip" | "gunzip" | "bunzip2" | "unxz" | "unzstd" | "gzip" | "zcat" | "xz" | "7z" | "uncompress"
            | "unlzma" => true,
            _ => false,
        };
        unpacks
            && call.args.iter().any(|arg| {
                let text = arg.value.as_deref().unwrap_or(&arg.word.raw);
                text.rsplit('/').next() == Some(name)
                    || text.contains('*') && crate::sheet::matches(text.rsplit('/').next().unwrap_or_default(), name)
            })
    })
}
