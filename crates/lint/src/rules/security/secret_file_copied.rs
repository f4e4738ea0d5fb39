//! # secret-file-copied
//!
//! ## What it does
//! Finds COPY and ADD of files that are secrets by their name.
//!
//! ## Why is this bad?
//! Whoever has the image has the secret, also if a later step deletes the file.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! COPY .env /app/.env
//! ```
//! ```dockerfile good
//! FROM debian:12
//! COPY .env.example id_rsa.pub /app/
//! ```
//!
//! ## Fix safety
//! No fix: how the secret comes to the build is not in the file.
//!
//! ## References
//! <https://docs.docker.com/build/building/secrets/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DS-0031", "DD052", "DD053"],
    roles: Roles::ALL.builders(Severity::Warning),
    ..RuleInfo::new("secret-file-copied", Category::Security, Severity::Error, "a secret is copied into the image")
};

/// Names of files that hold secrets. Certificates are not among them: most are public.
const NAMES: [&str; 16] = [
    ".env",
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    ".netrc",
    ".pypirc",
    ".git-credentials",
    ".pgpass",
    "master.key",
    ".htpasswd",
    "credentials.json",
    "service-account.json",
    ".dockercfg",
    "secring.gpg",
    "terraform.tfstate",
];
const TAILS: [&str; 5] = [".aws/credentials", ".docker/config.json", ".kube/config", ".ssh/id_rsa", ".p12"];
const HARMLESS: [&str; 7] = ["example", "sample", "template", "dist", "defaults", "schema", "test"];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in &sheet.steps {
        let Some(copy) = step.instruction.as_copy().filter(|copy| copy.from.is_none()) else { continue };
        for source in &copy.sources {
            let path = source.raw.trim_matches(['"', '\'']);
            let name = path.rsplit('/').next().unwrap_or(path);
            let dotenv =
                name.strip_prefix(".env.").is_some_and(|rest| !HARMLESS.contains(&rest) && !rest.contains(['*', '$']));
            if NAMES.contains(&name) || dotenv || TAILS.iter().any(|tail| path.ends_with(tail)) {
                sink.push(
                    Found::at(step, source.span, format!("`{name}` is a secret by its name, and goes into a layer"))
                        .likely(),
                );
            }
        }
    }
}
