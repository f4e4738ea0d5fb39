//! # python-tool-cache-kept
//!
//! ## What it does
//! Finds installs with poetry, uv, pipenv and pdm that keep the tool's download cache in the layer.
//!
//! ## Why is this bad?
//! Every package is in the image twice: installed, and as what it came in.
//!
//! ## Example
//! ```dockerfile bad
//! FROM python:3.13-slim
//! RUN uv sync --frozen
//! ```
//! ```dockerfile fixed
//! FROM python:3.13-slim
//! RUN uv sync --no-cache --frozen
//! ```
//! ```dockerfile good
//! FROM python:3.13-slim
//! RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen
//! ```
//! ```dockerfile good
//! FROM python:3.13-slim
//! ENV UV_NO_CACHE=1
//! RUN uv sync --frozen
//! ```
//! ```dockerfile good
//! FROM python:3.13-slim
//! RUN poetry install --only main && rm -rf ~/.cache
//! ```
//!
//! ## Fix safety
//! Safe: the same packages are installed.
//!
//! ## References
//! <https://docs.astral.sh/uv/concepts/cache/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[Part::new("uv", &[]), Part::new("poetry", &[]), Part::new("pipenv", &[]), Part::new("pdm", &[])],
    roles: Roles::SHIPPED,
    fix: FixKind::Safe,
    ..RuleInfo::new(
        "python-tool-cache-kept",
        Category::Size,
        Severity::Warning,
        "a tool's download cache stays in the layer",
    )
};

/// A tool: its name, the verbs that download, its cache below the home folder, its switch, and the variables that move or stop it.
struct Kind {
    name: &'static str,
    verbs: &'static [&'static str],
    cache: &'static str,
    switch: Option<&'static str>,
    variables: &'static [&'static str],
}

const KINDS: [Kind; 4] = [
    Kind {
        name: "uv",
        verbs: &["sync", "pip", "add", "tool"],
        cache: "/root/.cache/uv",
        switch: Some("--no-cache"),
        variables: &["UV_NO_CACHE", "UV_CACHE_DIR"],
    },
    Kind {
        name: "poetry",
        verbs: &["install", "add", "sync"],
        cache: "/root/.cache/pypoetry",
        switch: Some("--no-cache"),
        variables: &["POETRY_CACHE_DIR", "POETRY_NO_CACHE"],
    },
    Kind {
        name: "pipenv",
        verbs: &["install", "sync"],
        cache: "/root/.cache/pipenv",
        switch: None,
        variables: &["PIPENV_CACHE_DIR", "PIP_NO_CACHE_DIR"],
    },
    Kind {
        name: "pdm",
        verbs: &["install", "sync", "add"],
        cache: "/root/.cache/pdm",
        switch: None,
        variables: &["PDM_CACHE_DIR"],
    },
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for step in sheet.of(Keyword::Run) {
        for (at, call) in step.calls.iter().enumerate() {
            let Some(kind) = KINDS.iter().find(|kind| kind.name == call.name) else { continue };
            let arguments = Arguments::of(call);
            let downloads = arguments.does(kind.verbs) && !is_uv_other(call, &arguments);
            if !downloads || is_off(step, call, kind) || is_gone(step, at, kind) {
                continue;
            }
            let Some(verb) = arguments.operands.first().filter(|verb| verb.literal) else { continue };
            let last = if call.is("uv") {
                arguments.operands.iter().take_while(|word| is_uv_word(word.text())).last()
            } else {
                None
            };
            let place = last.unwrap_or(verb).span().end as usize;
            let edits = kind.switch.map(|switch| Edit::insert(place, format!(" {switch}"))).into_iter().collect();
            let message = format!("`{} {}` keeps its downloads in the layer", call.name, verb.text());
            sink.push(Found::at(step, call.span(), message).part(kind.name).safe("switch the cache off", edits));
        }
    }
}

fn is_uv_word(word: &str) -> bool {
    ["sync", "pip", "add", "tool", "install"].contains(&word)
}

/// `uv pip list`, `uv tool run`.
fn is_uv_other(call: &Call<'_>, arguments: &Arguments<'_>) -> bool {
    let second = arguments.operands.get(1).map(|word| word.text()).unwrap_or_default();
    call.is("uv") && ["pip", "tool"].contains(&arguments.verb()) && !["install", "sync"].contains(&second)
}

fn is_off(step: &Step<'_>, call: &Call<'_>, kind: &Kind) -> bool {
    let switches = ["--no-cache", "-n", "--no-cache-dir", "--clear"];
    let said = call.args.iter().any(|arg| switches.contains(&arg.text()) && (arg.text() != "-n" || call.is("uv")));
    let set =
        kind.variables.iter().any(|name| step.state.variables.contains_key(*name) || call.assigned(name).is_some());
    let moved = call.args.iter().any(|arg| arg.text().starts_with("--cache-dir"));
    let exported = step
        .calls
        .iter()
        .filter(|call| call.is("export"))
        .any(|call| call.args.iter().any(|arg| kind.variables.iter().any(|name| arg.word.raw.starts_with(name))));
    said || set || moved || exported
}

/// Whether the cache is on a mount, or removed in the same RUN.
fn is_gone(step: &Step<'_>, at: usize, kind: &Kind) -> bool {
    let named = |mount: &jettison_dockerfile::views::Mount| {
        mount.kind == "cache" && mount.target.as_deref().is_some_and(|target| target.contains("cache"))
    };
    let cleans = step.calls.iter().skip(at + 1).any(|call| call.is(kind.name) && call.verb() == Some("cache"));
    let removes = step
        .calls
        .iter()
        .skip(at + 1)
        .any(|call| call.is("rm") && call.args.iter().any(|arg| arg.word.raw.contains("cache")));
    step.mounts_over(kind.cache)
        || step.mounts.iter().any(named)
        || step.deletes_after(at, kind.cache)
        || cleans
        || removes
}
