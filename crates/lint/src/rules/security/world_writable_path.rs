//! # world-writable-path
//!
//! ## What it does
//! Finds `chmod 777` and the like.
//!
//! ## Why is this bad?
//! Whoever gets into any program of the image can change these files.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN chmod -R 777 /app
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN chmod 1777 /tmp && chmod -R g=u /app && chmod 755 /app/run
//! ```
//!
//! ## Fix safety
//! No fix: who must write is not in the file.
//!
//! ## References
//! <https://docs.openshift.com/container-platform/latest/openshift_images/create-images.html>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:world-writable-state-path-workaround", "DF034"],
    roles: Roles::SHIPPED,
    ..RuleInfo::new("world-writable-path", Category::Security, Severity::Warning, "everybody may change these files")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls().filter(|(_, call)| call.is("chmod")) {
        let mode = call
            .args
            .iter()
            .find(|arg| !arg.text().starts_with("--") && !["-R", "-v", "-f", "-c", "-Rf"].contains(&arg.text()));
        let Some(mode) = mode.filter(|mode| is_open(mode.text())) else { continue };
        let paths = call.args.iter().filter(|arg| arg.span().start > mode.span().start);
        let temporary = paths.clone().count() > 0
            && paths.into_iter().all(|arg| ["/tmp", "/var/tmp"].iter().any(|folder| arg.text().starts_with(folder)));
        if !temporary {
            sink.push(Found::at(
                step,
                call.span(),
                format!("`chmod {}` lets everybody change these files", mode.text()),
            ));
        }
    }
    for step in &sheet.steps {
        if let Some((mode, flag)) =
            step.instruction.as_copy().and_then(|copy| Some((copy.chmod?, step.instruction.flag("chmod")?)))
            && is_open(mode)
        {
            sink.push(Found::at(step, flag.span, format!("`--chmod={mode}` lets everybody change these files")));
        }
    }
}

fn is_open(mode: &str) -> bool {
    if mode.bytes().all(|byte| byte.is_ascii_digit()) {
        let sticky = mode.len() == 4 && mode.starts_with('1');
        let others = mode.bytes().last().is_some_and(|last| matches!(last, b'2' | b'3' | b'6' | b'7'));
        return mode.len() >= 3 && others && !sticky;
    }
    mode.split(',').any(|part| {
        let all = part.starts_with(['a', 'o', '+']) || part.starts_with("ugo") || part.starts_with("go");
        let adds = part.split(['+', '=']).nth(1).is_some_and(|rights| rights.contains('w'));
        all && adds && !part.contains("-w") && !part.contains('t')
    })
}
