//! `npm install` → `npm ci`: exactly what the lock file says.

use jettison_facts::{Facts, NpmKind, SegmentKind};
use jettison_model::Edit;

use crate::{Change, Decision, nothing, refuse};

/// `npm ci` for every `npm install` of the project's own manifest, where a lock file is sent.
pub fn npm_ci(facts: &Facts<'_>) -> Decision {
    let mut change = Change::default();
    let mut installs = false;
    for stage in facts.stages.iter().filter(|stage| stage.role != jettison_facts::Role::Unused) {
        for segment in stage.runs.iter().flat_map(|run| run.segments.iter().flatten()) {
            let SegmentKind::NpmInstall(install) = &segment.kind else { continue };
            if install.kind != NpmKind::NpmInstall || install.named || install.opaque {
                continue;
            }
            installs = true;
            let text = String::from_utf8_lossy(&facts.dockerfile.source()[segment.span.range()]).into_owned();
            let Some((at, word)) =
                ["install", "i"].iter().find_map(|word| find_word(&text, word).map(|at| (at, *word)))
            else {
                continue;
            };
            let start = segment.span.start as usize + at;
            if change.edits.is_empty() {
                change.at = segment.span.start as usize;
            }
            change.edits.push(Edit::replace(jettison_model::Span::new(start, start + word.len()), "ci"));
        }
    }
    if !installs {
        nothing!("no `npm install` of the project's manifest");
    }
    match lock_version(facts) {
        None => nothing!("no package-lock.json is sent, so there is nothing to follow exactly"),
        Some(0 | 1) => refuse!("package-lock.json has the old lockfileVersion 1, which `npm ci` may not accept"),
        Some(_) => {}
    }
    change.does = "installs exactly what package-lock.json says".into();
    change.may_drop = vec!["**/node_modules/.package-lock.json".into()];
    Decision::Apply(change)
}

fn lock_version(facts: &Facts<'_>) -> Option<u64> {
    let names = ["package-lock.json", "npm-shrinkwrap.json"];
    let sent = facts.world.paths("**", false)?;
    let path = names.iter().find(|name| sent.iter().any(|path| path == **name))?;
    let bytes = facts.world.read(path, 4096)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let after = text.split_once("\"lockfileVersion\"")?.1;
    after.trim_start_matches([':', ' ']).chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}

fn find_word(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        before.is_some_and(char::is_whitespace) && after.is_none_or(char::is_whitespace)
    })
}
