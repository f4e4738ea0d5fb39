//! The settings of `[check]` as one table: names, kinds, words for people. Reading, checking, showing and the JSON Schema follow
//! from it, so a new setting is one row here and its use in `settings.rs`.

/// What a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Any text.
    Text,
    /// A list of texts; of two layers the later one counts.
    Texts,
    /// A list of patterns of paths; of two layers both count.
    Patterns,
    /// A list of rules' names; of two layers the later one counts.
    Rules,
    /// A list of rules' names; of two layers both count.
    MoreRules,
    /// Rules' names, each with one of these words.
    RuleWords(&'static [&'static str]),
    /// Any names, each with one of these words.
    NameWords(&'static [&'static str]),
}

impl Kind {
    /// Whether the later layer replaces the earlier one.
    pub fn replaces(self) -> bool {
        matches!(self, Self::Flag | Self::Word(_) | Self::Text | Self::Texts | Self::Rules)
    }

    /// Whether it is written as a table.
    pub fn is_table(self) -> bool {
        matches!(self, Self::RuleWords(_) | Self::NameWords(_))
    }

    /// Whether it is written as a list.
    pub fn is_list(self) -> bool {
        matches!(self, Self::Texts | Self::Patterns | Self::Rules | Self::MoreRules)
    }
}

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// As it is written.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What holds if nothing is said, as TOML; empty for nothing.
    pub default: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// Whether an override for some paths may say it.
    pub by_path: bool,
}

/// Where a file's `fail-on` may stand.
pub const THRESHOLDS: [&str; 4] = ["error", "warning", "info", "never"];
/// What a rule's severity may be.
pub const SEVERITIES: [&str; 4] = ["error", "warning", "info", "off"];
/// The profiles.
pub const PROFILES: [&str; 7] =
    ["default", "hadolint", "buildkit", "strict", "supply-chain", "base-image", "dev-container"];
/// Which comments may hide findings.
pub const SUPPRESSIONS: [&str; 3] = ["all", "native", "none"];
/// What a stage may be for.
pub const ROLES: [&str; 5] = ["final", "lineage", "builder", "test", "unused"];
/// The types of labels: hadolint's words.
pub const LABEL_TYPES: [&str; 8] = ["text", "raw", "url", "rfc3339", "semver", "hash", "spdx", "email"];

const fn key(name: &'static str, kind: Kind, default: &'static str, about: &'static str) -> Key {
    Key { name, kind, default, about, by_path: true }
}

const fn whole(key: Key) -> Key {
    Key { by_path: false, ..key }
}

/// All of them.
pub const KEYS: [Key; 18] = [
    key("profile", Kind::Word(&PROFILES), "\"default\"", "The rules and severities to start from."),
    key("only", Kind::Rules, "", "Only these rules; each is switched on."),
    key("select", Kind::MoreRules, "[]", "Rules that are said besides the profile's."),
    key("ignore", Kind::MoreRules, "[]", "Rules that are not said; wins over everything."),
    key("severity", Kind::RuleWords(&SEVERITIES), "{}", "Other severities; a rule that is named is switched on."),
    key("fail-on", Kind::Word(&THRESHOLDS), "\"warning\"", "Exit with 1 if anything is found that is at least so bad."),
    key("strict", Kind::Flag, "false", "Guesses count for the exit code too."),
    key("as-of", Kind::Text, "", "Behave like this version: rules that came later are not said."),
    key(
        "suppressions",
        Kind::Word(&SUPPRESSIONS),
        "\"all\"",
        "Which comments may hide findings: all, jettison's own, none.",
    ),
    key("require-reason", Kind::Flag, "false", "A comment that hides a finding must say why."),
    key("trusted-registries", Kind::Texts, "[]", "Registries that images may come from; `*` stands for any text."),
    key("labels", Kind::NameWords(&LABEL_TYPES), "{}", "Labels that the image must have, with their types."),
    key("strict-labels", Kind::Flag, "false", "No other labels than those."),
    key("stages", Kind::NameWords(&ROLES), "{}", "What stages are for, by name; `*` stands for any text."),
    whole(key(
        "exclude",
        Kind::Patterns,
        "[]",
        "Paths below a folder that are not looked at, in patterns of .dockerignore.",
    )),
    whole(key("baseline", Kind::Text, "", "A file of findings that are known and not reported.")),
    whole(key("format", Kind::Texts, "[\"text\"]", "Forms of the report, as --format takes them.")),
    whole(key("statistics", Kind::Flag, "false", "How often each rule found something, instead of what.")),
];

/// The setting of that name.
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// `; did you mean …?`, if one of the names is near.
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> String {
    let scored = names.map(|known| (strsim::osa_distance(name, known), known));
    match scored.min() {
        Some((distance, known)) if distance <= 1 + name.chars().count() / 4 => format!("; did you mean `{known}`?"),
        _ => String::new(),
    }
}
