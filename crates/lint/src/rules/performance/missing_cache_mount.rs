//! # missing-cache-mount
//!
//! ## What it does
//! Finds compilers and installers in stages that do not ship which begin from nothing each time, in files that use BuildKit
//! already.
//!
//! ## Why is this bad?
//! With a cache mount only what changed is compiled or downloaded again, and nothing of the cache is in a layer.
//!
//! ## Example
//! ```dockerfile bad
//! # syntax=docker/dockerfile:1
//! FROM golang:1.25 AS build
//! WORKDIR /src
//! COPY . .
//! RUN go build -o /app .
//! FROM scratch
//! COPY --from=build /app /app
//! ```
//! ```dockerfile fixed
//! # syntax=docker/dockerfile:1
//! FROM golang:1.25 AS build
//! WORKDIR /src
//! COPY . .
//! RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go build -o /app .
//! FROM scratch
//! COPY --from=build /app /app
//! ```
//! ```dockerfile good
//! FROM golang:1.25 AS build
//! RUN --mount=type=cache,target=/root/.cache/go-build --mount=type=cache,target=/go/pkg/mod go build -o /app .
//! FROM scratch
//! COPY --from=build /app /app
//! ```
//! ```dockerfile good
//! FROM golang:1.25 AS build
//! RUN go build -o /app .
//! FROM scratch
//! COPY --from=build /app /app
//! ```
//!
//! ## Fix safety
//! Unsafe: what a cache holds is in no layer, so a later step that reads it there finds nothing.
//!
//! ## References
//! <https://docs.docker.com/build/cache/optimize/#use-cache-mounts>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:prefer-package-cache-mounts", "t:ruby/prefer-bundler-cache-mount", "t:js/node-gyp-cache-mounts"],
    roles: Roles { lineage: crate::Where::Off, ..Roles::ALL },
    fix: FixKind::Unsafe,
    ..RuleInfo::new(
        "missing-cache-mount",
        Category::Performance,
        Severity::Info,
        "downloads and compiler output are made anew each time",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    if !sheet.shows_buildkit() {
        return;
    }
    for step in sheet.of(Keyword::Run).filter(|step| !step.onbuild) {
        let Some(stage) = step.stage.filter(|stage| !sheet.role(Some(*stage)).ships()) else { continue };
        if step.mounts.iter().any(|mount| mount.kind == "cache") || step.mounts_over("/root/.cache") {
            continue;
        }
        let Some((call, caches)) = step.calls.iter().find_map(|call| Some((call, caches(call)?))) else { continue };
        if keeps_nothing(step) {
            continue;
        }
        let verb = call.verb().map_or(String::new(), |verb| format!(" {verb}"));
        let message =
            format!("`{}{verb}` begins from nothing each time: a cache mount keeps what it fetched", call.name);
        let slow = compiler(call).is_some();
        let edits =
            if is_usual(sheet, step, stage, caches.home) { fix(sheet, step, caches.folders) } else { Vec::new() };
        let found = Found::at(step, call.span(), message).likely().risky("mount its caches", edits);
        sink.push(if slow { found.severity(Severity::Warning) } else { found });
    }
}

/// Where a tool keeps what it can use again, and the image in which these are its places; none: in all.
struct Caches {
    folders: &'static [&'static str],
    home: Option<&'static str>,
}

fn caches(call: &Call<'_>) -> Option<Caches> {
    let verb = call.verb().unwrap_or_default();
    let (folders, home): (&[&str], Option<&str>) = match (call.tool, compiler(call)) {
        (_, Some(Compiler::Go)) => (&["/go/pkg/mod", "/root/.cache/go-build"], Some("golang")),
        (_, Some(Compiler::Cargo)) => (&["/usr/local/cargo/registry"], Some("rust")),
        (_, Some(Compiler::Maven)) => (&["/root/.m2"], Some("maven")),
        (_, Some(Compiler::Gradle)) => (&["/home/gradle/.gradle"], Some("gradle")),
        (_, Some(Compiler::Dotnet)) => (&["/root/.nuget/packages"], Some("dotnet/sdk")),
        (Some(Tool::Go), _) if verb == "mod" => (&["/go/pkg/mod"], Some("golang")),
        (Some(Tool::Pip), _) if verb == "install" || verb == "wheel" => (&["/root/.cache/pip"], None),
        (Some(Tool::Npm), _) if verb == "ci" || verb == "install" => (&["/root/.npm"], None),
        (Some(Tool::Uv), _) if verb == "sync" || verb == "pip" => (&["/root/.cache/uv"], None),
        _ => return None,
    };
    Some(Caches { folders, home })
}

/// Whether the RUN says that nothing shall be kept: the two wishes do not fit together.
fn keeps_nothing(step: &Step<'_>) -> bool {
    let off = ["--no-cache-dir", "--no-cache", "--no-build-cache"];
    let says = |call: &Call<'_>| call.args.iter().any(|arg| off.contains(&arg.text()));
    step.calls.iter().any(says) || ["PIP_NO_CACHE_DIR", "UV_NO_CACHE"].iter().any(|name| step.variable(name).is_some())
}

/// Whether the caches are where they usually are: root's home, and the tool's own image.
fn is_usual(sheet: &Sheet<'_>, step: &Step<'_>, stage: usize, home: Option<&str>) -> bool {
    const MOVED: [&str; 10] = [
        "HOME",
        "GOPATH",
        "GOCACHE",
        "GOMODCACHE",
        "CARGO_HOME",
        "XDG_CACHE_HOME",
        "MAVEN_OPTS",
        "GRADLE_USER_HOME",
        "PIP_CACHE_DIR",
        "UV_CACHE_DIR",
    ];
    let root = step.state.user.as_deref().is_none_or(|user| ["root", "0", "0:0", "root:root"].contains(&user));
    let own = sheet.image(stage).is_some_and(|(name, _)| home.is_none_or(|home| name == home));
    let plain = step.instruction.heredocs.is_empty() && step.understood().is_some();
    root && own && plain && MOVED.iter().all(|name| !step.state.variables.contains_key(*name))
}

fn fix(sheet: &Sheet<'_>, step: &Step<'_>, folders: &[&str]) -> Vec<Edit> {
    let mounts: Vec<String> = folders.iter().map(|folder| format!("--mount=type=cache,target={folder}")).collect();
    jettison_dockerfile::edit::add_flag(sheet.dockerfile, step.index, &mounts.join(" ")).into_iter().collect()
}
