//! # build-time-gpu-query
//!
//! ## What it does
//! Finds RUNs that ask for a GPU: `nvidia-smi`, `torch.cuda.is_available()`.
//!
//! ## Why is this bad?
//! A build has no GPU: the command fails, or the answer that is written into the image is wrong.
//!
//! ## Example
//! ```dockerfile bad
//! FROM nvidia/cuda:12.9.0-base-ubuntu24.04
//! RUN nvidia-smi
//! ```
//! ```dockerfile good
//! FROM nvidia/cuda:12.9.0-base-ubuntu24.04
//! CMD ["nvidia-smi"]
//! ```
//!
//! ## Fix safety
//! No fix: ask when the container starts.
//!
//! ## References
//! <https://docs.docker.com/reference/dockerfile/#run---device>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:gpu/no-buildtime-gpu-queries"],
    ..RuleInfo::new(
        "build-time-gpu-query",
        Category::Correctness,
        Severity::Error,
        "there is no GPU while an image is built",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls().filter(|(step, _)| step.instruction.flag("device").is_none()) {
        let asks = [
            "cuda.is_available()",
            "cuda.device_count()",
            "list_physical_devices('GPU')",
            "list_physical_devices(\"GPU\")",
        ];
        let python = call.tool == Some(Tool::Python)
            && call.args.iter().any(|arg| asks.iter().any(|text| arg.word.raw.contains(text)));
        if !call.is("nvidia-smi") && !python {
            continue;
        }
        let guarded = call.place.conditional
            || call.place.pipe.1 > 1
            || call.place.subshell
            || sheet.text(step.instruction.span).contains("||");
        let fails = call.is("nvidia-smi") || call.args.iter().any(|arg| arg.word.raw.contains("assert"));
        let found = Found::at(step, call.span(), "a build has no GPU to ask");
        sink.push(if guarded || !fails { found.severity(Severity::Info) } else { found });
    }
}
