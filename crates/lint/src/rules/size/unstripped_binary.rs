//! # unstripped-binary
//!
//! ## What it does
//! Finds `go build` that leaves the symbol table and debugging information in a program that ships.
//!
//! ## Why is this bad?
//! They are a quarter of the file, and only a debugger reads them: panics name their lines without.
//!
//! ## Example
//! ```dockerfile bad
//! FROM golang:1.25 AS build
//! RUN go build -o /app .
//! FROM scratch
//! COPY --from=build /app /app
//! ```
//! ```dockerfile fixed
//! FROM golang:1.25 AS build
//! RUN go build -ldflags="-s -w" -o /app .
//! FROM scratch
//! COPY --from=build /app /app
//! ```
//! ```dockerfile good
//! FROM golang:1.25 AS build
//! RUN go build -ldflags="-s -w" -o /app .
//! FROM scratch
//! COPY --from=build /app /app
//! ```
//! ```dockerfile good
//! FROM golang:1.25 AS build
//! RUN go build -gcflags="all=-N -l" -o /app .
//! FROM scratch
//! COPY --from=build /app /app
//! ```
//!
//! ## Fix safety
//! Unsafe: debuggers and some profilers want what is taken away.
//!
//! ## References
//! <https://pkg.go.dev/cmd/link>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    roles: Roles { test: crate::Where::Off, ..Roles::ALL },
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "unstripped-binary",
        Category::Size,
        Severity::Info,
        "a program ships with what only debuggers read",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let text = || sheet.steps.iter().map(|step| sheet.text(step.instruction.span));
    if text().any(|text| ["dlv", "delve", "GOFLAGS"].iter().any(|word| text.contains(word))) {
        return;
    }
    for (step, call) in sheet.calls_of(Tool::Go) {
        let arguments = Arguments::of(call);
        let kept = ["gcflags", "race", "asan", "msan", "cover", "buildmode", "ldflags"];
        let builds = arguments.does(&["build", "install"]) && compiler(call).is_some();
        let says = arguments.options.iter().any(|option| kept.contains(&option.name.trim_start_matches('-')));
        // Several packages at once, and no file that is kept.
        let compiles_only = arguments.rest().iter().any(|arg| arg.text().ends_with("..."))
            && arguments.does(&["build"])
            && !arguments.has(&["-o"]);
        if !builds || arguments.unknown || says || compiles_only {
            continue;
        }
        let verb = arguments.operands.first().filter(|verb| verb.literal);
        let edits = verb
            .map(|verb| Edit::insert(verb.span().end as usize, " -ldflags=\"-s -w\""))
            .filter(|_| call.place.script == 0);
        let message = format!("`go {}` keeps symbols and debugging information in the program", arguments.verb());
        sink.push(Found::at(step, call.span(), message).likely().risky("strip it", edits.into_iter().collect()));
    }
}
