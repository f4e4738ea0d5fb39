//! What the builder refuses, sorted by the rule that explains it.

use jettison_dockerfile::{DiagnosticKind, dispatch};

use super::super::prelude::*;
use crate::sheet::Refused;

/// Beginnings or parts of the builder's causes, and the rule and part that they belong to. The first that fits counts.
const CAUSES: &[(&str, &str, Option<&str>)] = &[
    ("unknown instruction", "unknown-instruction", None),
    ("no build stage in current context", "instruction-before-from", None),
    ("file with no instructions", "instruction-before-from", None),
    ("dockerfile contains no stages", "instruction-before-from", None),
    ("parser directive can be used", "inert-directive", Some("duplicate")),
    ("invalid name for build stage", "invalid-stage-name", Some("form")),
    ("ONBUILD requires", "unparsable-dockerfile", None),
    ("ONBUILD", "invalid-onbuild-trigger", None),
    ("Missing command after HEALTHCHECK", "unparsable-dockerfile", None),
    ("HEALTHCHECK requires", "unparsable-dockerfile", None),
    ("HEALTHCHECK", "invalid-healthcheck-option", None),
    ("--retries", "invalid-healthcheck-option", None),
    ("time: invalid duration", "invalid-healthcheck-option", None),
    ("Interval ", "invalid-healthcheck-option", None),
    ("strconv.ParseInt", "invalid-healthcheck-option", None),
    ("variable expansion is not supported for --from", "unknown-copy-source", Some("variable")),
    ("'from' doesn't support variable expansion", "unknown-copy-source", Some("variable")),
    ("invalid stage index", "unknown-copy-source", Some("index")),
    ("circular dependency", "circular-stage-dependency", None),
    ("cannot copy from stage", "mistaken-stage-reference", Some("order")),
    ("cannot mount from stage", "mistaken-stage-reference", Some("order")),
    ("csv mounts", "invalid-mount-option", None),
    ("mount", "invalid-mount-option", None),
    ("unsupported modifier", "unsupported-substitution", None),
    ("unsupported sharing value", "invalid-mount-option", None),
    ("unexpected key", "invalid-mount-option", None),
    ("invalid field", "invalid-mount-option", None),
    ("unknown flag", "invalid-flag", None),
    ("flag", "invalid-flag", None),
    ("invalid network mode", "invalid-flag", None),
    ("security ", "invalid-flag", None),
    ("invalid chmod", "invalid-flag", None),
    ("checksum", "invalid-flag", None),
    ("platform", "invalid-flag", None),
    ("invalid port", "port-out-of-range", None),
    ("invalid containerPort", "port-out-of-range", None),
    ("invalid hostPort", "port-out-of-range", None),
    ("invalid IP address", "port-out-of-range", None),
    ("invalid ranges specified", "port-out-of-range", None),
    ("invalid signal", "unsuitable-stopsignal", Some("invalid")),
];

/// All that the builder refuses of the file, with the rule that each belongs to; computed once.
pub(crate) fn all(sheet: &Sheet<'_>) -> Vec<Refused> {
    let errors = sheet.dockerfile.diagnostics().iter().filter(|one| one.kind == DiagnosticKind::Error).cloned();
    let all = errors.chain(dispatch::refusals(sheet.dockerfile, &sheet.graph));
    all.map(|one| {
        let known = CAUSES.iter().find(|(sign, ..)| one.message.contains(sign));
        let (rule, part) = known.map_or(("unparsable-dockerfile", None), |(_, rule, part)| (*rule, *part));
        (one, rule, part)
    })
    .collect()
}

/// Reports what belongs to a rule, the first cause of every place.
pub(super) fn report(sheet: &Sheet<'_>, sink: &mut Sink<'_>, id: &str) {
    let mut last = None;
    for (diagnostic, rule, part) in sheet.refused() {
        if *rule == id && last != Some(diagnostic.span) {
            last = Some(diagnostic.span);
            let found = Found::file(clipped(sheet, diagnostic.span), one_line(&diagnostic.message));
            sink.push(match part {
                Some(part) => found.part(part),
                None => found,
            });
        }
    }
}

/// The builder's text on one line of bounded length.
fn one_line(message: &str) -> String {
    let line: String = message.chars().map(|symbol| if symbol.is_control() { ' ' } else { symbol }).take(300).collect();
    line.trim().to_owned()
}

/// Of an instruction, its first line.
fn clipped(sheet: &Sheet<'_>, span: Span) -> Span {
    let text = sheet.dockerfile.source().get(span.range()).unwrap_or_default();
    let end = text.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(text.len());
    Span::new(span.start as usize, span.start as usize + end)
}
