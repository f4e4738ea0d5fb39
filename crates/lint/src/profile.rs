//! Profiles: which rules are said at which severity, as data.

use jettison_model::Severity;

use crate::settings::Settings;
use crate::{Part, RuleInfo, Selector};

/// Where selection and severities start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Profile {
    /// What each rule says of itself.
    #[default]
    Default,
    /// hadolint's rules with its severities, in every stage alike.
    Hadolint,
    /// BuildKit's checks, all of them warnings; experimental ones off.
    Buildkit,
    /// Everything.
    Strict,
    /// Pins, digests, checksums.
    SupplyChain,
    /// For images that others build on: what only an app needs is left out.
    BaseImage,
    /// For images that people work in.
    DevContainer,
}

impl Profile {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Default,
        Self::Hadolint,
        Self::Buildkit,
        Self::Strict,
        Self::SupplyChain,
        Self::BaseImage,
        Self::DevContainer,
    ];

    /// `default`, `hadolint`, `buildkit`, `strict`, `supply-chain`, `base-image`, `dev-container`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Hadolint => "hadolint",
            Self::Buildkit => "buildkit",
            Self::Strict => "strict",
            Self::SupplyChain => "supply-chain",
            Self::BaseImage => "base-image",
            Self::DevContainer => "dev-container",
        }
    }

    /// Reads such a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.as_str() == word)
    }

    /// Whether it imitates a tool that treats all stages alike.
    pub const fn is_foreign(self) -> bool {
        matches!(self, Self::Hadolint | Self::Buildkit)
    }
}

/// hadolint's severities; our own have no `style`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HadolintLevel {
    /// Less than info.
    Style,
    /// Info.
    Info,
    /// Warning.
    Warning,
    /// Error.
    Error,
}

impl HadolintLevel {
    const fn severity(self) -> Severity {
        match self {
            Self::Style | Self::Info => Severity::Info,
            Self::Warning => Severity::Warning,
            Self::Error => Severity::Error,
        }
    }
}

use HadolintLevel::{Error, Info, Style, Warning};

/// hadolint's rules with their severities, from its documentation.
const HADOLINT: &[(&str, HadolintLevel)] = &[
    ("DL1000", Error),
    ("DL3000", Error),
    ("DL3001", Info),
    ("DL3002", Warning),
    ("DL3003", Warning),
    ("DL3004", Error),
    ("DL3006", Warning),
    ("DL3007", Warning),
    ("DL3008", Warning),
    ("DL3009", Info),
    ("DL3010", Info),
    ("DL3011", Error),
    ("DL3012", Error),
    ("DL3013", Warning),
    ("DL3014", Warning),
    ("DL3015", Info),
    ("DL3016", Warning),
    ("DL3018", Warning),
    ("DL3019", Info),
    ("DL3020", Error),
    ("DL3021", Error),
    ("DL3022", Warning),
    ("DL3023", Error),
    ("DL3024", Error),
    ("DL3025", Warning),
    ("DL3026", Error),
    ("DL3027", Warning),
    ("DL3028", Warning),
    ("DL3029", Warning),
    ("DL3030", Warning),
    ("DL3032", Warning),
    ("DL3033", Warning),
    ("DL3034", Warning),
    ("DL3035", Warning),
    ("DL3036", Warning),
    ("DL3037", Warning),
    ("DL3038", Warning),
    ("DL3040", Warning),
    ("DL3041", Warning),
    ("DL3042", Warning),
    ("DL3043", Error),
    ("DL3044", Error),
    ("DL3045", Warning),
    ("DL3046", Warning),
    ("DL3047", Info),
    ("DL3048", Style),
    ("DL3049", Info),
    ("DL3050", Info),
    ("DL3051", Warning),
    ("DL3052", Warning),
    ("DL3053", Warning),
    ("DL3054", Warning),
    ("DL3055", Warning),
    ("DL3056", Warning),
    ("DL3058", Warning),
    ("DL3059", Info),
    ("DL3060", Info),
    ("DL3061", Error),
    ("DL3062", Warning),
    ("DL3063", Error),
    ("DL3064", Warning),
    ("DL3065", Info),
    ("DL3066", Warning),
    ("DL3067", Warning),
    ("DL4000", Error),
    ("DL4001", Warning),
    ("DL4003", Warning),
    ("DL4004", Error),
    ("DL4005", Warning),
    ("DL4006", Warning),
];

/// BuildKit's checks, without the experimental one.
const BUILDKIT: &[&str] = &[
    "ConsistentInstructionCasing",
    "CopyIgnoredFile",
    "DuplicateStageName",
    "ExposeInvalidFormat",
    "ExposeProtoCasing",
    "FromAsCasing",
    "FromPlatformFlagConstDisallowed",
    "InvalidBaseImagePlatform",
    "InvalidDefaultArgInFrom",
    "JSONArgsRecommended",
    "LegacyKeyValueFormat",
    "MaintainerDeprecated",
    "MultipleInstructionsDisallowed",
    "NoEmptyContinuation",
    "RedundantTargetPlatform",
    "ReservedStageName",
    "SecretsUsedInArgOrEnv",
    "StageNameCasing",
    "UndefinedArgInFrom",
    "UndefinedVar",
    "WorkdirRelativePath",
];

/// On in the supply-chain profile.
const SUPPLY_CHAIN: &[&str] = &["loose-base-pin", "unverified-remote-add", "unverified-download"];

/// Off in the base-image profile: what only an app needs, or what its users decide.
const NOT_FOR_BASES: &[&str] = &[
    "build-packages-shipped",
    "default-root-user",
    "healthcheck-missing",
    "package-manager-shipped",
    "root-final-user",
    "runtime-metadata-missing",
    "sdk-in-runtime",
    "single-stage-compile",
    "squash-reliance",
];

/// Off in the dev-container profile.
const NOT_FOR_PEOPLE: &[&str] = &[
    "build-packages-shipped",
    "debug-mode-shipped",
    "debug-tools-shipped",
    "default-root-user",
    "fat-base-image",
    "root-final-user",
    "sdk-in-runtime",
    "single-stage-compile",
    "sudo-shipped",
    "whole-context-copied",
];

/// hadolint's severity of one of its codes.
pub fn hadolint_level(code: &str) -> Option<HadolintLevel> {
    HADOLINT.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).map(|(_, level)| *level)
}

/// What a profile and the settings on top of it say of a rule's part; none: off.
pub(crate) fn severity(settings: &Settings, rule: &RuleInfo, part: Option<&Part>) -> Option<Severity> {
    // A part that is off while its rule is on must be named to be heard.
    let hidden = rule.on_by_default && part.is_some_and(|part| !part.on_by_default) && !has_policy(settings, rule);
    let matches = |selector: &Selector| {
        let whole = selector.part.is_none() && !hidden;
        selector.id == rule.id && (whole || selector.part.is_some() && selector.part == part.map(|part| part.name))
    };
    let any = |selectors: &[Selector]| selectors.iter().any(matches);
    let later = settings.as_of.as_deref().is_some_and(|version| is_later(rule.since, version));
    let ignored = settings.ignored.iter().any(|selector| selector.id == rule.id && selector.part.is_none());
    if ignored || any(&settings.ignored) || later || settings.only.as_ref().is_some_and(|only| !any(only)) {
        return None;
    }
    let own = part.and_then(|part| part.severity).unwrap_or(rule.severity);
    let base = of_profile(settings.profile, rule, part, own);
    let overridden = settings.severities.iter().rev().find(|(selector, _)| matches(selector));
    if let Some((_, severity)) = overridden {
        return Some(*severity);
    }
    let wanted = settings.only.is_some() || any(&settings.selected) || has_policy(settings, rule);
    base.or(wanted.then_some(own))
}

fn of_profile(profile: Profile, rule: &RuleInfo, part: Option<&Part>, own: Severity) -> Option<Severity> {
    let on = rule.on_by_default && part.is_none_or(|part| part.on_by_default);
    let listed = |list: &[&str]| list.contains(&rule.id);
    match profile {
        Profile::Default => on.then_some(own),
        Profile::Strict => (on || !rule.on_by_default).then_some(own),
        Profile::SupplyChain => (on || listed(SUPPLY_CHAIN)).then_some(own),
        Profile::BaseImage => (on && !listed(NOT_FOR_BASES)).then_some(own),
        Profile::DevContainer => (on && !listed(NOT_FOR_PEOPLE)).then_some(own),
        Profile::Hadolint if crate::shell::is_code(rule.id) => on.then_some(own),
        Profile::Hadolint => {
            let levels = aliases(rule, part).filter_map(hadolint_level);
            levels.max().map(HadolintLevel::severity)
        }
        Profile::Buildkit => aliases(rule, part).any(|alias| BUILDKIT.contains(&alias)).then_some(Severity::Warning),
    }
}

/// The aliases that mean this part: its own and the rule's.
fn aliases<'a>(rule: &'a RuleInfo, part: Option<&'a Part>) -> impl Iterator<Item = &'static str> + 'a {
    rule.aliases.iter().chain(part.into_iter().flat_map(|part| part.aliases)).copied()
}

/// Rules that are switched on by what they need being given.
fn has_policy(settings: &Settings, rule: &RuleInfo) -> bool {
    match rule.id {
        "untrusted-registry" => !settings.trusted_registries.is_empty(),
        "required-label-missing" => !settings.labels.is_empty(),
        "label-policy" => !settings.labels.is_empty() || settings.strict_labels,
        _ => false,
    }
}

/// Whether version `one` (`0.2.0`) came after `other`; what cannot be read did not.
fn is_later(one: &str, other: &str) -> bool {
    let numbers = |text: &str| text.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>();
    matches!((numbers(one), numbers(other)), (Some(one), Some(other)) if one > other)
}
