//! dive's rules, from `.dive-ci`. Names, defaults and meanings as dive 0.13 has them (its README, 'CI Integration').

use jettison_model::ByteSize;
use serde_json::Value;

/// One rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule<T> {
    /// `disabled`.
    Off,
    /// The bound, and whether the file says so (else it is dive's default).
    At(T, bool),
}

/// All three.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DiveRules {
    /// `lowestEfficiency`
    pub lowest_efficiency: Rule<f64>,
    /// `highestWastedBytes`
    pub highest_wasted_bytes: Rule<ByteSize>,
    /// `highestUserWastedPercent`, a share from 0 to 1.
    pub highest_user_wasted_percent: Rule<f64>,
}

impl Default for DiveRules {
    fn default() -> Self {
        Self {
            lowest_efficiency: Rule::At(0.9, false),
            highest_wasted_bytes: Rule::Off,
            highest_user_wasted_percent: Rule::At(0.1, false),
        }
    }
}

impl DiveRules {
    /// Reads the file. A rule that it does not have is dive's default. An error names the rule and its value.
    pub fn parse(text: &str) -> Result<Self, String> {
        let document: Option<Value> = serde_saphyr::from_str(text).map_err(|error| {
            let text = error.to_string();
            format!("is no YAML: {}", text.lines().next().unwrap_or_default())
        })?;
        let Some(document) = document else { return Ok(Self::default()) };
        let rules = lookup(&document, "rules");
        let mut parsed = Self::default();
        if let Some(value) = rules.and_then(|rules| lookup(rules, "lowestEfficiency")) {
            parsed.lowest_efficiency = rule("lowestEfficiency", value, share)?;
        }
        if let Some(value) = rules.and_then(|rules| lookup(rules, "highestWastedBytes")) {
            parsed.highest_wasted_bytes = rule("highestWastedBytes", value, |text| text.parse().ok())?;
        }
        if let Some(value) = rules.and_then(|rules| lookup(rules, "highestUserWastedPercent")) {
            parsed.highest_user_wasted_percent = rule("highestUserWastedPercent", value, share)?;
        }
        Ok(parsed)
    }
}

/// dive reads names in letters of either case, with or without dashes (`lowest-efficiency`).
fn lookup<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let plain = |text: &str| text.replace('-', "").to_ascii_lowercase();
    value
        .as_object()?
        .iter()
        .find(|(key, _)| plain(key) == plain(name))
        .map(|(_, value)| value)
        .filter(|value| !value.is_null())
}

fn rule<T>(name: &str, value: &Value, read: impl Fn(&str) -> Option<T>) -> Result<Rule<T>, String> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text == "disabled" {
        return Ok(Rule::Off);
    }
    read(text.trim()).map(|bound| Rule::At(bound, true)).ok_or_else(|| format!("`{name}: {text}` is no bound"))
}

fn share(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_dive_documents() {
        let text = "rules:\n  # If the efficiency is measured below X%, mark as failed.\n  lowestEfficiency: 0.95\n\n  \
                    highestWastedBytes: 20MB\n  highestUserWastedPercent: 0.20\n";
        let rules = DiveRules::parse(text).unwrap();
        assert_eq!(rules.lowest_efficiency, Rule::At(0.95, true));
        assert_eq!(rules.highest_wasted_bytes, Rule::At(ByteSize(20_000_000), true));
        assert_eq!(rules.highest_user_wasted_percent, Rule::At(0.2, true));
    }

    #[test]
    fn what_is_not_said_is_dives_default() {
        for text in ["", "# nothing\n", "rules:\n", "rules: {}\n", "other: 1\n"] {
            assert_eq!(DiveRules::parse(text), Ok(DiveRules::default()), "{text:?}");
        }
    }

    #[test]
    fn rules_can_be_off_quoted_or_spelled_otherwise() {
        let text = "rules:\n  lowestefficiency: disabled\n  highest-wasted-bytes: '1,024 KiB'\n  highestUserWastedPercent: \"disabled\"\n";
        let rules = DiveRules::parse(text).unwrap();
        let size = Rule::At(ByteSize(1_048_576), true);
        let off = Rule::Off;
        assert_eq!(
            rules,
            DiveRules { lowest_efficiency: off, highest_wasted_bytes: size, highest_user_wasted_percent: off }
        );
    }

    #[test]
    fn a_bound_that_is_none_is_named() {
        let error = DiveRules::parse("rules:\n  lowestEfficiency: 95\n").unwrap_err();
        assert_eq!(error, "`lowestEfficiency: 95` is no bound");
        assert!(DiveRules::parse("rules: [\n").unwrap_err().starts_with("is no YAML"));
    }
}
