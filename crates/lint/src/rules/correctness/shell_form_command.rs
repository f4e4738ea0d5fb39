//! # shell-form-command
//!
//! ## What it does
//! Finds CMD and ENTRYPOINT in shell form.
//!
//! ## Why is this bad?
//! A shell stands between the container and the program: the program does not get SIGTERM and is killed after ten seconds.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! CMD nginx -g "daemon off;"
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! CMD ["nginx", "-g", "daemon off;"]
//! ```
//! ```dockerfile good
//! FROM debian:12
//! SHELL ["/bin/bash", "-c"]
//! CMD nginx
//! ```
//! ```dockerfile good
//! FROM debian:12
//! CMD exec nginx -g "daemon off;"
//! ```
//!
//! ## Fix safety
//! Safe for one simple command of literal words on a base image that adds nothing to it; unsafe on other base images, whose
//! entrypoint may look at the words. No fix for what needs a shell.
//!
//! ## References
//! <https://docs.docker.com/reference/build-checks/json-args-recommended/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DF018", "DF025", "DD019", "k:not_using_json_in_cmd_and_entrypoint_arguments"],
    parts: &[
        Part::new("command", &["DL3025", "JSONArgsRecommended"]),
        Part::new("healthcheck", &["DL3025"]).severity(Severity::Info).off(),
    ],
    roles: Roles::SHIPPED,
    fix: FixKind::Safe,
    ..RuleInfo::new(
        "shell-form-command",
        Category::Correctness,
        Severity::Warning,
        "a shell stands between the container and its program",
    )
};

/// Base images whose entrypoint, if any, only starts what it is given.
const PLAIN: [&str; 18] = [
    "debian",
    "ubuntu",
    "alpine",
    "fedora",
    "centos",
    "rockylinux",
    "almalinux",
    "amazonlinux",
    "oraclelinux",
    "busybox",
    "python",
    "golang",
    "node",
    "ruby",
    "rust",
    "perl",
    "openjdk",
    "gcc",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in &sheet.steps {
        let part = match step.keyword() {
            Keyword::Cmd | Keyword::Entrypoint => "command",
            Keyword::Healthcheck => "healthcheck",
            _ => continue,
        };
        let body = step.instruction.body.text.trim();
        let is_shell = step.instruction.form == Form::Shell && !body.is_empty() && !body.eq_ignore_ascii_case("none");
        if !is_shell || is_exempt(sheet, step) {
            continue;
        }
        let (safety, edits) = fix(sheet, step);
        let needs_shell = edits.is_empty();
        let message = format!("a shell starts `{}` and keeps signals from it", shorten(body));
        let found = Found::at(step, step.instruction.body.span, message).part(part).fix(safety, "use exec form", edits);
        sink.push(if needs_shell && !sheet.is_foreign() { found.severity(Severity::Info) } else { found });
    }
}

fn is_exempt(sheet: &Sheet<'_>, step: &Step<'_>) -> bool {
    if sheet.is_hadolint() {
        return false;
    }
    let body = step.instruction.body.text.trim();
    let bare = ["bash", "sh", "/bin/bash", "/bin/sh"].contains(&body);
    let execs = step.calls.len() == 1 && step.calls[0].has_wrapper("exec");
    let windows = step.stage.is_some_and(|stage| sheet.distro(stage) == Distro::Windows);
    let shell = step.instruction.shell.filter(|shell| !sheet.is_foreign() || Some(*shell) > step.instruction.from);
    shell.is_some() || !sheet.is_foreign() && (execs || bare || windows)
}

fn fix(sheet: &Sheet<'_>, step: &Step<'_>) -> (FixSafety, Vec<Edit>) {
    let none = (FixSafety::Safe, Vec::new());
    let (Some(stage), Some(script)) = (step.stage.filter(|_| !step.onbuild), step.understood()) else { return none };
    if step.keyword() == Keyword::Healthcheck || step.instruction.shell.is_some() {
        return none;
    }
    let Some(edit) = jettison_rewrite::exec_form::instruction(sheet.dockerfile, step.instruction, script) else {
        return none;
    };
    // A script without an interpreter line runs in a shell only.
    let script = step.instruction.body.text.split_whitespace().find(|word| *word != "exec").is_some_and(may_be_script);
    let plain = sheet.base(stage).is_some_and(|base| {
        base.host() == "docker.io" && PLAIN.contains(&base.familiar()) && base.path().starts_with("library/")
    });
    let other = if step.keyword() == Keyword::Cmd { Keyword::Entrypoint } else { Keyword::Cmd };
    let alone = !sheet.lineage(stage).any(|other_step| other_step.keyword() == other);
    let inherited = sheet.graph.stages.iter().any(|later| later.base == Base::Stage(stage));
    (if plain && alone && !inherited && !script { FixSafety::Safe } else { FixSafety::Unsafe }, vec![edit])
}

/// A path outside of the folders of programs, or a name that says so.
fn may_be_script(program: &str) -> bool {
    let folders = ["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/", "/go/bin/"];
    let elsewhere = program.contains('/') && !folders.iter().any(|folder| program.starts_with(folder));
    elsewhere || [".sh", ".py", ".pl", ".rb"].iter().any(|ending| program.ends_with(ending))
}

fn shorten(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
