//! What is known of a rule without running it.

use jettison_model::Severity;

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// It fails the build, or builds something else than meant.
    Correctness,
    /// Bytes that ship.
    Size,
    /// What is built again without need.
    Cache,
    /// What can be attacked or leaks.
    Security,
    /// Another day, another image.
    Reproducibility,
    /// Time.
    Performance,
    /// How it is written.
    Style,
    /// What the image says of itself.
    Metadata,
}

impl Category {
    /// The folder of its rules and the word of the outputs: `correctness`, `size`, …
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Correctness => "correctness",
            Self::Size => "size",
            Self::Cache => "cache",
            Self::Security => "security",
            Self::Reproducibility => "reproducibility",
            Self::Performance => "performance",
            Self::Style => "style",
            Self::Metadata => "metadata",
        }
    }
}

/// The best that a rule offers to change what it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FixKind {
    /// An explanation only.
    None,
    /// A text to look at, never applied.
    Manual,
    /// A fix that may change the meaning.
    Unsafe,
    /// A fix that keeps the meaning.
    Safe,
}

impl FixKind {
    /// `none`, `manual`, `unsafe`, `safe`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Manual => "manual",
            Self::Unsafe => "unsafe",
            Self::Safe => "safe",
        }
    }
}

/// Severity outside of the stages that ship; none: nothing is said there. Stages that nothing needs get errors about
/// correctness only, whatever stands here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles {
    /// Stages that are used for their files only.
    pub builder: Where,
    /// Test stages.
    pub test: Where,
    /// Stages that a final stage starts from.
    pub lineage: Where,
}

/// How a severity changes with the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// The rule's own.
    Same,
    /// Another.
    As(Severity),
    /// Nothing is said.
    Off,
}

impl Roles {
    /// The same in every stage.
    pub const ALL: Self = Self { builder: Where::Same, test: Where::Same, lineage: Where::Same };
    /// Only where the layers ship.
    pub const SHIPPED: Self = Self { builder: Where::Off, test: Where::Off, lineage: Where::Same };
    /// Only in final stages.
    pub const FINAL: Self = Self { builder: Where::Off, test: Where::Off, lineage: Where::Off };

    /// As before, but of this severity in builder and test stages.
    pub const fn builders(self, severity: Severity) -> Self {
        Self { builder: Where::As(severity), test: Where::As(severity), ..self }
    }
}

/// A part of a rule that can be named alone: `unanswered-prompt/apt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// What stands behind the slash.
    pub name: &'static str,
    /// Other tools' ids for this part alone.
    pub aliases: &'static [&'static str],
    /// Another severity than the rule's.
    pub severity: Option<Severity>,
    /// Said without being asked for.
    pub on_by_default: bool,
}

impl Part {
    /// A part like its rule.
    pub const fn new(name: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { name, aliases, severity: None, on_by_default: true }
    }

    /// Of another severity.
    pub const fn severity(self, severity: Severity) -> Self {
        Self { severity: Some(severity), ..self }
    }

    /// Only on request.
    pub const fn off(self) -> Self {
        Self { on_by_default: false, ..self }
    }
}

/// A rule as the outside sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// Kebab-case: what `allow=` and [`Finding::rule`](jettison_model::Finding::rule) say, there with `/part` where the rule has
    /// parts.
    pub id: &'static str,
    /// Other tools' ids: `DL3008`, `JSONArgsRecommended`, `DS-0017`, `CKV_DOCKER_5`; those of a part are with it.
    pub aliases: &'static [&'static str],
    /// Its parts, if any.
    pub parts: &'static [Part],
    /// What it is about.
    pub category: Category,
    /// In stages that ship.
    pub severity: Severity,
    /// In other stages.
    pub roles: Roles,
    /// The best fix it has.
    pub fix: FixKind,
    /// One line.
    pub summary: &'static str,
    /// Its page, in Markdown; set where the rule is registered.
    pub docs: &'static str,
    /// The version that brought it.
    pub since: &'static str,
    /// Said without being asked for.
    pub on_by_default: bool,
}

impl RuleInfo {
    /// A rule on by default, the same in all stages, without fix, aliases and parts.
    pub const fn new(id: &'static str, category: Category, severity: Severity, summary: &'static str) -> Self {
        Self {
            id,
            aliases: &[],
            parts: &[],
            category,
            severity,
            roles: Roles::ALL,
            fix: FixKind::None,
            summary,
            docs: "",
            since: "0.2.0",
            on_by_default: true,
        }
    }

    /// All aliases, of the rule and of its parts, with the part's name.
    pub fn all_aliases(&self) -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
        let own = self.aliases.iter().map(|alias| (*alias, None));
        own.chain(self.parts.iter().flat_map(|part| part.aliases.iter().map(|alias| (*alias, Some(part.name)))))
    }

    /// The alias with this beginning that stands for a finding's part (`"DL"` for hadolint's); the rule's own else.
    pub fn alias_for(&self, part: Option<&str>, is_wanted: impl Fn(&str) -> bool) -> Option<&'static str> {
        let of_part = self.parts.iter().filter(|known| Some(known.name) == part).flat_map(|known| known.aliases);
        of_part.chain(self.aliases).copied().find(|alias| is_wanted(alias))
    }
}
