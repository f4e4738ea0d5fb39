//! # user-not-created
//!
//! ## What it does
//! Finds users that USER names, and that no step and no base image creates.
//!
//! ## Why is this bad?
//! The build or the container ends with `unable to find user`.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! USER app
//! CMD ["/app"]
//! ```
//! ```dockerfile bad
//! FROM scratch
//! COPY app /app
//! USER app
//! CMD ["/app"]
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN useradd --system app
//! USER app
//! CMD ["/app"]
//! ```
//! ```dockerfile good
//! FROM node:22-slim
//! USER node
//! ```
//! ```dockerfile good
//! FROM scratch
//! COPY app /app
//! USER 65532:65532
//! ```
//! ```dockerfile good
//! FROM scratch
//! COPY --from=build /etc/passwd /etc/passwd
//! USER app
//! ```
//!
//! ## Fix safety
//! No fix: which number the user shall have is yours to say.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#user>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:named-identity-in-passwdless-stage"],
    ..RuleInfo::new("user-not-created", Category::Correctness, Severity::Warning, "nobody creates this user")
};

/// Users that every distribution has.
const ALWAYS: [&str; 22] = [
    "root", "daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news", "uucp", "proxy", "www-data",
    "backup", "list", "irc", "nobody", "_apt", "operator", "guest", "ftp", "adm",
];
/// Official images of which all users are known, with the one that is theirs.
const KNOWN: [(&str, &str); 9] = [
    ("debian", ""),
    ("ubuntu", "ubuntu"),
    ("python", ""),
    ("node", "node"),
    ("golang", ""),
    ("rust", ""),
    ("ruby", ""),
    ("perl", ""),
    ("buildpack-deps", ""),
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::User).filter(|step| !step.onbuild) {
        let (Some(stage), Some(word)) = (step.stage, step.instruction.words.first()) else { continue };
        let Some(value) = sheet.value(step, &word.raw) else { continue };
        let user = value.split(':').next().unwrap_or_default();
        if user.is_empty() || user == "root" || user.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let scratch = sheet.is_scratch(stage);
        let official = sheet.image(stage).filter(|_| sheet.is_official(stage));
        let own = official.and_then(|(name, _)| KNOWN.iter().find(|(known, _)| *known == name));
        let unknown = own.is_some_and(|(_, own)| *own != user && !ALWAYS.contains(&user))
            && sheet.distro(stage) != Distro::Alpine;
        if !(scratch || unknown) || may_create(sheet, step, stage) {
            continue;
        }
        let found = Found::at(step, word.span, format!("no step and no base image creates the user `{user}`"));
        sink.push(if scratch { found.severity(Severity::Error) } else { found.likely() });
    }
}

/// Whether a step before it may create users: packages and scripts do that too.
fn may_create(sheet: &Sheet<'_>, step: &Step<'_>, stage: usize) -> bool {
    let mut earlier = sheet.lineage(stage).filter(|other| other.index < step.index);
    earlier.any(|other| match other.keyword() {
        Keyword::Run => !is_harmless(other),
        Keyword::Copy | Keyword::Add => other.instruction.as_copy().is_none_or(|copy| {
            let target = copy.destination.map(|word| word.raw.as_str()).unwrap_or_default();
            copy.is_add || target.contains("etc") || target == "/" || target.contains('$')
        }),
        _ => false,
    })
}

/// Whether a RUN surely creates no user: all its commands are known not to.
fn is_harmless(step: &Step<'_>) -> bool {
    const PLAIN: [&str; 20] = [
        "pip", "pip3", "npm", "yarn", "go", "cargo", "mkdir", "rm", "cp", "mv", "chmod", "echo", "cd", "touch", "ln",
        "set", "npx", "pnpm", "bundle", "tar",
    ];
    let plain = |call: &Call<'_>| {
        PLAIN.contains(&call.name) && !call.simple.redirects.iter().any(|redirect| redirect.raw.contains("etc"))
    };
    step.understood().is_some() && step.calls.iter().all(plain)
}
