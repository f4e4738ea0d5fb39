//! # late-delete
//!
//! ## What it does
//! Finds RUNs that delete what an earlier layer of the same image holds: copied files, downloads, package lists.
//!
//! ## Why is this bad?
//! What a layer holds stays in the image; deleting it later only hides it.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! COPY big.tar /tmp/big.tar
//! RUN tar xf /tmp/big.tar -C /opt
//! RUN rm /tmp/big.tar
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN curl -fsSLO https://example.com/big.tar && tar xf big.tar && rm big.tar
//! ```
//!
//! ## Fix safety
//! No fix: the RUN that makes the files must delete them, or a bind mount bring them.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    roles: Roles::SHIPPED,
    ..RuleInfo::new("late-delete", Category::Size, Severity::Warning, "what is deleted stays in an earlier layer")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run).filter(|step| !step.onbuild) {
        let Some(stage) = step.stage else { continue };
        for call in step.calls.iter().filter(|call| call.tool == Some(Tool::Rm)) {
            let earlier = sheet.lineage(stage).filter(|other| other.index < step.index && !other.onbuild);
            let copied = earlier.filter(|other| matches!(other.keyword(), Keyword::Copy | Keyword::Add));
            let source =
                copied.filter_map(|other| Some((other, destination(other)?))).find(|(_, path)| deletes_all(call, path));
            if let Some((other, path)) = source {
                let message = format!("`{path}` stays in the layer of line {}", other.instruction.line);
                sink.push(Found::at(step, call.span(), message).costs_modelled(sheet.copied_bytes(other)));
                break;
            }
        }
        lists(sheet, step, stage, sink);
    }
}

/// The path that a COPY of one thing makes, where it is written.
fn destination(step: &Step<'_>) -> Option<String> {
    let copy = step.instruction.as_copy()?;
    let target = copy.destination?.raw.as_str();
    let [source] = copy.sources.as_slice() else { return None };
    let name = source.raw.rsplit('/').next()?;
    let known = target.starts_with('/') && !target.contains('$') && !source.raw.contains(['*', '$', '?']);
    let path = if target.ends_with('/') { format!("{target}{name}") } else { target.to_owned() };
    let path = path.trim_end_matches('/').to_owned();
    (known && path.len() > 1 && ![".", ""].contains(&name)).then_some(path)
}

/// Whether the path itself is deleted, not only a folder far above it.
fn deletes_all(call: &Call<'_>, path: &str) -> bool {
    jettison_facts::steps::deletes(call, path)
}

/// Package lists that an earlier RUN left.
fn lists(sheet: &Sheet<'_>, step: &Step<'_>, stage: usize, sink: &mut Sink<'_>) {
    const LISTS: &str = "/var/lib/apt/lists";
    let updates =
        |other: &Step<'_>| other.calls.iter().any(|call| call.tool == Some(Tool::Apt) && call.verb() == Some("update"));
    let Some(call) = step.calls.iter().find(|call| jettison_facts::steps::deletes(call, LISTS)) else { return };
    let own = updates(step) || step.mounts_over(LISTS);
    let before =
        sheet.lineage(stage).take_while(|other| other.index < step.index).filter(|other| updates(other)).last();
    if let Some(other) = before.filter(|_| !own) {
        let kept = !other.calls.iter().any(|call| jettison_facts::steps::deletes(call, LISTS));
        if kept && !other.mounts_over(LISTS) {
            let message = format!("the package lists stay in the layer of line {}", other.instruction.line);
            sink.push(Found::at(step, call.span(), message));
        }
    }
}
