//! Names of rules as people type them: ids, `id/part`, categories, and other tools' ids.

use jettison_lint::{Selector, named, rules, similar};

/// What a name means; the words of an error where it means nothing.
pub fn selectors(name: &str) -> Result<Vec<Selector>, String> {
    let found = named(name);
    if !found.is_empty() {
        return Ok(found);
    }
    let lower = name.trim().to_ascii_lowercase();
    let of_category: Vec<Selector> =
        rules().filter(|rule| rule.category.as_str() == lower).map(|rule| Selector::rule(rule.id)).collect();
    if !of_category.is_empty() || is_foreign_code(&lower) {
        return Ok(of_category);
    }
    let near = similar(name).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Err(format!("`{name}` is no rule{near}"))
}

/// Codes of other tools that may well exist and mean nothing here: ignoring them is no mistake.
fn is_foreign_code(lower: &str) -> bool {
    let digits = ["dl", "sc"].iter().find_map(|start| lower.strip_prefix(start));
    digits.is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_other_tools_and_categories_are_names() {
        assert!(selectors("SC2086").is_ok_and(|_| true));
        assert!(selectors("size").is_ok_and(|found| !found.is_empty()));
        assert!(selectors("no-such-rule-at-all").is_err());
    }
}
