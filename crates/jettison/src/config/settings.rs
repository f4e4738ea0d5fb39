//! From what is said to what `lint` takes, and what the exit code depends on.

use jettison_lint::{LabelType, Pragmas, Profile, Role, Selector, Settings};
use jettison_model::Severity;

use super::names;
use super::values::Values;

/// From which severity on the exit code is 1; none: never.
pub fn fail_on(values: &Values) -> Option<Severity> {
    match values.text("fail-on") {
        Some(word) => severity(word),
        // the tools that these imitate fail on everything they say
        None if matches!(profile(values), Profile::Hadolint | Profile::Buildkit) => Some(Severity::Info),
        None => Some(Severity::Warning),
    }
}

/// The profile.
pub fn profile(values: &Values) -> Profile {
    values.text("profile").and_then(Profile::parse).unwrap_or_default()
}

/// Everything that the configuration says to `lint`; what is known of the build is added by others.
pub fn settings(values: &Values) -> Settings {
    let mut settings = Settings {
        profile: profile(values),
        only: values.items("only").map(|_| selectors(values, "only")),
        selected: selectors(values, "select"),
        ignored: selectors(values, "ignore"),
        trusted_registries: values.list("trusted-registries").map(str::to_owned).collect(),
        strict_labels: values.is_on("strict-labels"),
        as_of: values.text("as-of").map(str::to_owned),
        pragmas: pragmas(values),
        ..Settings::default()
    };
    for item in values.items("severity").unwrap_or_default() {
        let named = names::selectors(&item.name).unwrap_or_default();
        match severity(&item.value) {
            Some(severity) => settings.severities.extend(named.into_iter().map(|selector| (selector, severity))),
            None => settings.ignored.extend(named),
        }
    }
    let labels = values.items("labels").unwrap_or_default().iter();
    settings.labels = labels.filter_map(|item| Some((item.name.clone(), LabelType::parse(&item.value)?))).collect();
    let stages = values.items("stages").unwrap_or_default().iter().rev();
    settings.stages = stages.filter_map(|item| Some((item.name.clone(), role(&item.value)?))).collect();
    settings
}

fn selectors(values: &Values, name: &str) -> Vec<Selector> {
    values.list(name).flat_map(|word| names::selectors(word).unwrap_or_default()).collect()
}

fn pragmas(values: &Values) -> Pragmas {
    let word = values.text("suppressions").unwrap_or("all");
    Pragmas { native: word != "none", foreign: word == "all", require_reason: values.is_on("require-reason") }
}

fn severity(word: &str) -> Option<Severity> {
    match word {
        "error" => Some(Severity::Error),
        "warning" => Some(Severity::Warning),
        "info" => Some(Severity::Info),
        _ => None,
    }
}

fn role(word: &str) -> Option<Role> {
    [Role::Final, Role::Lineage, Role::Builder, Role::Test, Role::Unused].into_iter().find(|role| role.as_str() == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::keys;
    use crate::config::values::Source;

    #[test]
    fn the_words_of_the_settings_are_those_of_the_rules() {
        let profiles: Vec<&str> = Profile::ALL.iter().map(|profile| profile.as_str()).collect();
        assert_eq!(profiles, keys::PROFILES);
        assert!(keys::LABEL_TYPES.iter().all(|word| LabelType::parse(word).is_some()));
        assert!(keys::ROLES.iter().all(|word| role(word).is_some()));
    }

    #[test]
    fn profiles_that_imitate_fail_as_their_tools_do() {
        let mut values = Values::default();
        assert_eq!(fail_on(&values), Some(Severity::Warning));
        values.say("profile", "hadolint", Source::Default);
        assert_eq!(fail_on(&values), Some(Severity::Info));
        values.say("fail-on", "never", Source::Default);
        assert_eq!(fail_on(&values), None);
    }

    #[test]
    fn off_is_ignored_and_a_severity_switches_on() {
        let mut values = Values::default();
        values.say_of("severity", "DL3009".to_owned(), "off", Source::Default);
        values.say_of("severity", "DL3008".to_owned(), "error", Source::Default);
        let settings = settings(&values);
        assert!(!settings.ignored.is_empty());
        assert!(settings.severities.iter().all(|(_, severity)| *severity == Severity::Error));
    }
}
