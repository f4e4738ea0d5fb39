//! # unverified-download
//!
//! ## What it does
//! Finds programs, archives and packages that a RUN downloads and uses without looking at a checksum or a signature.
//!
//! ## Why is this bad?
//! Whoever changes the file on its server changes the image, and nobody notices.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN curl -fsSL -o /usr/local/bin/tool https://example.com/v1/tool && chmod +x /usr/local/bin/tool
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN curl -fsSL -o /tmp/tool https://example.com/v1/tool && echo "0123abcd  /tmp/tool" | sha256sum -c && install /tmp/tool /usr/local/bin
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/tool /usr/local/bin/tool
//! ```
//!
//! ## Fix safety
//! No fix: the checksum must come from the publisher, not from the file.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#add---checksum>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    roles: Roles::ALL.builders(Severity::Info),
    ..RuleInfo::new(
        "unverified-download",
        Category::Security,
        Severity::Info,
        "nobody looks whether a download is the right one",
    )
};

const ARCHIVES: [&str; 15] = [
    ".tar.gz",
    ".tgz",
    ".tar.xz",
    ".tar.bz2",
    ".tar.zst",
    ".zip",
    ".deb",
    ".rpm",
    ".apk",
    ".jar",
    ".AppImage",
    ".bin",
    ".run",
    ".gz",
    ".whl",
];
const CHECKS: [&str; 14] = [
    "sha1sum",
    "sha256sum",
    "sha512sum",
    "sha384sum",
    "shasum",
    "md5sum",
    "gpg",
    "gpgv",
    "cosign",
    "minisign",
    "openssl",
    "rhash",
    "b2sum",
    "signify",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run).filter(|step| !step.onbuild) {
        let text = step.instruction.body.text.as_str();
        let checked = step.calls.iter().any(|call| CHECKS.contains(&call.name))
            || CHECKS.iter().any(|name| text.contains(name))
            || text.contains("checksum");
        let fetch = step.calls.iter().find_map(|call| Some((call, address(call)?)));
        let Some((call, address)) = fetch.filter(|_| !checked) else { continue };
        let used = step.calls.iter().any(|other| runs(other, address));
        let archive =
            ARCHIVES.iter().any(|ending| address.split(['?', '#']).next().unwrap_or(address).ends_with(ending));
        // What is piped into a shell is another rule's.
        if used || archive {
            let shown = address.rsplit('/').find(|part| !part.is_empty()).unwrap_or(address);
            let message = format!(
                "nothing checks that `{}` is what its publisher made",
                shown.chars().take(60).collect::<String>()
            );
            sink.push(Found::at(step, call.span(), message).likely());
        }
    }
}

/// The address that a download names.
fn address<'c>(call: &'c Call<'_>) -> Option<&'c str> {
    if !matches!(call.tool, Some(Tool::Curl | Tool::Wget)) {
        return None;
    }
    let local = ["localhost", "127.0.0.1", "api.github.com"];
    let address = call
        .args
        .iter()
        .map(|arg| arg.value.as_deref().unwrap_or(&arg.word.raw))
        .find(|text| text.trim_start_matches('"').starts_with("http"))?;
    (!local.iter().any(|host| address.contains(host))).then(|| address.trim_matches('"'))
}

/// Whether a command makes the file a program, or installs it.
fn runs(call: &Call<'_>, address: &str) -> bool {
    let name = name_of(address.split(['?', '#']).next().unwrap_or(address));
    let named = || call.args.iter().any(|arg| arg.word.raw.contains(name)) && !name.is_empty();
    match call.name {
        "chmod" => call
            .args
            .iter()
            .any(|arg| arg.text().contains("+x") || arg.text().starts_with("7") || arg.text().starts_with("07")),
        "dpkg" | "rpm" | "install" => named(),
        _ => false,
    }
}
