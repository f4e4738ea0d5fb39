//! # static-binary-on-full-base
//!
//! ## What it does
//! Finds final stages on a general distribution that hold nothing but a program which is linked statically.
//!
//! ## Why is this bad?
//! A static program needs no distribution: with a bare base the image is a few megabytes, and nothing in it has to be kept up to
//! date.
//!
//! ## Example
//! ```dockerfile bad
//! FROM golang:1.25 AS build
//! RUN CGO_ENABLED=0 go build -o /app .
//! FROM debian:12
//! COPY --from=build /app /app
//! ENTRYPOINT ["/app"]
//! ```
//! ```dockerfile good
//! FROM golang:1.25 AS build
//! RUN CGO_ENABLED=0 go build -o /app .
//! FROM gcr.io/distroless/static-debian12
//! COPY --from=build /app /app
//! ENTRYPOINT ["/app"]
//! ```
//! ```dockerfile good
//! FROM golang:1.25 AS build
//! RUN CGO_ENABLED=0 go build -o /app .
//! FROM debian:12
//! RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
//! COPY --from=build /app /app
//! ENTRYPOINT ["/app"]
//! ```
//!
//! ## Fix safety
//! No fix here: `jettison optimize` chooses a bare base by what the program needs (certificates, time zones), and proves it.
//!
//! ## References
//! <https://docs.docker.com/build/building/base-images/>

use jettison_dockerfile::stages::Source;

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DD062"],
    roles: Roles::FINAL,
    ..RuleInfo::new(
        "static-binary-on-full-base",
        Category::Size,
        Severity::Info,
        "a static program needs no distribution",
    )
};

/// General distributions and their sizes.
const DISTRIBUTIONS: [(&str, u64); 9] = [
    ("debian", 117_000_000),
    ("ubuntu", 78_000_000),
    ("centos", 200_000_000),
    ("fedora", 180_000_000),
    ("rockylinux", 190_000_000),
    ("almalinux", 190_000_000),
    ("amazonlinux", 150_000_000),
    ("oraclelinux", 200_000_000),
    ("alpine", 8_000_000),
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.finals().filter(|stage| matches!(stage.base, Base::Image(_))) {
        let Some((name, tag)) = sheet.image(stage.index) else { continue };
        let Some((_, bytes)) = DISTRIBUTIONS.iter().find(|(known, _)| *known == name) else { continue };
        let runs = sheet
            .lineage(stage.index)
            .any(|step| [Keyword::Run, Keyword::Shell, Keyword::Healthcheck].contains(&step.keyword()));
        let Some(command) = sheet.last(stage.index, Keyword::Entrypoint).or(sheet.last(stage.index, Keyword::Cmd))
        else {
            continue;
        };
        let exec = matches!(command.instruction.form, Form::Exec(_));
        let program = sheet.command(stage.index).first().copied().unwrap_or_default().to_owned();
        if runs || !exec || !is_static(sheet, stage.index, &program) {
            continue;
        }
        let bytes = if tag.contains("slim") { bytes * 65 / 100 } else { *bytes };
        let message = format!("`{program}` is static: it needs nothing of `{name}` but certificates, perhaps");
        sink.push(Found::stage(stage.index, sheet.span_of_from(stage.index), message).likely().costs(bytes));
    }
}

/// Whether all that is copied comes from stages whose program is linked statically, and the program is among it.
fn is_static(sheet: &Sheet<'_>, stage: usize, program: &str) -> bool {
    let mut brings = false;
    for step in sheet.lineage(stage).filter(|step| matches!(step.keyword(), Keyword::Copy | Keyword::Add)) {
        let Some(copy) = step.instruction.as_copy() else { return false };
        let target = copy.destination.map(|word| word.raw.as_str()).unwrap_or_default();
        let name = name_of(program);
        let named = name_of(target) == name || copy.sources.iter().any(|source| name_of(&source.raw) == name);
        let Some(Source::Stage(from)) = copy.from.map(|from| sheet.graph.source(from)) else { continue };
        brings |= named && builds_static(sheet, from);
    }
    brings && program.starts_with('/')
}

fn builds_static(sheet: &Sheet<'_>, stage: usize) -> bool {
    sheet.lineage(stage).flat_map(|step| step.calls.iter().map(move |call| (step, call))).any(|(step, call)| {
        let off =
            call.assigned("CGO_ENABLED").or(step.state.variables.get("CGO_ENABLED").map(String::as_str)) == Some("0");
        let musl = call.args.iter().any(|arg| arg.text().contains("-linux-musl") || arg.text().contains("crt-static"));
        match compiler(call) {
            Some(Compiler::Go) => off,
            Some(Compiler::Cargo) => musl,
            _ => false,
        }
    })
}
