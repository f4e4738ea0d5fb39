//! # heredoc-expanded-early
//!
//! ## What it does
//! Finds files written by COPY and ADD from a here-document that hold `$name` of a variable which is not set in the stage.
//!
//! ## Why is this bad?
//! The builder puts in nothing: the file lacks what its reader should have seen.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! COPY <<EOF /usr/local/bin/run.sh
//! #!/bin/sh
//! exec app "$CONFIG"
//! EOF
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! COPY <<"EOF" /usr/local/bin/run.sh
//! #!/bin/sh
//! exec app "$CONFIG"
//! EOF
//! ```
//! ```dockerfile good
//! FROM debian:12
//! ARG CONFIG=/etc/app
//! COPY <<EOF /usr/local/bin/run.sh
//! #!/bin/sh
//! exec app "$CONFIG" \$HOME
//! EOF
//! ```
//!
//! ## Fix safety
//! Unsafe: variables that are set are not put in any more either.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#here-documents>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "heredoc-expanded-early",
        Category::Correctness,
        Severity::Info,
        "the builder puts nothing in the place of a variable",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let writes = |step: &&Step<'_>| matches!(step.keyword(), Keyword::Copy | Keyword::Add) && !step.onbuild;
    for step in sheet.steps.iter().filter(writes) {
        for heredoc in step.instruction.heredocs.iter().filter(|heredoc| heredoc.expand) {
            let body = sheet.text(heredoc.body);
            let Ok(expanded) = jettison_dockerfile::expand::expand_body(&body, &step.state.variables) else { continue };
            let base = step.stage.and_then(|stage| sheet.base_config(stage));
            let of_base = |name: &String| base.is_some_and(|config| config.env.iter().any(|(known, _)| known == name));
            let unset = expanded.unset.iter().find(|name| {
                let declared = step.state.unknown.contains(*name) || is_declared(sheet, step, name);
                !declared && !of_base(name) && name.as_str() != "PATH"
            });
            let Some(name) = unset else { continue };
            let message = format!("`{name}` is set nowhere: the builder writes nothing in its place");
            let token = sheet.exact(heredoc.token).unwrap_or_default();
            let at = token.find(heredoc.name.as_str()).filter(|_| !token.contains(['"', '\'', '\\']));
            let edits = at.map(|at| {
                let start = heredoc.token.start as usize + at;
                Edit::replace(Span::new(start, start + heredoc.name.len()), format!("\"{}\"", heredoc.name))
            });
            let found = Found::at(step, heredoc.token, message).likely();
            sink.push(found.risky("quote the word", edits.into_iter().collect()));
        }
    }
}

/// Whether an ARG without a value declares it: the build may give one.
fn is_declared(sheet: &Sheet<'_>, step: &Step<'_>, name: &str) -> bool {
    let Some(stage) = step.stage else { return true };
    let mut earlier = sheet.lineage(stage).filter(|other| other.index < step.index && other.keyword() == Keyword::Arg);
    earlier.any(|other| other.instruction.pairs().iter().any(|pair| pair.key == name))
}
