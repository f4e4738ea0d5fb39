//! # undefined-variable
//!
//! ## What it does
//! Finds variables in words that the builder expands, where neither file nor base image sets them.
//!
//! ## Why is this bad?
//! They are empty, silently.
//!
//! ## Example
//! ```dockerfile bad
//! FROM scratch
//! COPY app $TARGET_DIR/app
//! ```
//! ```dockerfile good
//! FROM scratch
//! ARG TARGET_DIR=/opt
//! COPY app $TARGET_DIR/app
//! ENV MODE=${MODE:-fast}
//! ```
//!
//! ## Fix safety
//! No fix.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/undefined-var/>

use std::collections::BTreeSet;

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["UndefinedVar"],
    ..RuleInfo::new("undefined-variable", Category::Correctness, Severity::Warning, "a variable is set nowhere")
};

/// Set by the builder or by any base image.
const ALWAYS: [&str; 10] = [
    "PATH",
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "FTP_PROXY",
    "ftp_proxy",
    "NO_PROXY",
    "no_proxy",
    "ALL_PROXY",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.steps.iter().filter(|step| !step.onbuild) {
        let Some(stage) = step.stage.filter(|_| step.keyword() != Keyword::From) else { continue };
        let known = sheet.is_scratch(stage) || sheet.base_config(stage).is_some() || sheet.is_foreign();
        if !known {
            continue;
        }
        let mut reported: BTreeSet<String> = BTreeSet::new();
        for (word, span) in builder_words(step) {
            for name in unset(sheet, step, &word) {
                if !ALWAYS.contains(&name.as_str()) && !declared(sheet, step, &name) && reported.insert(name.clone()) {
                    let near = near(step, &name);
                    let help = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                    sink.push(Found::at(step, span, format!("`{name}` is set nowhere{help}")));
                }
            }
        }
    }
}

/// Words of an instruction that the builder expands, with their places.
pub(super) fn builder_words(step: &Step<'_>) -> Vec<(String, Span)> {
    let words = || step.instruction.words.iter().map(|word| (word.raw.to_string(), word.span)).collect();
    match step.keyword() {
        Keyword::Env | Keyword::Label | Keyword::Arg => {
            let pairs = step.instruction.pairs().into_iter();
            pairs.filter_map(|pair| Some((pair.value?.to_string(), pair.value_span?))).collect()
        }
        Keyword::Copy | Keyword::Add => {
            let heredoc = |word: &str| word.contains("<<");
            let words: Vec<(String, Span)> = words();
            let flags = step.instruction.flags.iter().filter(|flag| ["chown", "chmod"].contains(&flag.name.as_str()));
            let values = flags.filter_map(|flag| Some((flag.value.as_ref()?.to_string(), flag.value_span?)));
            values.chain(words).filter(|(word, _)| !heredoc(word)).collect()
        }
        Keyword::Expose | Keyword::Volume | Keyword::User | Keyword::Workdir | Keyword::Stopsignal => words(),
        _ => Vec::new(),
    }
}

fn unset(sheet: &Sheet<'_>, step: &Step<'_>, word: &str) -> BTreeSet<String> {
    if !word.contains('$') {
        return BTreeSet::new();
    }
    let expanded = jettison_dockerfile::expand::expand(word, &step.state.variables, sheet.dockerfile.escape());
    expanded.map(|expanded| expanded.unset).unwrap_or_default()
}

/// Whether an ARG without a value declares it: a build arg may give one. Or the ENV itself appends to what the base sets.
fn declared(sheet: &Sheet<'_>, step: &Step<'_>, name: &str) -> bool {
    let names = |step: &Step<'_>| step.instruction.pairs().iter().any(|pair| pair.key == name);
    let appends = !sheet.is_foreign() && step.keyword() == Keyword::Env && names(step);
    let stage = step.stage.unwrap_or_default();
    let mut earlier = sheet.lineage(stage).filter(|other| other.index < step.index && other.keyword() == Keyword::Arg);
    appends || step.state.unknown.contains(name) || earlier.any(names)
}

fn near(step: &Step<'_>, name: &str) -> Option<String> {
    let known = step.state.variables.keys().map(|known| (strsim::damerau_levenshtein(known, name), known));
    known.filter(|(distance, known)| *distance <= 2 && known.len() > 3).min().map(|(_, known)| known.clone())
}
