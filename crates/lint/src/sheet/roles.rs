//! What each stage is for. Nearly every false alarm of linters comes from treating all stages alike.

use jettison_dockerfile::stages::{Base, Stage, StageGraph};
use jettison_dockerfile::{Dockerfile, Keyword};

use crate::settings::{Role, Settings};

/// Words in names of stages that are made for tests, checks, documentation or development.
const TEST_WORDS: [&str; 14] = [
    "test",
    "tests",
    "testing",
    "unittest",
    "lint",
    "linter",
    "check",
    "checks",
    "ci",
    "dev",
    "development",
    "debug",
    "docs",
    "bench",
];

pub(super) fn of(dockerfile: &Dockerfile, graph: &StageGraph, settings: &Settings) -> Vec<Role> {
    let mut roles = vec![Role::Unused; graph.stages.len()];
    let finals = finals(dockerfile, graph, settings);
    for final_stage in &finals {
        for used in graph.reachable(*final_stage) {
            roles[used] = Role::Builder;
        }
    }
    for stage in &graph.stages {
        let is_leaf = !graph.stages.iter().any(|other| other.uses.contains(&stage.index));
        if roles[stage.index] == Role::Unused && is_leaf && is_test(stage) {
            // What a test stage needs is needed.
            for used in graph.reachable(stage.index) {
                if roles[used] == Role::Unused {
                    roles[used] = Role::Builder;
                }
            }
            roles[stage.index] = Role::Test;
        }
    }
    for final_stage in &finals {
        mark_lineage(graph, *final_stage, &mut roles);
    }
    finals.iter().for_each(|stage| roles[*stage] = Role::Final);
    pin(graph, settings, &mut roles);
    roles
}

/// The target; without one the last stage, and every other leaf that says what its image runs.
fn finals(dockerfile: &Dockerfile, graph: &StageGraph, settings: &Settings) -> Vec<usize> {
    let named = settings.target.iter().chain(&settings.targets);
    let mut finals: Vec<usize> = named.filter_map(|target| graph.target(Some(target))).collect();
    if finals.is_empty() {
        finals.extend(graph.target(None));
        let used = |index: usize| graph.stages.iter().any(|other| other.uses.contains(&index));
        let leaves = graph.stages.iter().filter(|stage| !used(stage.index) && !is_test(stage));
        finals.extend(leaves.filter(|stage| says_what_runs(dockerfile, stage)).map(|stage| stage.index));
    }
    finals.sort_unstable();
    finals.dedup();
    finals
}

fn says_what_runs(dockerfile: &Dockerfile, stage: &Stage) -> bool {
    let own = dockerfile.instructions().get(stage.instructions.clone()).unwrap_or_default();
    let telling = [Keyword::Cmd, Keyword::Entrypoint, Keyword::Expose, Keyword::User];
    own.iter().any(|instruction| telling.contains(&instruction.keyword))
}

fn is_test(stage: &Stage) -> bool {
    let words = stage.name.as_deref().unwrap_or_default().split(['-', '_', '.']);
    words.into_iter().any(|word| TEST_WORDS.contains(&word))
}

fn mark_lineage(graph: &StageGraph, stage: usize, roles: &mut [Role]) {
    let mut base = graph.stages.get(stage).map(|stage| &stage.base);
    while let Some(Base::Stage(below)) = base {
        if roles[*below] == Role::Lineage {
            break;
        }
        roles[*below] = Role::Lineage;
        base = graph.stages.get(*below).map(|stage| &stage.base);
    }
}

/// What the configuration says of stages, and names with `_`, which are builders by convention.
fn pin(graph: &StageGraph, settings: &Settings, roles: &mut [Role]) {
    for stage in &graph.stages {
        let Some(name) = &stage.name else { continue };
        let pinned = settings.stages.iter().find(|(pattern, _)| matches(pattern, name)).map(|(_, role)| *role);
        let private = name.starts_with('_') && roles[stage.index] == Role::Unused;
        if let Some(role) = pinned.or(private.then_some(Role::Builder)) {
            roles[stage.index] = role;
        }
    }
}

/// `*` stands for any text.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut last = None;
    for part in parts {
        if let Some(before) = last.replace(part) {
            let Some(at) = rest.find(before) else { return false };
            rest = &rest[at + str::len(before)..];
        }
    }
    last.map_or(rest.is_empty(), |last: &str| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, text, expected) in [
            ("dev-*", "dev-x", true),
            ("dev-*", "de", false),
            ("*", "", true),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "a1c", false),
            ("*.example.com", "x.example.com", true),
            ("a", "ab", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
