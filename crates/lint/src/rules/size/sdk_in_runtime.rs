//! # sdk-in-runtime
//!
//! ## What it does
//! Finds final stages on an image to build with, where only a finished program is started.
//!
//! ## Why is this bad?
//! A JDK, an SDK or a compiler ships, for a program that needs the runtime alone.
//!
//! ## Example
//! ```dockerfile bad
//! FROM eclipse-temurin:21-jdk
//! COPY app.jar /app.jar
//! CMD ["java", "-jar", "/app.jar"]
//! ```
//! ```dockerfile fixed
//! FROM eclipse-temurin:21-jre
//! COPY app.jar /app.jar
//! CMD ["java", "-jar", "/app.jar"]
//! ```
//! ```dockerfile bad
//! FROM mcr.microsoft.com/dotnet/sdk:9.0
//! COPY out /app
//! ENTRYPOINT ["dotnet", "/app/app.dll"]
//! ```
//! ```dockerfile good
//! FROM eclipse-temurin:21-jdk
//! COPY . .
//! RUN javac Main.java
//! CMD ["java", "Main"]
//! ```
//! ```dockerfile good
//! FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build
//! RUN dotnet publish -o /out
//! FROM mcr.microsoft.com/dotnet/aspnet:9.0
//! COPY --from=build /out /app
//! ENTRYPOINT ["dotnet", "/app/app.dll"]
//! ```
//!
//! ## Fix safety
//! Unsafe: the program may start tools that only the larger image has.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[
        Part::new("jdk", &[]),
        Part::new("dotnet", &[]),
        Part::new("cuda", &["t:gpu/prefer-runtime-final-stage"]),
        Part::new("go", &[]),
    ],
    roles: Roles::FINAL,
    fix: FixKind::Unsafe,
    ..RuleInfo::new("sdk-in-runtime", Category::Size, Severity::Warning, "an image to build with is what ships")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.finals().filter(|stage| matches!(stage.base, Base::Image(_))) {
        let Some((name, tag)) = sheet.image(stage.index) else { continue };
        let command = sheet.command(stage.index);
        let program = command.first().map(|program| name_of(program)).unwrap_or_default();
        let opaque =
            program.is_empty() || program.contains('$') || program.ends_with(".sh") || program.ends_with("wrapper");
        if opaque || sheet.is_workbench(stage.index) {
            continue;
        }
        let Some((part, smaller, bytes)) = sibling(name, tag, program) else { continue };
        let Some(word) = sheet.instructions().get(stage.from).and_then(|from| from.words.first()) else { continue };
        if compiles(sheet, stage.index) || sheet.base(stage.index).is_some_and(|base| base.digest.is_some()) {
            continue;
        }
        let smaller = smaller.and_then(|replacement| rewritten(&word.raw, replacement));
        let hint = smaller.as_ref().map_or("an image that only runs it".to_owned(), |image| format!("`{image}`"));
        let message = format!("only `{program}` is started: {hint} is enough");
        let edits = smaller.map(|image| Edit::replace(word.span, image)).into_iter().collect();
        let found = Found::stage(stage.index, word.span, message).part(part).likely().costs(bytes);
        sink.push(found.risky("take the image to run with", edits));
    }
}

/// The part, what to write instead of what in the reference, and the bytes that it spares by a rule of thumb.
type Sibling = (&'static str, Option<(&'static str, &'static str)>, u64);

fn sibling(name: &str, tag: &str, program: &str) -> Option<Sibling> {
    let words: Vec<&str> = tag.split('-').collect();
    let has = |word: &str| words.contains(&word);
    match name {
        "eclipse-temurin" if program == "java" && (has("jdk") || words.len() == 1) => {
            Some(("jdk", has("jdk").then_some(("-jdk", "-jre")), 200_000_000))
        }
        "openjdk" if program == "java" && !has("jre") => Some(("jdk", None, 200_000_000)),
        "maven" | "gradle" if program == "java" => Some(("jdk", None, 350_000_000)),
        "dotnet/sdk" | "mcr.microsoft.com/dotnet/sdk" | "mcr.microsoft.com/dotnet/core/sdk" | "dotnet/core/sdk" => {
            Some(("dotnet", Some(("/sdk", "/aspnet")), 600_000_000))
                .filter(|_| program == "dotnet" || program.ends_with(".dll"))
        }
        "nvidia/cuda" if has("devel") => Some(("cuda", Some(("-devel", "-runtime")), 4_000_000_000)),
        "golang" if program != "go" && !["air", "dlv", "sh", "bash", "make"].contains(&program) => {
            Some(("go", None, 700_000_000))
        }
        _ => None,
    }
}

/// The reference with one part replaced, where that part stands in it once.
fn rewritten(raw: &str, (old, new): (&str, &str)) -> Option<String> {
    (raw.matches(old).count() == 1).then(|| raw.replacen(old, new, 1))
}

/// Whether the stage itself builds something, or does what cannot be read.
fn compiles(sheet: &Sheet<'_>, stage: usize) -> bool {
    const TOOLS: [&str; 12] =
        ["javac", "jlink", "jdeps", "jcmd", "jar", "nvcc", "pip", "pip3", "native-image", "kotlinc", "go", "dotnet"];
    sheet.lineage(stage).filter(|step| step.keyword() == Keyword::Run).any(|step| {
        let opaque = step.instruction.form == Form::Shell && step.understood().is_none();
        opaque
            || step
                .calls
                .iter()
                .any(|call| compiler(call).is_some() || TOOLS.contains(&call.name) || call.name.ends_with(".sh"))
    })
}
