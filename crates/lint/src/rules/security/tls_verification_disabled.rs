//! # tls-verification-disabled
//!
//! ## What it does
//! Finds switches that take any certificate for a good one.
//!
//! ## Why is this bad?
//! Whoever is on the way can change what is built.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN curl -fsSLk -O https://example.com/tool
//! ```
//! ```dockerfile bad
//! FROM node:22
//! ENV NODE_TLS_REJECT_UNAUTHORIZED=0
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN curl -fsSL -O https://example.com/tool
//! ```
//!
//! ## Fix safety
//! No fix: the certificate that is missing is not in the file.
//!
//! ## References
//! <https://curl.se/docs/sslcerts.html>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &[
        "CKV2_DOCKER_2",
        "CKV2_DOCKER_3",
        "CKV2_DOCKER_4",
        "CKV2_DOCKER_5",
        "CKV2_DOCKER_6",
        "CKV2_DOCKER_12",
        "CKV2_DOCKER_13",
        "CKV2_DOCKER_14",
        "CKV2_DOCKER_15",
        "CKV2_DOCKER_16",
        "DD055",
        "DD056",
    ],
    parts: &[Part::new("ssh", &[]).severity(Severity::Warning)],
    roles: Roles::ALL.builders(Severity::Warning),
    ..RuleInfo::new(
        "tls-verification-disabled",
        Category::Security,
        Severity::Error,
        "any certificate is taken for a good one",
    )
};

/// Variables that switch verification off, and the values that do.
const VARIABLES: [(&str, &[&str]); 5] = [
    ("NODE_TLS_REJECT_UNAUTHORIZED", &["0"]),
    ("PYTHONHTTPSVERIFY", &["0"]),
    ("GIT_SSL_NO_VERIFY", &["1", "true"]),
    ("npm_config_strict_ssl", &["false"]),
    ("NPM_CONFIG_STRICT_SSL", &["false"]),
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls() {
        if let Some(what) = switch(call) {
            sink.push(Found::at(step, call.span(), format!("`{what}` takes any certificate for a good one")));
        }
        let ssh =
            call.args.iter().find(|arg| arg.word.raw.contains("StrictHostKeyChecking") && arg.word.raw.contains("no"));
        if let Some(arg) = ssh {
            sink.push(Found::at(step, arg.span(), "any host key is taken for the right one").part("ssh"));
        }
    }
    for step in sheet.steps.iter().filter(|step| matches!(step.keyword(), Keyword::Env | Keyword::Arg)) {
        for pair in step.instruction.pairs() {
            let value = pair.value.as_deref().unwrap_or_default().trim_matches(['"', '\'']);
            let off = VARIABLES.iter().any(|(name, values)| pair.key == *name && values.contains(&value));
            if off || pair.key == "PIP_TRUSTED_HOST" && !value.is_empty() {
                sink.push(Found::at(step, pair.span, format!("`{}` takes any certificate for a good one", pair.key)));
            }
        }
    }
}

/// The option by which a command does not look at certificates.
fn switch(call: &Call<'_>) -> Option<&'static str> {
    let arguments = Arguments::of(call);
    let has = |names: &[&'static str]| names.iter().copied().find(|name| arguments.has(&[name]));
    let words: Vec<&str> = call.args.iter().map(Arg::text).collect();
    let local = || words.iter().any(|word| word.contains("://localhost") || word.contains("://127."));
    match call.tool {
        Some(Tool::Curl) => has(&["--insecure", "-k"]).filter(|_| !local()),
        Some(Tool::Wget) => has(&["--no-check-certificate"]),
        Some(Tool::Pip | Tool::Pipenv) => has(&["--trusted-host"]),
        Some(Tool::Git) => words
            .iter()
            .any(|word| word.eq_ignore_ascii_case("http.sslVerify=false"))
            .then_some("http.sslVerify=false")
            .or_else(|| {
                words
                    .windows(2)
                    .any(|pair| pair[0].eq_ignore_ascii_case("http.sslverify") && pair[1] == "false")
                    .then_some("http.sslVerify false")
            }),
        Some(Tool::Npm | Tool::Yarn | Tool::Pnpm) => {
            let pair = words.windows(2).any(|pair| pair[0] == "strict-ssl" && pair[1] == "false");
            (pair || words.contains(&"--strict-ssl=false") || words.contains(&"strict-ssl=false"))
                .then_some("strict-ssl false")
        }
        Some(Tool::Dnf | Tool::Yum) => words
            .iter()
            .any(|word| word.contains("sslverify=0") || word.contains("sslverify=false"))
            .then_some("sslverify=0"),
        Some(Tool::Conda) => words
            .windows(2)
            .any(|pair| pair[0] == "ssl_verify" && pair[1].eq_ignore_ascii_case("false"))
            .then_some("ssl_verify false"),
        _ => None,
    }
}
