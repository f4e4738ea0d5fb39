//! Rules about Dockerfiles: one rule is one file in `rules/`, with its page, its finding and its fix. Pure: what is known of the
//! outside comes through a [`World`](jettison_facts::World), the date and every choice of the user through [`Settings`].
//!
//! ```
//! use jettison_facts::Nowhere;
//! use jettison_lint::{Settings, check};
//!
//! let dockerfile = jettison_dockerfile::parse(&b"FROM alpine:3.22\nRUN apk add curl\n"[..]);
//! let outcome = check(&dockerfile, &Nowhere, &Settings::default());
//! assert!(outcome.findings.iter().any(|finding| finding.rule == "apk-cache-kept"));
//! ```

#![allow(rustdoc::invalid_codeblock_attributes, reason = "words behind an example say what its test knows")]

mod fix;
mod info;
mod profile;
mod rules;
mod run;
mod select;
mod settings;
mod sheet;
mod shell;
mod suppress;

pub use fix::{Applied, Discarded, Fixed, fix};
pub use info::{Category, FixKind, Part, Roles, RuleInfo, Where};
pub use profile::{HadolintLevel, Profile, hadolint_level};
pub use run::{Outcome, check};
pub use select::{Selector, id_of, named, rule, rules, similar};
pub use settings::{LabelType, Pragmas, Role, Settings};
pub use shell::{ShellDialect, ShellFinding, ShellScript, Shellcheck, shell_scripts};
pub use suppress::{PragmaKind, Suppressed};
