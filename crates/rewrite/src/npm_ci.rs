//! `npm install` → `npm ci`: exactly what the lock file says.

use jettison_dockerfile::ignore::pattern_matches;
use jettison_facts::{CopyFacts, Facts, NpmKind, RunFacts, Segment, SegmentKind, StageFacts};
use jettison_model::Edit;

use crate::lines::find_word;
use crate::{Change, Decision, nothing, refuse};

/// `npm ci` for every `npm install` of the project's own manifest, where a lock file is sent.
pub fn npm_ci(facts: &Facts<'_>) -> Decision {
    let mut change = Change::default();
    let mut installs = false;
    for stage in facts.stages.iter().filter(|stage| stage.role != jettison_facts::Role::Unused) {
        for (run, segment) in stage.runs.iter().flat_map(|run| run.segments.iter().flatten().map(move |one| (run, one)))
        {
            let SegmentKind::NpmInstall(install) = &segment.kind else { continue };
            if install.kind != NpmKind::NpmInstall
                || install.named
                || install.opaque
                || means_another_folder(run, segment)
            {
                continue;
            }
            installs = true;
            let Some(lock) = lock_beside(facts, stage, run) else { continue };
            match lock_version(facts, &lock) {
                Some(2..) => {}
                Some(_) => refuse!("{lock} has the old lockfileVersion 1, which `npm ci` may not accept"),
                None => refuse!("{lock} does not say its lockfileVersion"),
            }
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
    if change.edits.is_empty() {
        nothing!("no lock file of npm is copied beside package.json, so there is nothing to follow exactly");
    }
    change.does = "installs exactly what package-lock.json says".into();
    change.may_drop = vec!["**/node_modules/.package-lock.json".into()];
    Decision::Apply(change)
}

/// Options under which it is not the working folder's lock file that counts, or none is read; and commands after a `cd`.
fn means_another_folder(run: &RunFacts, segment: &Segment) -> bool {
    let options = ["--prefix", "-C", "-w", "--workspace", "--workspaces", "--no-package-lock", "--package-lock"];
    let is_one = |word: &String| options.iter().any(|option| word == option || word.starts_with(&format!("{option}=")));
    let moves = |segment: &Segment| matches!(&segment.kind, SegmentKind::ShellState(name) if ["cd", "pushd"].contains(&name.as_str()));
    segment.words.iter().flatten().any(is_one) || run.segments.iter().flatten().any(moves)
}

/// The lock file of the context that some COPY before `run` puts into the folder that it works in.
pub(crate) fn lock_beside(facts: &Facts<'_>, stage: &StageFacts, run: &RunFacts) -> Option<String> {
    let sent = facts.world.paths("**", false)?;
    let workdir = run.workdir.as_deref()?.trim_end_matches('/');
    let same =
        |copy: &&CopyFacts| copy.from.is_none() && !copy.opaque && copy.destination.trim_end_matches('/') == workdir;
    let own = stage.copies.iter().filter(|copy| copy.instruction < run.instruction).filter(same);
    let sources: Vec<&String> = own.flat_map(|copy| &copy.sources).collect();
    let is_taken = |path: &String| {
        let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
        sources.iter().any(|source| source.as_str() == folder || *source == path || pattern_matches(source, path))
    };
    let names = ["npm-shrinkwrap.json", "package-lock.json"];
    let locks = names.iter().flat_map(|name| sent.iter().filter(move |path| path.rsplit('/').next() == Some(*name)));
    let mut locks = locks.filter(|path| is_taken(path));
    locks.next().cloned()
}

fn lock_version(facts: &Facts<'_>, path: &str) -> Option<u64> {
    let bytes = facts.world.read(path, 4096)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let after = text.split_once("\"lockfileVersion\"")?.1;
    after.trim_start_matches([':', ' ']).chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}
