//! # variable-in-exec-form
//!
//! ## What it does
//! Finds variables, `&&` and redirections in exec forms that start no shell.
//!
//! ## Why is this bad?
//! Nobody expands them: the program gets `$PORT` as it stands there.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! CMD ["server", "--port", "$PORT"]
//! ```
//! ```dockerfile good
//! FROM debian:12
//! CMD ["sh", "-c", "exec server --port $PORT"]
//! ```
//!
//! ## Fix safety
//! No fix: a shell in between changes who gets signals.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#variable-substitution>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo::new(
    "variable-in-exec-form",
    Category::Correctness,
    Severity::Warning,
    "nobody expands a variable in exec form",
);

/// Programs that start a shell, or expand variables themselves.
const EXPANDS: [&str; 18] = [
    "sh",
    "bash",
    "ash",
    "dash",
    "zsh",
    "ksh",
    "cmd",
    "powershell",
    "pwsh",
    "perl",
    "python",
    "python3",
    "node",
    "env",
    "awk",
    "sed",
    "java",
    "caddy",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let keywords = [Keyword::Cmd, Keyword::Entrypoint, Keyword::Run];
    for step in sheet.steps.iter().filter(|step| keywords.contains(&step.keyword())) {
        let Form::Exec(words) = &step.instruction.form else { continue };
        let expands = words.iter().any(|word| {
            let name = word.raw.rsplit(['/', '\\']).next().unwrap_or(&word.raw);
            EXPANDS.contains(&name.strip_suffix(".exe").unwrap_or(name))
        });
        let program = words.first().map(|word| word.raw.as_str()).unwrap_or_default();
        // An entrypoint script gets the words of CMD and may expand them.
        let script = program.ends_with(".sh") || step.keyword() == Keyword::Cmd && has_entrypoint(sheet, step);
        if expands || script {
            continue;
        }
        let odd = words
            .iter()
            .find(|word| is_variable(&word.raw) || ["&&", "||", ">", ">>", "|", "<", ";"].contains(&word.raw.as_str()));
        if let Some(word) = odd {
            let message = format!("the program gets `{}` as it stands here: no shell reads it", word.raw);
            sink.push(Found::at(step, word.span, message).likely());
        }
    }
}

fn has_entrypoint(sheet: &Sheet<'_>, step: &Step<'_>) -> bool {
    step.stage.is_some_and(|stage| sheet.lineage(stage).any(|other| other.keyword() == Keyword::Entrypoint))
}

/// `$NAME`, `${NAME}`, `--x=$NAME`; not `\$`, `$1`, regular expressions.
fn is_variable(text: &str) -> bool {
    let Some(at) = text.find('$') else { return false };
    let behind = text[at + 1..].trim_start_matches('{');
    let escaped = text[..at].ends_with('\\');
    let name: String = behind.chars().take_while(|symbol| symbol.is_ascii_alphanumeric() || *symbol == '_').collect();
    let upper = name.len() > 1
        && name.chars().all(|symbol| symbol.is_ascii_uppercase() || symbol.is_ascii_digit() || symbol == '_');
    !escaped && upper && !name.starts_with(|first: char| first.is_ascii_digit())
}
