//! # runtime-metadata-missing
//!
//! ## What it does
//! Finds final images that do not say what they start, and servers that do not say on which port they listen.
//!
//! ## Why is this bad?
//! `docker run` without a command fails, and nobody sees from the image how to reach it.
//!
//! ## Example
//! ```dockerfile bad also:runtime-metadata-missing/expose
//! FROM python:3.13-slim
//! CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
//! ```
//! ```dockerfile bad also:runtime-metadata-missing/command
//! FROM scratch
//! COPY app /app
//! ```
//! ```dockerfile good also:runtime-metadata-missing/expose
//! FROM python:3.13-slim
//! EXPOSE 8000
//! CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
//! ```
//!
//! ## Fix safety
//! No fix: which port and which command is yours to say.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#expose>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DF017"],
    parts: &[Part::new("expose", &["DF022"]).off(), Part::new("command", &["DF036"]).off()],
    roles: Roles::FINAL,
    on_by_default: false,
    ..RuleInfo::new(
        "runtime-metadata-missing",
        Category::Metadata,
        Severity::Info,
        "the image does not say how it is used",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.finals() {
        let has = |keyword| sheet.last(stage.index, keyword).is_some();
        let config = sheet.base_config(stage.index);
        let of_base = config.is_some_and(|config| config.cmd.is_some() || config.entrypoint.is_some());
        let unknown = config.is_none() && !sheet.is_scratch(stage.index);
        if !has(Keyword::Cmd) && !has(Keyword::Entrypoint) && !of_base && !unknown {
            let message = "neither CMD nor ENTRYPOINT: the image starts nothing by itself";
            sink.push(Found::stage(stage.index, sheet.span_of_from(stage.index), message).part("command"));
        }
        let exposed = has(Keyword::Expose) || config.is_some_and(|config| !config.exposed_ports.is_empty());
        let words = sheet.command(stage.index);
        let port = words
            .iter()
            .find_map(|word| port(word))
            .or_else(|| words.windows(2).find_map(|pair| behind(pair[0], pair[1])));
        if let (Some(port), false, Some(step)) = (port, exposed, sheet.last(stage.index, Keyword::Cmd)) {
            let message = format!("the program listens on {port}, and nothing says so: `EXPOSE {port}`");
            sink.push(Found::stage(stage.index, step.instruction.keyword_span, message).part("expose").likely());
        }
    }
}

/// `0.0.0.0:8000`, `--port=8000`.
fn port(word: &str) -> Option<u16> {
    let text = word.strip_prefix("--port=").or_else(|| word.rsplit_once("0.0.0.0:").map(|(_, port)| port))?;
    text.parse().ok()
}

/// `--port 8000`.
fn behind(option: &str, value: &str) -> Option<u16> {
    ["--port", "-p"].contains(&option).then(|| value.parse().ok()).flatten()
}
