//! # single-stage-compile
//!
//! ## What it does
//! Finds images that are compiled in the stage that ships: compilers, sources and caches are in them.
//!
//! ## Why is this bad?
//! The program needs none of that. With a stage of its own for the build, only the result ships.
//!
//! ## Example
//! ```dockerfile bad
//! FROM golang:1.25
//! WORKDIR /src
//! COPY . .
//! RUN go build -o /app .
//! CMD ["/app"]
//! ```
//! ```dockerfile good
//! FROM golang:1.25 AS build
//! WORKDIR /src
//! COPY . .
//! RUN go build -o /app .
//! FROM debian:12-slim
//! COPY --from=build /app /app
//! CMD ["/app"]
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN apt-get update && apt-get install -y gcc make && make install && apt-get purge -y gcc make && rm -rf /var/lib/apt/lists/*
//! CMD ["app"]
//! ```
//! ```dockerfile good
//! FROM golang:1.25
//! RUN go build -o /usr/local/bin/lint ./lint
//! CMD ["bash"]
//! ```
//!
//! ## Fix safety
//! No fix here: `jettison optimize` moves what runs to a stage of its own, and proves that it runs there.
//!
//! ## References
//! <https://docs.docker.com/build/building/multi-stage/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DF011", "t:prefer-multi-stage-build", "DD066"],
    roles: Roles::FINAL,
    ..RuleInfo::new(
        "single-stage-compile",
        Category::Size,
        Severity::Warning,
        "compilers, sources and caches ship with the program",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.finals() {
        if let Some((_, call, compiler)) = compile(sheet, stage.index) {
            let (what, bytes) = costs(compiler);
            let verb = call.verb().filter(|verb| !verb.is_empty());
            let text = verb.map_or(call.name.to_owned(), |verb| format!("{} {verb}", call.name));
            let message = format!("`{text}` builds in the image that ships: {what} ship too");
            // Told of the final stage, whichever stage below it compiles.
            sink.push(Found::stage(stage.index, call.span(), message).likely().costs(bytes));
        }
    }
}

/// The first command that compiles what a final stage runs, in a layer that ships.
pub(super) fn compile<'s, 'f>(sheet: &'s Sheet<'f>, stage: usize) -> Option<(&'s Step<'f>, &'s Call<'f>, Compiler)> {
    let command = sheet.command(stage);
    // Images to compile with, and images to work in.
    if sheet.is_workbench(stage) || command.first().is_none_or(|program| is_compiler(program)) {
        return None;
    }
    let steps = sheet.lineage(stage).filter(|step| step.keyword() == Keyword::Run && !step.onbuild);
    let mut calls = steps.flat_map(|step| step.calls.iter().map(move |call| (step, call)));
    let found = calls.find_map(|(step, call)| Some((step, call, compiler(call)?)))?;
    (!is_cleaned(found.0) && (found.2 != Compiler::C || brings_compiler(sheet, stage))).then_some(found)
}

pub(super) fn is_compiler(program: &str) -> bool {
    const PROGRAMS: [&str; 14] = [
        "go", "cargo", "mvn", "mvnw", "gradle", "gradlew", "make", "gcc", "clang", "rustc", "javac", "dlv", "air",
        "cmake",
    ];
    PROGRAMS.contains(&name_of(program))
}

/// Whether the RUN takes its compiler away again.
fn is_cleaned(step: &Step<'_>) -> bool {
    step.calls.iter().any(|call| {
        let verb = call.verb().unwrap_or_default();
        ["purge", "remove", "autoremove", "del", "erase"].contains(&verb)
            && matches!(call.tool, Some(Tool::Apt | Tool::Apk | Tool::Dnf | Tool::Yum | Tool::Zypper))
    })
}

/// Whether a compiler for C is installed in what ships: `make` alone may drive anything.
fn brings_compiler(sheet: &Sheet<'_>, stage: usize) -> bool {
    sheet.lineage(stage).flat_map(|step| &step.calls).any(|call| {
        system_packages(call)
            .iter()
            .any(|name| ["gcc", "g++", "clang", "build-essential", "build-base", "gcc-c++", "cmake"].contains(name))
    })
}

/// What ships with it, and how much by a rule of thumb: the toolchain's part of the usual base image, sources and caches not
/// counted.
fn costs(compiler: Compiler) -> (&'static str, u64) {
    match compiler {
        Compiler::Go => ("Go, the sources and Go's caches", 700_000_000),
        Compiler::Cargo => ("Rust, the sources and `target`", 1_200_000_000),
        Compiler::Maven => ("the JDK, Maven and its repository", 350_000_000),
        Compiler::Gradle => ("the JDK, Gradle and its caches", 500_000_000),
        Compiler::Dotnet => ("the SDK, the sources and NuGet's packages", 600_000_000),
        Compiler::C => ("the compiler, headers and sources", 250_000_000),
        Compiler::Other => ("the compiler, the sources and its caches", 500_000_000),
    }
}
