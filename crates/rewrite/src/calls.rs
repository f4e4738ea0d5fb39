//! Commands of a compiler, with the stage and the RUN that they stand in.

use jettison_facts::{Facts, Role, RunFacts, Segment, StageFacts};

/// One command that builds the project.
pub(crate) struct Build<'a> {
    pub stage: &'a StageFacts,
    pub run: &'a RunFacts,
    pub segment: &'a Segment,
}

/// The commands of all stages in use that `is_build`, in order.
pub(crate) fn builds<'a>(facts: &'a Facts<'_>, is_build: impl Fn(&Segment) -> bool) -> Vec<Build<'a>> {
    let stages = facts.stages.iter().filter(|stage| stage.role != Role::Unused);
    let runs = stages.flat_map(|stage| stage.runs.iter().map(move |run| (stage, run)));
    let segments = runs.flat_map(|(stage, run)| run.segments.iter().flatten().map(move |one| (stage, run, one)));
    let found = segments.filter(|(_, _, segment)| is_build(segment));
    found.map(|(stage, run, segment)| Build { stage, run, segment }).collect()
}
