//! # weak-dependencies-installed
//!
//! ## What it does
//! Finds dnf, microdnf and zypper that install what packages only recommend.
//!
//! ## Why is this bad?
//! Packages come along that nothing asked for.
//!
//! ## Example
//! ```dockerfile bad
//! FROM fedora:42
//! RUN dnf install -y httpd && dnf clean all
//! ```
//! ```dockerfile fixed
//! FROM fedora:42
//! RUN dnf install --setopt=install_weak_deps=False -y httpd && dnf clean all
//! ```
//! ```dockerfile good
//! FROM opensuse/leap:15.6
//! RUN zypper install -y --no-recommends httpd && zypper clean
//! ```
//!
//! ## Fix safety
//! Unsafe: a program may need what its package only recommends.
//!
//! ## References
//! <https://dnf.readthedocs.io/en/latest/conf_ref.html>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[Part::new("dnf", &[]), Part::new("zypper", &[])],
    roles: Roles::SHIPPED,
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "weak-dependencies-installed",
        Category::Size,
        Severity::Info,
        "recommended packages nobody asked for are installed",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls() {
        let arguments = Arguments::of(call);
        let (part, option) = match call.tool {
            Some(Tool::Dnf) if !call.is("tdnf") && arguments.does(&["install"]) => {
                ("dnf", "--setopt=install_weak_deps=False")
            }
            Some(Tool::Zypper) if arguments.does(&["install", "in"]) => ("zypper", "--no-recommends"),
            _ => continue,
        };
        let said =
            call.args.iter().any(|arg| arg.text().contains("install_weak_deps") || arg.text().contains("recommends"));
        let configured = step.stage.is_some_and(|stage| {
            let mut earlier = sheet.lineage(stage).take_while(|other| other.index <= step.index);
            earlier.any(|other| {
                ["install_weak_deps", "onlyRequires"]
                    .iter()
                    .any(|sign| sheet.text(other.instruction.span).contains(sign))
            })
        });
        if said || configured || arguments.rest().is_empty() {
            continue;
        }
        let verb = arguments.operands[0];
        let edits =
            if verb.literal { vec![Edit::insert(verb.span().end as usize, format!(" {option}"))] } else { Vec::new() };
        let found = Found::at(step, call.span(), "`install` brings recommended packages along").part(part);
        sink.push(found.risky(format!("add {option}"), edits));
    }
}
