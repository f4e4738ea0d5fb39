//! # flag-newer-than-syntax
//!
//! ## What it does
//! Finds what the frontend that `# syntax=` pins does not know yet, and, without such a line, what only new builders know.
//!
//! ## Why is this bad?
//! The build fails, or takes the flag for a file name.
//!
//! ## Example
//! ```dockerfile bad
//! # syntax=docker/dockerfile:1.2
//! FROM debian:12
//! COPY --link app /app
//! ```
//! ```dockerfile fixed
//! # syntax=docker/dockerfile:1
//! FROM debian:12
//! COPY --link app /app
//! ```
//! ```dockerfile good
//! # syntax=docker/dockerfile:1
//! FROM debian:12
//! COPY --link app /app
//! ```
//! ```dockerfile good
//! FROM debian:12
//! COPY --link app /app
//! ```
//!
//! ## Fix safety
//! Unsafe: another frontend may do other things differently.
//!
//! ## References
//! <https://docs.docker.com/build/buildkit/dockerfile-release-notes/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "flag-newer-than-syntax",
        Category::Correctness,
        Severity::Error,
        "the frontend does not know this yet",
    )
};

/// Flags with the version of the frontend that brought them: instruction, flag, minor version of 1.
const FLAGS: [(Keyword, &str, u32); 16] = [
    (Keyword::Add, "keep-git-dir", 1),
    (Keyword::Run, "mount", 2),
    (Keyword::Copy, "chmod", 2),
    (Keyword::Add, "chmod", 2),
    (Keyword::Run, "network", 3),
    (Keyword::Copy, "link", 4),
    (Keyword::Add, "link", 4),
    (Keyword::Add, "checksum", 6),
    (Keyword::Healthcheck, "start-interval", 6),
    (Keyword::Add, "unpack", 17),
    (Keyword::Copy, "exclude", 19),
    (Keyword::Add, "exclude", 19),
    (Keyword::Copy, "parents", 20),
    (Keyword::Run, "security", 20),
    (Keyword::Run, "device", u32::MAX),
    (Keyword::Copy, "unpack", u32::MAX),
];
/// What builders of the last year know without being asked.
const COMMON: u32 = 14;

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let directive = sheet.dockerfile.directives().iter().find(|directive| directive.name == "syntax");
    let version = directive.map(|directive| minor(&directive.value));
    // A frontend of somebody else, a channel, or any version of 1.
    if version == Some(None) {
        return;
    }
    let pinned = version.flatten();
    for step in &sheet.steps {
        let flags = step.instruction.flags.iter().filter_map(|flag| {
            let (_, name, minor) =
                FLAGS.iter().find(|(keyword, name, _)| *keyword == step.keyword() && flag.name == *name)?;
            Some((flag.span, format!("--{name}"), *minor))
        });
        let heredoc = step.instruction.heredocs.first().map(|heredoc| (heredoc.token, "a here-document".to_owned(), 4));
        for (span, name, needs) in flags.chain(heredoc) {
            match pinned {
                Some(minor) if minor < needs => {
                    let message =
                        format!("`{name}` came with version 1.{needs} of the frontend, and 1.{minor} is pinned");
                    let message = if needs == u32::MAX {
                        format!("only `docker/dockerfile:1-labs` knows `{name}`")
                    } else {
                        message
                    };
                    let edits = directive.filter(|_| needs != u32::MAX).and_then(|directive| raise(sheet, directive));
                    sink.push(
                        Found::at(step, span, message)
                            .risky("take the newest version of 1", edits.into_iter().collect()),
                    );
                }
                None if needs > COMMON => {
                    let message = format!(
                        "not every builder knows `{name}`: `# syntax=docker/dockerfile:1` brings one that does"
                    );
                    let message = if needs == u32::MAX {
                        format!("only `# syntax=docker/dockerfile:1-labs` knows `{name}`")
                    } else {
                        message
                    };
                    sink.push(Found::at(step, span, message).severity(Severity::Info));
                }
                _ => {}
            }
        }
    }
}

/// `docker/dockerfile:1.4.2` → 4; none for `1`, channels and other frontends.
fn minor(value: &str) -> Option<u32> {
    let image = value.split_whitespace().next()?.split('@').next()?;
    let tag = image.rsplit_once(':').filter(|(name, _)| name.ends_with("docker/dockerfile"))?.1;
    let rest = tag.strip_prefix("1.").filter(|rest| !rest.contains("labs") && !rest.contains("experimental"))?;
    rest.split(['.', '-']).next()?.parse().ok()
}

fn raise(sheet: &Sheet<'_>, directive: &jettison_dockerfile::Directive) -> Option<Edit> {
    let line = sheet.exact(directive.span)?;
    let (before, tag) = line.rsplit_once("docker/dockerfile:")?;
    let start = directive.span.start as usize + before.len() + "docker/dockerfile:".len();
    let plain = tag.trim_end().bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    plain.then(|| Edit::replace(Span::new(start, start + tag.trim_end().len()), "1"))
}
