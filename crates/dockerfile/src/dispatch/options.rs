//! The `# check=` directive: `skip=RULES;error=BOOL;experimental=RULES`, up to its first blank. Reference: BuildKit
//! `linter.ParseLintOptions`, `parser.ParseDirective`.

use super::values::boolean;

/// What is wrong with the directive's value.
pub(super) fn check(value: &str) -> Result<(), String> {
    let value = value.split(' ').next().unwrap_or_default().trim();
    if value.is_empty() {
        return Ok(());
    }
    for part in value.splitn(3, ';') {
        let Some((key, value)) = part.split_once('=') else { return Err(format!("invalid check option {part:?}")) };
        match key.trim() {
            "skip" | "experimental" => {}
            "error" if boolean(value.trim()).is_some() => {}
            "error" => return Err(format!("failed to parse check option {part:?}")),
            key => return Err(format!("invalid check option {key:?}")),
        }
    }
    Ok(())
}
