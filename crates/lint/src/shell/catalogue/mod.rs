//! The codes that are found here without ShellCheck, each with a page of its own. What ShellCheck says besides has a page that
//! leads to its wiki. Codes and severities are ShellCheck's: <https://www.shellcheck.net/wiki/>.

mod commands;
mod conditions;
mod portability;
mod syntax;
mod words;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jettison_model::Severity;

use crate::info::{Category, RuleInfo};

/// Every code that is found here, by family.
static FAMILIES: [&[RuleInfo]; 5] =
    [commands::RULES, conditions::RULES, portability::RULES, syntax::RULES, words::RULES];

/// A family of codes. One entry: code, severity, summary, why it is bad, a bad and a good example without their FROM.
macro_rules! codes {
    ($category:ident: $($code:ident, $severity:ident, $summary:literal, $why:literal, $bad:literal, $good:literal;)*) => {
        pub(super) static RULES: &[crate::RuleInfo] = &[$(crate::RuleInfo {
            docs: concat!(
                "# ", stringify!($code), "\n\n## What it does\nFinds what ShellCheck calls ", stringify!($code), ": ", $summary,
                ".\n\n## Why is this bad?\n", $why,
                "\n\n## Example\n```dockerfile bad\nFROM debian:13\n", $bad,
                "\n```\n```dockerfile good\nFROM debian:13\n", $good,
                "\n```\n\n## Fix safety\nNo fix: only the author knows what the script is meant to do.\n\n",
                "## References\n<https://www.shellcheck.net/wiki/", stringify!($code), ">\n",
            ),
            ..crate::RuleInfo::new(
                stringify!($code),
                crate::info::Category::$category,
                jettison_model::Severity::$severity,
                $summary,
            )
        },)*];
    };
}

pub(crate) use codes;

/// All of them.
pub(crate) fn rules() -> impl Iterator<Item = &'static RuleInfo> {
    FAMILIES.iter().flat_map(|family| family.iter())
}

/// The rule of a code; that of a code that only ShellCheck itself finds is made on demand.
pub(crate) fn of_code(code: u16) -> &'static RuleInfo {
    rules().find(|rule| code_of(rule.id) == Some(code)).unwrap_or_else(|| other(code))
}

/// The rule called `name`, if that is a code of ShellCheck's; case does not matter.
pub(crate) fn named(name: &str) -> Option<&'static RuleInfo> {
    code_of(name).map(of_code)
}

/// Whether a rule is about scripts.
pub(crate) fn is_code(id: &str) -> bool {
    code_of(id).is_some()
}

/// The number in `SC2086`.
fn code_of(name: &str) -> Option<u16> {
    let (start, digits) = name.split_at_checked(2)?;
    let is_number = digits.len() == 4 && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_code = start.eq_ignore_ascii_case("sc") && is_number;
    is_code.then(|| digits.parse().ok()).flatten()
}

/// A code without a page of its own. Kept for good: there are no more of them than numbers of four digits.
fn other(code: u16) -> &'static RuleInfo {
    static OTHERS: Mutex<BTreeMap<u16, &'static RuleInfo>> = Mutex::new(BTreeMap::new());
    let mut others = OTHERS.lock().unwrap_or_else(PoisonError::into_inner);
    others.entry(code).or_insert_with(|| {
        let id: &'static str = format!("SC{code}").leak();
        let docs = format!(
            "# {id}\n\n## What it does\nIt is one of ShellCheck's codes, and most of them are said only where ShellCheck itself is run: \
             `jettison check --shellcheck PATH`.\n\n## References\n<https://www.shellcheck.net/wiki/{id}>\n"
        );
        let summary = "what ShellCheck finds with --shellcheck";
        let rule = RuleInfo { docs: docs.leak(), ..RuleInfo::new(id, Category::Correctness, Severity::Warning, summary) };
        Box::leak(Box::new(rule))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_names_in_any_case_and_have_a_page() {
        assert_eq!(named("sc2086").map(|rule| rule.id), Some("SC2086"));
        assert_eq!(named("SC2999").map(|rule| rule.id), Some("SC2999"));
        assert!(named("SC2999").is_some_and(|rule| rule.docs.contains("https://www.shellcheck.net/wiki/SC2999")));
        for name in ["", "SC", "SC20866", "SC0086", "DL3008", "s€2086", "SC+086"] {
            assert!(named(name).is_none(), "{name}");
        }
    }
}
