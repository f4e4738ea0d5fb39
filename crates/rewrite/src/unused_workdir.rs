//! A working folder that was copied for the build's sake: where the language's runtime does not run and nothing names the
//! folder, what runs does not need it.

use jettison_facts::{Facts, mentions};

use crate::lines::Lines;
use crate::{Change, Decision, moves, nothing, refuse};

/// Leaves the copied working folder out of the final stage.
pub fn unused_workdir(facts: &Facts<'_>) -> Decision {
    let Some(stage) = facts.final_stage() else { nothing!("there is no stage to build") };
    let family = stage.base.as_ref().and_then(|base| base.family.as_deref());
    let rows = &jettison_ecosystems::load().bases;
    if family.and_then(|id| rows.iter().find(|row| row.id == id)).is_none_or(|row| row.kind != "os") {
        nothing!("the final stage's base brings a language");
    }
    let Some(observed) = facts.world.observed() else {
        refuse!("what runs is seen when it runs, and nothing was built")
    };
    let workdir = moves::workdir(facts, &observed);
    let is_it = |destination: &str| workdir != "/" && destination.trim_end_matches('/') == workdir;
    let Some(copy) = stage.copies.iter().find(|copy| copy.from.is_some() && is_it(&copy.destination)) else {
        nothing!("no working folder is copied from another stage")
    };
    let entry = jettison_facts::entry_programs(facts, &observed.image);
    let mut programs = entry.paths.iter().chain(&observed.programs);
    if let Some(program) = programs.find(|path| moves::is_below(path, &workdir)) {
        nothing!("`{program}` runs in it");
    }
    let commands = [&stage.entry.entrypoint, &stage.entry.cmd, &stage.entry.healthcheck];
    let mut commands = commands.into_iter().flatten();
    if observed.programs.is_empty() || commands.clone().any(|command| command.argv.is_none()) {
        refuse!("what the image starts is not known");
    }
    let words = commands.by_ref().flat_map(|command| command.argv.iter().flatten());
    let below =
        |word: &String| observed.image.files.contains_key(&format!("{workdir}/{}", word.trim_start_matches("./")));
    if let Some(word) = words.filter(|word| !word.starts_with('/')).find(|word| below(word)) {
        nothing!("the command names `{word}` in it");
    }
    let named = mentions::mentioned(facts, &[&workdir]);
    if let Some(mention) = named.iter().find(|mention| !mention.path.contains("ockerfile")) {
        refuse!("{}:{} names `{workdir}`", mention.path, mention.line);
    }
    let instruction = &facts.dockerfile.instructions()[copy.instruction];
    Decision::Apply(Change {
        edits: vec![Lines::new(&facts.dockerfile).delete_with_comments(copy.instruction)],
        at: instruction.span.start as usize,
        does: format!("nothing that runs reads `{workdir}`"),
        may_drop: vec![workdir.trim_start_matches('/').to_owned()],
    })
}
