//! # runtime-tuning-missing
//!
//! ## What it does
//! Finds settings that a server of a language wants and the image does not have: `NODE_ENV`, `PYTHONUNBUFFERED`, OPcache, YJIT,
//! jemalloc.
//!
//! ## Why is this bad?
//! Frameworks run in their mode for development, logs come late, and programs are slower than they need to be.
//!
//! ## Example
//! ```dockerfile bad
//! FROM node:22-slim
//! COPY . .
//! CMD ["node", "server.js"]
//! ```
//! ```dockerfile fixed
//! FROM node:22-slim
//! COPY . .
//! ENV NODE_ENV=production
//! CMD ["node", "server.js"]
//! ```
//! ```dockerfile good
//! FROM node:22-slim
//! ENV NODE_ENV=production
//! COPY . .
//! CMD ["node", "server.js"]
//! ```
//!
//! ## Fix safety
//! Unsafe: the program behaves as in production.
//!
//! ## References
//! <https://nodejs.org/en/learn/getting-started/nodejs-the-difference-between-development-and-production>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    parts: &[
        Part::new("node", &["DD067"]),
        Part::new("python", &["DF032", "DD015"]).off(),
        Part::new("opcache", &["t:php/enable-opcache-in-production"]),
        Part::new("yjit", &["t:ruby/yjit-not-enabled-on-supported-runtime"]).off(),
        Part::new("jemalloc", &["t:ruby/jemalloc-installed-but-not-preloaded"]),
    ],
    roles: Roles::FINAL,
    fix: FixKind::Unsafe,
    ..RuleInfo::new("runtime-tuning-missing", Category::Performance, Severity::Info, "a setting for servers is missing")
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for stage in sheet.finals() {
        let Some((name, tag)) = sheet.image(stage.index).filter(|_| sheet.is_official(stage.index)) else { continue };
        let Some(cmd) = sheet.last(stage.index, Keyword::Cmd).or(sheet.last(stage.index, Keyword::Entrypoint)) else {
            continue;
        };
        let text: Vec<String> =
            sheet.lineage(stage.index).map(|step| sheet.text(step.instruction.span).into_owned()).collect();
        let says = |word: &str| text.iter().any(|text| text.contains(word));
        let program = sheet.command(stage.index).first().map(|program| name_of(program).to_owned()).unwrap_or_default();
        let development =
            ["nodemon", "dev", "test", "development"].iter().any(|word| cmd.instruction.body.text.contains(word));
        let found = |part, message: &str| Found::stage(stage.index, cmd.instruction.keyword_span, message).part(part);
        match (name, program.as_str()) {
            ("node", "node" | "npm" | "yarn" | "pnpm") if !says("NODE_ENV") && !development => {
                let edit =
                    jettison_dockerfile::edit::insert_before(sheet.dockerfile, cmd.index, &["ENV NODE_ENV=production"]);
                sink.push(
                    found("node", "without `NODE_ENV=production` frameworks run in their mode for development")
                        .guess()
                        .risky("set it", vec![edit]),
                );
            }
            ("python", "python" | "python3" | "gunicorn" | "uvicorn" | "flask")
                if !says("PYTHONUNBUFFERED") && !says("-u") =>
            {
                sink.push(found("python", "without `PYTHONUNBUFFERED=1` logs come late, or never").likely());
            }
            ("php", _)
                if (tag.contains("fpm") || tag.contains("apache")) && !says("opcache") && !tag.starts_with("8.5") =>
            {
                sink.push(found("opcache", "without OPcache every request compiles the program anew").guess());
            }
            ("ruby", _) if !says("YJIT") && !says("yjit") && is_ruby_with_yjit(tag) => {
                sink.push(
                    found("yjit", "this Ruby has a compiler that is not switched on: `RUBY_YJIT_ENABLE=1`").likely(),
                );
            }
            _ => {}
        }
        let installs = sheet.lineage(stage.index).flat_map(|step| &step.calls).any(|call| {
            system_packages(call).iter().any(|name| name.starts_with("libjemalloc") && !name.ends_with("-dev"))
        });
        if name == "ruby" && installs && !says("LD_PRELOAD") && !says("entrypoint") {
            sink.push(found("jemalloc", "jemalloc is installed, and nothing preloads it").likely());
        }
    }
}

fn is_ruby_with_yjit(tag: &str) -> bool {
    let mut numbers = tag.split(['.', '-']).map_while(|part| part.parse::<u32>().ok());
    matches!((numbers.next(), numbers.next()), (Some(3), Some(minor)) if minor >= 3) || tag.starts_with('4')
}
