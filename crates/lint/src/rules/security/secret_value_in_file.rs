//! # secret-value-in-file
//!
//! ## What it does
//! Finds values that are secrets by their form: access keys of clouds, tokens of services, private keys.
//!
//! ## Why is this bad?
//! Whoever reads the file, the image or its history has the secret. It must be replaced, not only removed.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! ENV AWS=AKIAQ3EGRIL2PZJ5X7TB
//! ```
//! ```dockerfile bad
//! FROM debian:12
//! RUN git clone https://ghp_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R@github.com/acme/app
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ENV AWS=AKIAIOSFODNN7EXAMPLE
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN --mount=type=secret,id=token,env=TOKEN git clone https://$TOKEN@github.com/acme/app
//! ```
//!
//! ## Fix safety
//! No fix: revoke the secret, and hand a new one in with `RUN --mount=type=secret`.
//!
//! ## References
//! <https://docs.docker.com/build/building/secrets/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:secrets-in-code", "DF014", "DD058", "k:passwords_and_secrets_in_infrastructure_code_dockerfile"],
    ..RuleInfo::new("secret-value-in-file", Category::Security, Severity::Error, "a secret stands in the file")
};

/// How tokens begin, which characters follow, how many at least, and what they are for.
const FORMS: &[(&str, Alphabet, usize, &str)] = &[
    ("AKIA", Alphabet::Upper, 16, "an AWS access key"),
    ("ASIA", Alphabet::Upper, 16, "an AWS access key"),
    ("AIza", Alphabet::Url, 35, "a Google API key"),
    ("ghp_", Alphabet::Word, 36, "a GitHub token"),
    ("gho_", Alphabet::Word, 36, "a GitHub token"),
    ("ghs_", Alphabet::Word, 36, "a GitHub token"),
    ("ghu_", Alphabet::Word, 36, "a GitHub token"),
    ("github_pat_", Alphabet::Word, 50, "a GitHub token"),
    ("glpat-", Alphabet::Url, 20, "a GitLab token"),
    ("npm_", Alphabet::Word, 36, "an npm token"),
    ("pypi-AgEI", Alphabet::Url, 50, "a PyPI token"),
    ("dckr_pat_", Alphabet::Url, 27, "a Docker Hub token"),
    ("xoxb-", Alphabet::Url, 24, "a Slack token"),
    ("xoxp-", Alphabet::Url, 24, "a Slack token"),
    ("sk_live_", Alphabet::Word, 24, "a Stripe key"),
    ("rk_live_", Alphabet::Word, 24, "a Stripe key"),
    ("SG.", Alphabet::Url, 60, "a SendGrid key"),
    ("hf_", Alphabet::Word, 34, "a Hugging Face token"),
    ("-----BEGIN RSA PRIVATE KEY-----", Alphabet::Any, 0, "a private key"),
    ("-----BEGIN EC PRIVATE KEY-----", Alphabet::Any, 0, "a private key"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----", Alphabet::Any, 0, "a private key"),
    ("-----BEGIN PRIVATE KEY-----", Alphabet::Any, 0, "a private key"),
];

#[derive(Clone, Copy)]
enum Alphabet {
    Upper,
    Word,
    Url,
    Any,
}

impl Alphabet {
    fn holds(self, byte: u8) -> bool {
        match self {
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Word => byte.is_ascii_alphanumeric() || byte == b'_',
            Self::Url => byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' || byte == b'.',
            Self::Any => false,
        }
    }
}

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.steps.iter().filter(|step| !step.onbuild) {
        let span = step.instruction.span;
        let Some(text) = sheet.exact(span) else { continue };
        for (start, alphabet, least, what) in FORMS {
            let places =
                text.match_indices(start).filter(|(at, _)| is_secret(text, *at, start.len(), *alphabet, *least));
            for (at, _) in places {
                // Only how it begins is marked: the rest is nobody's business.
                let place = Span::new(span.start as usize + at, span.start as usize + at + start.len());
                let message = format!("this is {what}, for everybody who has the file or the image");
                sink.push(Found::at(step, place, message));
            }
        }
    }
}

fn is_secret(text: &str, at: usize, start: usize, alphabet: Alphabet, least: usize) -> bool {
    let before = text[..at].bytes().next_back();
    if before.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return false;
    }
    let rest = &text[at + start..];
    let length = rest.bytes().take_while(|byte| alphabet.holds(*byte)).count();
    length >= least && (least == 0 || is_random(&rest[..length]))
}

/// Examples of manuals and placeholders are not random.
fn is_random(token: &str) -> bool {
    let upper = token.to_ascii_uppercase();
    let words = ["EXAMPLE", "XXXX", "YOUR", "TOKEN", "CHANGEME", "PLACEHOLDER", "0000", "1234567890"];
    let mut distinct: Vec<u8> = token.bytes().collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len() >= 8
        && token.bytes().any(|byte| byte.is_ascii_digit())
        && !words.iter().any(|word| upper.contains(word))
}
