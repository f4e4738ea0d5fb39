//! # secret-named-variable
//!
//! ## What it does
//! Finds ARG and ENV whose name says that they hold a secret.
//!
//! ## Why is this bad?
//! ENV is in the image for everybody to read; ARG is in its history and provenance.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! ENV DB_PASSWORD=hunter2
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ENV DB_PASSWORD_FILE=/run/secrets/db TOKEN_URL=https://example.com
//! RUN --mount=type=secret,id=db,env=DB_PASSWORD ./migrate
//! ```
//!
//! ## Fix safety
//! No fix: how the secret comes to the build is not in the file.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &[
        "DL3064",
        "SecretsUsedInArgOrEnv",
        "DS-0031",
        "DF013",
        "DD020",
        "t:ruby/secrets-in-arg-or-env",
        "k:secrets_env",
    ],
    roles: Roles::ALL.builders(Severity::Info),
    ..RuleInfo::new(
        "secret-named-variable",
        Category::Security,
        Severity::Warning,
        "an ARG or ENV seems to hold a secret",
    )
};

/// Words that say secret wherever they stand in a name.
const SECRET: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "pword",
    "pswd",
    "secret",
    "secrets",
    "token",
    "credential",
    "credentials",
    "apikey",
    "pwd",
];

/// Words that say secret at the end of a name.
const SECRET_LAST: [&str; 3] = ["key", "auth", "pass"];

/// Words that say that it is none, or where it is.
const HARMLESS: [&str; 24] = [
    "public",
    "file",
    "path",
    "dir",
    "version",
    "name",
    "user",
    "username",
    "id",
    "url",
    "uri",
    "host",
    "type",
    "ttl",
    "length",
    "size",
    "expiry",
    "expires",
    "enabled",
    "goprivate",
    "endpoint",
    "algorithm",
    "issuer",
    "dummy",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.steps.iter().filter(|step| matches!(step.keyword(), Keyword::Arg | Keyword::Env)) {
        for pair in step.instruction.pairs() {
            let named = match (sheet.is_hadolint(), sheet.is_foreign()) {
                (true, _) => is_secret_to_builders(&pair.key) && !only_says_key(&pair.key),
                (_, true) => is_secret_to_builders(&pair.key),
                _ => is_secret(&pair.key),
            };
            if !named {
                continue;
            }
            let value = pair.value.as_deref().unwrap_or_default().trim_matches(['"', '\'']);
            if !sheet.is_foreign() && is_harmless_value(step.keyword(), value) {
                continue;
            }
            let is_env = step.keyword() == Keyword::Env;
            let text = if is_env { "is in the image for everybody to read" } else { "is in the image's history" };
            let found = Found::at(step, pair.key_span, format!("`{}` {text}", pair.key)).likely();
            let certain = is_env && !value.contains('$');
            sink.push(if certain { found } else { found.severity(Severity::Warning) });
        }
    }
}

fn is_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(['_', '-', '.']).filter(|word| !word.is_empty()).collect();
    let last = words.last().copied().unwrap_or_default();
    let harmless = words.iter().any(|word| HARMLESS.contains(word));
    let vendor = lower.contains("access_key")
        || lower.contains("private_key")
        || lower.contains("api_key")
        || lower.contains("secret_key");
    let bare = ["pwd", "oldpwd", "key", "pass"].contains(&lower.as_str());
    let named =
        words.iter().any(|word| SECRET.contains(word)) || SECRET_LAST.contains(&last) && vendor_like(&words) || vendor;
    named && !harmless && !bare
}

/// `KEY` and `AUTH` alone say little: `SORT_KEY`.
fn vendor_like(words: &[&str]) -> bool {
    const VENDORS: [&str; 16] = [
        "api",
        "aws",
        "azure",
        "gcp",
        "github",
        "gitlab",
        "npm",
        "pypi",
        "docker",
        "registry",
        "deploy",
        "signing",
        "encryption",
        "license",
        "stripe",
        "db",
    ];
    words.len() > 1
        && (words.iter().any(|word| VENDORS.contains(word))
            || words.last() == Some(&"auth")
            || words.last() == Some(&"pass"))
}

/// BuildKit's words, which hadolint took over.
fn is_secret_to_builders(name: &str) -> bool {
    const WORDS: [&str; 9] =
        ["apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret"];
    let lower = name.to_ascii_lowercase();
    let words: Vec<&str> = lower.split('_').collect();
    let harmless = words.iter().any(|word| ["public", "file", "version"].contains(word));
    words.iter().any(|word| WORDS.contains(word) || *word == "token") && !harmless
}

/// hadolint does not mind `GPG_KEY` and `AUTH_MODE`.
fn only_says_key(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let pairs = ["api_key", "access_key", "secret_key", "private_key", "encryption_key"];
    let said = lower.split('_').any(|word| SECRET.contains(&word)) || pairs.iter().any(|pair| lower.contains(pair));
    !said
}

fn is_harmless_value(keyword: Keyword, value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let placeholders =
        ["changeme", "change_me", "placeholder", "dummy", "example", "xxx", "none", "null", "false", "true"];
    let empty = value.is_empty() && keyword == Keyword::Env;
    empty
        || value.starts_with("/run/secrets")
        || value.starts_with('/') && value.matches('/').count() > 1
        || placeholders.contains(&lower.as_str())
        || lower.starts_with('<') && lower.ends_with('>')
}
