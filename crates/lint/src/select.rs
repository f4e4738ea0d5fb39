//! Rules by name: ids, `id/part`, and other tools' ids.

use std::sync::OnceLock;

use crate::rules::ALL;
use crate::{RuleInfo, shell};

/// A rule or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selector {
    /// The rule's id.
    pub id: &'static str,
    /// One part of it; none: all of it.
    pub part: Option<&'static str>,
}

impl Selector {
    /// All of a rule.
    pub const fn rule(id: &'static str) -> Self {
        Self { id, part: None }
    }

    /// Whether a finding's rule (`id` or `id/part`) is meant.
    pub fn matches(&self, name: &str) -> bool {
        let (id, part) = split(name);
        id == self.id && (self.part.is_none() || self.part == part)
    }
}

impl std::fmt::Display for Selector {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.id)?;
        self.part.map_or(Ok(()), |part| write!(out, "/{part}"))
    }
}

/// All rules, sorted by id.
pub fn rules() -> impl Iterator<Item = &'static RuleInfo> {
    sorted().iter().copied()
}

/// The rule of that id; the part behind a slash does not matter.
pub fn rule(name: &str) -> Option<&'static RuleInfo> {
    let id = id_of(name);
    let own = sorted().binary_search_by(|rule| rule.id.cmp(id)).ok().map(|at| sorted()[at]);
    own.or_else(|| shell::named(id))
}

/// The id in a finding's rule: `unanswered-prompt` of `unanswered-prompt/apt`.
pub fn id_of(name: &str) -> &str {
    split(name).0
}

/// What a name means: an id, `id/part`, `all`, `shellcheck` (every code of it), or any other tool's id; empty if nothing has that
/// name. Case does not matter.
pub fn named(name: &str) -> Vec<Selector> {
    let name = name.trim();
    if name.eq_ignore_ascii_case("all") {
        return rules().map(|rule| Selector::rule(rule.id)).collect();
    }
    let lower = name.to_ascii_lowercase();
    if lower == "shellcheck" {
        return shell::rules().map(|rule| Selector::rule(rule.id)).collect();
    }
    let (id, part) = split(&lower);
    if let Some(rule) = rule(id) {
        let known = part.map(|part| rule.parts.iter().find(|known| known.name == part));
        return match known {
            None => vec![Selector::rule(rule.id)],
            Some(Some(part)) => vec![Selector { id: rule.id, part: Some(part.name) }],
            Some(None) => Vec::new(),
        };
    }
    by_alias(&lower)
}

/// A name that is like this one, for `did you mean`.
pub fn similar(name: &str) -> Option<&'static str> {
    let lower = name.trim().to_ascii_lowercase();
    let names = rules().flat_map(|rule| rule.all_aliases().map(|(alias, _)| alias).chain([rule.id]));
    let distance = |known: &str| strsim::damerau_levenshtein(&lower, &known.to_ascii_lowercase());
    names.map(|known| (distance(known), known)).filter(|(distance, _)| *distance <= 2).min().map(|(_, known)| known)
}

fn by_alias(lower: &str) -> Vec<Selector> {
    let bare = ["hadolint/", "buildkit/", "t:"].iter().find_map(|prefix| lower.strip_prefix(prefix)).unwrap_or(lower);
    let wanted = normal(bare);
    let all = rules().flat_map(|rule| rule.all_aliases().map(move |(alias, part)| (rule.id, alias, part)));
    all.filter(|(_, alias, _)| normal(&alias.to_ascii_lowercase()) == wanted)
        .map(|(id, _, part)| Selector { id, part })
        .collect()
}

/// `AVD-DS-0017` and `DS017` are `ds-0017`; tally's and KICS' prefixes do not matter.
fn normal(alias: &str) -> String {
    let alias = alias.strip_prefix("avd-").unwrap_or(alias);
    let alias = ["t:", "tally/", "k:", "da:"].iter().find_map(|prefix| alias.strip_prefix(prefix)).unwrap_or(alias);
    let number = alias.strip_prefix("ds").map(|rest| rest.trim_start_matches('-'));
    match number.filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())) {
        Some(digits) => format!("ds-{:0>4}", digits.trim_start_matches('0')),
        None => alias.to_owned(),
    }
}

fn split(name: &str) -> (&str, Option<&str>) {
    name.split_once('/').map_or((name, None), |(id, part)| (id, Some(part)))
}

fn sorted() -> &'static [&'static RuleInfo] {
    static SORTED: OnceLock<Vec<&'static RuleInfo>> = OnceLock::new();
    SORTED.get_or_init(|| {
        let mut rules: Vec<&'static RuleInfo> =
            ALL.iter().flat_map(|list| list.iter()).map(|rule| &rule.info).chain(shell::rules()).collect();
        rules.sort_by_key(|rule| rule.id);
        rules
    })
}
