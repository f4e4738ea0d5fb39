//! # bundler-files-kept
//!
//! ## What it does
//! Finds `gem install` that writes documentation.
//!
//! ## Why is this bad?
//! Nobody reads it in a container, and writing it takes longer than installing.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN gem install rake:13.3.0
//! ```
//! ```dockerfile fixed
//! FROM debian:12
//! RUN gem install --no-document rake:13.3.0
//! ```
//! ```dockerfile good
//! FROM ruby:3.4
//! RUN gem install rake:13.3.0
//! ```
//!
//! ## Fix safety
//! Safe: only documentation is left out.
//!
//! ## References
//! <https://guides.rubygems.org/command-reference/#gem-install>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DD061"],
    parts: &[Part::new("docs", &[])],
    roles: Roles::SHIPPED,
    fix: FixKind::Safe,
    ..RuleInfo::new("bundler-files-kept", Category::Size, Severity::Info, "gems bring their documentation")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls_of(Tool::Gem) {
        let arguments = Arguments::of(call);
        let said = arguments.has(&["--no-document", "-N", "--no-doc", "--no-ri", "--no-rdoc", "--document"]);
        // The official image has a gemrc that says it.
        let official = step.stage.and_then(|stage| sheet.base(stage)).is_some_and(|base| base.familiar() == "ruby");
        let written = step.stage.is_some_and(|stage| {
            let mut earlier = sheet.lineage(stage).take_while(|other| other.index <= step.index);
            earlier.any(|other| sheet.text(other.instruction.span).contains("gemrc"))
        });
        if !arguments.does(&["install", "i"]) || said || official || written {
            continue;
        }
        let verb = arguments.operands[0];
        let edits =
            if verb.literal { vec![Edit::insert(verb.span().end as usize, " --no-document")] } else { Vec::new() };
        let found =
            Found::at(step, call.span(), "`gem install` writes documentation that nobody reads here").part("docs");
        sink.push(found.safe("add --no-document", edits));
    }
}
