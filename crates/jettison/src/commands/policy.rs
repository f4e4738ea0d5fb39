//! `optimize --policy FILE`: an organisation's rules, as TOML.

use std::path::Path;

use jettison_plan::Policy;

use crate::failure::Failure;
use crate::input::reason;
use crate::output::shown;

/// Reads the file; without one everything is allowed.
pub fn read(path: Option<&Path>) -> Result<Policy, Failure> {
    let Some(path) = path else { return Ok(Policy::default()) };
    let text =
        std::fs::read_to_string(path).map_err(|error| Failure::new(format!("{}: {}", shown(path), reason(&error))))?;
    parse(&text).map_err(|error| {
        Failure::new(error)
            .at(shown(path))
            .next("keys: bases, forbidden, labels (lists of texts), keep-shell, non-root (true or false)")
    })
}

/// Whether one of a run's warnings says that the result is not what the policy wants.
pub fn is_unmet(warnings: &[String]) -> bool {
    warnings.iter().any(|warning| warning.starts_with("the policy wants "))
}

fn parse(text: &str) -> Result<Policy, String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
    let mut policy = Policy::default();
    for (key, value) in &table {
        match key.as_str() {
            "bases" => policy.bases = texts(key, value)?,
            "forbidden" => policy.forbidden = texts(key, value)?,
            "labels" => policy.labels = texts(key, value)?,
            "keep-shell" => policy.keep_shell = truth(key, value)?,
            "non-root" => policy.non_root = truth(key, value)?,
            _ => return Err(format!("no policy is called `{key}`")),
        }
    }
    Ok(policy)
}

fn texts(key: &str, value: &toml::Value) -> Result<Vec<String>, String> {
    let list = value.as_array().map(|list| list.iter().map(|one| one.as_str().map(str::to_owned)).collect());
    list.flatten().ok_or_else(|| format!("`{key}` takes a list of texts"))
}

fn truth(key: &str, value: &toml::Value) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| format!("`{key}` takes true or false"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_key_and_a_wrong_one_is_named() {
        let text =
            "bases = ['debian:*']\nforbidden = ['exec-form']\nlabels = ['team']\nkeep-shell = true\nnon-root = true\n";
        let policy = parse(text).expect("a policy");
        assert!(policy.keep_shell && policy.non_root);
        assert_eq!((policy.bases.len(), policy.forbidden.len(), policy.labels.len()), (1, 1, 1));
        for wrong in ["base = []", "bases = 'debian'", "keep-shell = 'yes'", "labels = [1]", "x"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
