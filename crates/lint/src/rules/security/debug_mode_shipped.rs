//! # debug-mode-shipped
//!
//! ## What it does
//! Finds settings for development in final images.
//!
//! ## Why is this bad?
//! Debuggers run what they are sent, error pages say what is inside, and servers for development are slow.
//!
//! ## Example
//! ```dockerfile bad
//! FROM python:3.13
//! ENV FLASK_DEBUG=1
//! CMD ["flask", "run"]
//! ```
//! ```dockerfile good
//! FROM python:3.13
//! CMD ["gunicorn", "app:app"]
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://flask.palletsprojects.com/en/stable/deploying/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    roles: Roles::FINAL,
    ..RuleInfo::new("debug-mode-shipped", Category::Security, Severity::Warning, "the image runs in debug mode")
};

const VARIABLES: [(&str, &[&str]); 9] = [
    ("FLASK_DEBUG", &["1", "true", "True"]),
    ("FLASK_ENV", &["development"]),
    ("DJANGO_DEBUG", &["1", "true", "True"]),
    ("APP_DEBUG", &["1", "true"]),
    ("NODE_ENV", &["development"]),
    ("ASPNETCORE_ENVIRONMENT", &["Development"]),
    ("RAILS_ENV", &["development"]),
    ("RACK_ENV", &["development"]),
    ("APP_ENV", &["development"]),
];

/// Beginnings of commands that serve for development only.
const SERVERS: [&[&str]; 7] = [
    &["flask", "run"],
    &["python", "manage.py", "runserver"],
    &["python3", "manage.py", "runserver"],
    &["php", "-S"],
    &["npm", "run", "dev"],
    &["yarn", "dev"],
    &["vite"],
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Env) {
        for pair in step.instruction.pairs() {
            let value = pair.value.as_deref().unwrap_or_default().trim_matches(['"', '\'']);
            if VARIABLES.iter().any(|(name, values)| pair.key == *name && values.contains(&value)) {
                sink.push(Found::at(step, pair.span, format!("`{}={value}` is for development", pair.key)).likely());
            }
        }
    }
    for step in sheet.steps.iter().filter(|step| matches!(step.keyword(), Keyword::Cmd | Keyword::Entrypoint)) {
        let words: Vec<&str> = match &step.instruction.form {
            Form::Exec(words) => words.iter().map(|word| word.raw.as_str()).collect(),
            Form::Shell => step.instruction.body.text.split_whitespace().filter(|word| *word != "exec").collect(),
        };
        if SERVERS.iter().any(|server| words.starts_with(server))
            || words.iter().any(|word| word.starts_with("--inspect=0.0.0.0"))
        {
            let message =
                format!("`{}` serves for development", words.iter().take(3).copied().collect::<Vec<_>>().join(" "));
            sink.push(Found::at(step, step.instruction.body.span, message).likely());
        }
    }
}
