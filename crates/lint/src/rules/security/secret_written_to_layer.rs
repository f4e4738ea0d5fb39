//! # secret-written-to-layer
//!
//! ## What it does
//! Finds RUNs that write a secret to a file, log in with one, or copy a secret mount.
//!
//! ## Why is this bad?
//! What a RUN leaves in a file is in the layer, and with it in the image, whether or not a later step deletes it.
//!
//! ## Example
//! ```dockerfile bad
//! FROM node:22-slim
//! ARG NPM_TOKEN
//! RUN npm config set //registry.example.com/:_authToken $NPM_TOKEN
//! ```
//! ```dockerfile bad
//! FROM debian:12
//! RUN --mount=type=secret,id=netrc cp /run/secrets/netrc /root/.netrc && curl -fsSO https://example.com/a
//! ```
//! ```dockerfile bad
//! FROM debian:12
//! ARG GITHUB_TOKEN
//! RUN git config --global url."https://$GITHUB_TOKEN@github.com/".insteadOf https://github.com/
//! ```
//! ```dockerfile good
//! FROM node:22-slim
//! RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ARG GITHUB_TOKEN
//! RUN echo "machine github.com password $GITHUB_TOKEN" > ~/.netrc && git clone https://github.com/acme/app && rm ~/.netrc
//! ```
//!
//! ## Fix safety
//! No fix: a secret mount puts the file where the command reads it.
//!
//! ## References
//! <https://docs.docker.com/build/building/secrets/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DS-0031"],
    roles: Roles::ALL.builders(Severity::Warning),
    ..RuleInfo::new(
        "secret-written-to-layer",
        Category::Security,
        Severity::Error,
        "a RUN leaves a secret in its layer",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        for (at, call) in step.calls.iter().enumerate() {
            let Some((what, file)) = written(call).or_else(|| logged_in(call)) else { continue };
            let gone = file.as_deref().is_some_and(|file| is_deleted(step, at, file) || is_mounted(step, file));
            if !gone {
                sink.push(Found::at(step, call.span(), what).likely());
                break;
            }
        }
    }
}

/// A secret that goes into a file: what to say, and the file.
fn written(call: &Call<'_>) -> Option<(String, Option<String>)> {
    let raw = |word: &jettison_dockerfile::shell::Word| word.raw.clone();
    let words: Vec<String> = call.simple.words.iter().map(raw).collect();
    // Nothing is put in between single quotes.
    let secret = words.iter().filter(|word| !word.starts_with('\'')).find_map(|word| secret_in(word));
    let target = call.simple.redirects.iter().find_map(|redirect| {
        let text = redirect.raw.trim_start_matches('1');
        text.starts_with('>').then(|| text.trim_start_matches(['>', '|']).trim().trim_matches('"').to_owned())
    });
    let real = target
        .filter(|target| !target.starts_with(['&', '/']) || target.starts_with('/') && !target.starts_with("/dev/"));
    match (call.name, secret, real) {
        ("echo" | "printf", Some(name), Some(file)) => Some((format!("`{name}` is written to `{file}`"), Some(file))),
        ("npm" | "yarn" | "pnpm", Some(name), _) if words.iter().any(|word| word == "set") => {
            let file = "/root/.npmrc".to_owned();
            Some((format!("`{name}` is written to the configuration of {}", call.name), Some(file)))
        }
        ("git", Some(name), _) if words.iter().any(|word| word == "config") => {
            Some((format!("`{name}` is written to git's configuration"), Some("/root/.gitconfig".to_owned())))
        }
        ("pip" | "poetry" | "composer" | "bundle" | "aws" | "gem", Some(name), _)
            if words.iter().any(|word| word == "config" || word == "configure") =>
        {
            Some((format!("`{name}` is written to the configuration of {}", call.name), None))
        }
        ("cp" | "mv" | "install", _, _) => {
            let source = words.iter().find(|word| word.starts_with("/run/secrets/"))?;
            let file = words.last().filter(|last| *last != source)?.clone();
            Some((format!("`{source}` is copied to `{file}`"), Some(file)))
        }
        _ => None,
    }
}

/// Logins that keep what they were given.
fn logged_in(call: &Call<'_>) -> Option<(String, Option<String>)> {
    let words: Vec<&str> = call.args.iter().map(|arg| arg.word.raw.as_str()).collect();
    let file = match (call.name, words.as_slice()) {
        ("docker" | "podman" | "buildah" | "crane", ["login", ..]) => "/root/.docker/config.json",
        ("az", ["login", ..]) => "/root/.azure",
        ("gcloud", ["auth", "activate-service-account", ..]) => "/root/.config/gcloud",
        _ => return None,
    };
    let given = words
        .iter()
        .any(|word| ["-p", "--password", "--password-stdin", "--key-file"].iter().any(|flag| word.starts_with(flag)));
    given.then(|| (format!("`{} login` keeps what it is given in `{file}`", call.name), Some(file.to_owned())))
}

/// The name of a secret that a word expands.
fn secret_in(word: &str) -> Option<String> {
    const WORDS: [&str; 8] = ["TOKEN", "PASSWORD", "PASSWD", "SECRET", "APIKEY", "CREDENTIALS", "PASS", "PAT"];
    const HARMLESS: [&str; 8] = ["FILE", "PATH", "NAME", "USER", "URL", "ID", "DIR", "VERSION"];
    let mut rest = word;
    while let Some(at) = rest.find('$') {
        let escaped = rest[..at].ends_with('\\');
        rest = rest[at + 1..].trim_start_matches('{');
        let name: String = rest.chars().take_while(|next| next.is_ascii_alphanumeric() || *next == '_').collect();
        let upper = name.to_ascii_uppercase();
        let mut parts = upper.split('_');
        let secret = parts.clone().any(|part| WORDS.contains(&part))
            || upper.ends_with("PRIVATE_KEY")
            || upper.ends_with("ACCESS_KEY");
        if !escaped && secret && !parts.any(|part| HARMLESS.contains(&part)) {
            return Some(name);
        }
    }
    None
}

/// Whether a command behind it deletes the file.
fn is_deleted(step: &Step<'_>, at: usize, file: &str) -> bool {
    let name = name_of(file);
    step.calls.iter().skip(at + 1).any(|call| {
        let removes = call.is("rm") || call.is("shred") || call.is("unlink");
        let unset = call
            .args
            .iter()
            .any(|arg| ["--unset", "--unset-all", "delete", "logout", "--remove-section"].contains(&arg.text()));
        let logout = call.verb() == Some("logout");
        unset
            || logout
            || removes
                && call.args.iter().any(|arg| {
                    arg.word.raw.trim_end_matches(['/', '*', '"']).ends_with(name)
                        || file.starts_with(arg.word.raw.trim_end_matches(['/', '*'])) && arg.word.raw.len() > 1
                })
    })
}

/// Whether the file lies on a mount, or where nothing stays.
fn is_mounted(step: &Step<'_>, file: &str) -> bool {
    let home = file.strip_prefix("~/").or(file.strip_prefix("$HOME/")).map(|rest| format!("/root/{rest}"));
    let path = home.as_deref().unwrap_or(file);
    step.mounts_over(path) || path.starts_with("/proc") || path.starts_with("/run/secrets")
}
