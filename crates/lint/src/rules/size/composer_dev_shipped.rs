//! # composer-dev-shipped
//!
//! ## What it does
//! Finds `composer install` with development packages in a stage that ships.
//!
//! ## Why is this bad?
//! Test frameworks and debuggers ship, and serve whoever gets in.
//!
//! ## Example
//! ```dockerfile bad
//! FROM php:8.4
//! RUN composer install
//! ```
//! ```dockerfile fixed
//! FROM php:8.4
//! RUN composer install --no-dev
//! ```
//! ```dockerfile good
//! FROM php:8.4
//! ENV COMPOSER_NO_DEV=1
//! RUN composer install
//! ```
//!
//! ## Fix safety
//! Unsafe: the app may use what it only asks for in development.
//!
//! ## References
//! <https://getcomposer.org/doc/03-cli.md#install-i>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:php/composer-no-dev-in-production"],
    roles: Roles::SHIPPED,
    fix: FixKind::Unsafe,
    ..RuleInfo::new("composer-dev-shipped", Category::Size, Severity::Warning, "development packages ship")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls_of(Tool::Composer) {
        let arguments = Arguments::of(call);
        let set = step.state.variables.contains_key("COMPOSER_NO_DEV") || call.assigned("COMPOSER_NO_DEV").is_some();
        if !arguments.does(&["install", "i"]) || arguments.has(&["--no-dev", "--dev"]) || arguments.unknown || set {
            continue;
        }
        let verb = arguments.operands[0];
        let edits = if verb.literal { vec![Edit::insert(verb.span().end as usize, " --no-dev")] } else { Vec::new() };
        let found = Found::at(step, call.span(), "`composer install` brings development packages along");
        sink.push(found.likely().risky("add --no-dev", edits));
    }
}
