//! # consecutive-runs
//!
//! ## What it does
//! Finds RUNs that follow each other where the later one deletes what the earlier one made.
//!
//! ## Why is this bad?
//! What a layer holds stays in the image: only in the RUN that made it can a file be deleted for good. Fewer layers alone save
//! nothing.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl
//! RUN rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl \
//!     && rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN make
//! RUN make install
//! ```
//!
//! ## Fix safety
//! Safe for a RUN that only deletes, directly below: the same commands run in the same order.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#run>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DL3059", "DF003", "DD005", "k:multiple_run_add_copy_instructions_listed"],
    roles: Roles::SHIPPED,
    fix: FixKind::Safe,
    ..RuleInfo::new("consecutive-runs", Category::Style, Severity::Info, "a RUN deletes what the one above made")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let steps: Vec<&Step<'_>> = sheet.steps.iter().filter(|step| !step.onbuild).collect();
    for pair in steps.windows(2) {
        let [earlier, later] = pair else { continue };
        if earlier.keyword() != Keyword::Run || later.keyword() != Keyword::Run || earlier.stage != later.stage {
            continue;
        }
        if sheet.is_hadolint() {
            let flags = |step: &Step<'_>| {
                step.instruction
                    .flags
                    .iter()
                    .map(|flag| flag.name.to_string() + flag.value.as_deref().unwrap_or_default())
                    .collect::<Vec<_>>()
            };
            let short = |step: &Step<'_>| step.calls.len() <= 1;
            if flags(earlier) == flags(later) && short(earlier) && short(later) {
                sink.push(Found::at(later, later.instruction.keyword_span, "two RUNs follow each other"));
            }
        } else if only_deletes(later) && makes(earlier) {
            let found = Found::at(later, later.instruction.keyword_span, "what this deletes stays in the layer above");
            sink.push(found.safe("delete in the RUN above", join(sheet, earlier, later)));
        }
    }
}

/// Whether a RUN does nothing but delete and clean up.
fn only_deletes(step: &Step<'_>) -> bool {
    let cleans = |call: &Call<'_>| match call.tool {
        Some(Tool::Rm) => true,
        Some(Tool::Apt) => ["clean", "autoclean", "autoremove", "purge"].contains(&call.verb().unwrap_or_default()),
        Some(Tool::Yum | Tool::Dnf | Tool::Zypper) => ["clean", "cc"].contains(&call.verb().unwrap_or_default()),
        _ => false,
    };
    step.understood().is_some() && !step.calls.is_empty() && step.calls.iter().all(cleans)
}

/// Whether a RUN installs or downloads.
fn makes(step: &Step<'_>) -> bool {
    step.calls.iter().any(|call| match call.tool {
        Some(Tool::Curl | Tool::Wget | Tool::Pip | Tool::Npm | Tool::Yarn) => true,
        Some(Tool::Apt | Tool::Apk | Tool::Yum | Tool::Dnf | Tool::Zypper) => {
            !["clean"].contains(&call.verb().unwrap_or_default())
        }
        _ => false,
    })
}

/// The later RUN's commands at the end of the earlier one, where both are plain one-line lists.
fn join(sheet: &Sheet<'_>, earlier: &Step<'_>, later: &Step<'_>) -> Vec<Edit> {
    let (Some(first), Some(second)) = (earlier.understood(), later.understood()) else { return Vec::new() };
    let plain = later.instruction.line == later.instruction.end_line
        && later.instruction.flags.is_empty()
        && earlier.instruction.flags.is_empty();
    let lists = [first, second].iter().all(|script| script.is_flat());
    let adjacent = earlier.instruction.end_line + 1 == later.instruction.line;
    if !plain
        || !lists
        || !adjacent
        || !later.instruction.heredocs.is_empty()
        || !earlier.instruction.heredocs.is_empty()
    {
        return Vec::new();
    }
    let body = later.instruction.body.text.trim();
    let joins = second.items.iter().skip(1).all(|item| item.join == jettison_dockerfile::shell::Join::And);
    let whole = second.items.last().is_some_and(|last| last.span.end == later.instruction.body.span.end);
    if !joins || !whole || sheet.text(later.instruction.body.span) != body {
        return Vec::new();
    }
    let Some(edit) = jettison_rewrite::append_command(sheet.dockerfile, earlier.instruction, first, body) else {
        return Vec::new();
    };
    vec![edit, jettison_dockerfile::edit::delete_instruction(sheet.dockerfile, later.index, false)]
}
