//! JSON: `schema_version` and `command` first, two spaces, a final newline.

use serde::Serialize;

/// The document as people and scripts read it.
pub fn pretty(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}
