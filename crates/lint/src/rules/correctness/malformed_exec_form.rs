//! # malformed-exec-form
//!
//! ## What it does
//! Finds arguments that look like a JSON array and are none.
//!
//! ## Why is this bad?
//! They silently become a shell command, or words with brackets and quotes.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! CMD ['nginx', '-g']
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! CMD ["nginx", "-g"]
//! ```
//! ```dockerfile bad
//! FROM debian:12
//! ENTRYPOINT ["nginx",]
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN [ -f /etc/passwd ] && echo yes
//! ```
//!
//! ## Fix safety
//! Safe for CMD and ENTRYPOINT with single quotes: as a shell command they could only fail.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#exec-form>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:invalid-json-form", "DD043", "DD080", "k:not_using_proper_exec_form_in_cmd_and_entrypoint_arguments"],
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "malformed-exec-form",
        Category::Correctness,
        Severity::Warning,
        "an argument looks like a JSON array and is none",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    use Keyword::{Cmd, Entrypoint, Run, Shell, Volume};
    for step in &sheet.steps {
        let body = step.instruction.body.text.trim();
        let takes = [Cmd, Entrypoint, Run, Shell, Volume].contains(&step.keyword());
        if !takes || step.instruction.form != Form::Shell || !body.starts_with('[') || is_test(body) {
            continue;
        }
        let severity = if step.keyword() == Shell { Severity::Error } else { Severity::Warning };
        let found = Found::at(step, step.instruction.body.span, format!("`{}` is no JSON array", shorten(body)));
        let quoted = body.contains('\'') && !body.contains(['"', '\\']) && body.ends_with(']');
        let one_line = step.instruction.line == step.instruction.end_line;
        let exact = sheet.text(step.instruction.body.span) == body;
        let words = body.trim_matches(['[', ']']).split(',').map(str::trim);
        let all = words.clone().all(|word| word.len() > 1 && word.starts_with('\'') && word.ends_with('\''));
        let edits = if quoted && one_line && exact && all {
            vec![Edit::replace(step.instruction.body.span, body.replace('\'', "\""))]
        } else {
            Vec::new()
        };
        sink.push(found.severity(severity).risky("use double quotes", edits));
    }
}

/// `[ -f x ]`, `[[ … ]]`: a test of the shell.
fn is_test(body: &str) -> bool {
    body.starts_with("[[") || body.starts_with("[ ") && !body.contains(',') && body.contains(" ]")
}

fn shorten(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
