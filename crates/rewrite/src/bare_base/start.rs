//! What a final stage starts, and whether that works without a shell.

use std::collections::BTreeSet;

use jettison_facts::{Command, Facts, Observations, StageFacts, mentions};
use jettison_image::ImageSummary;

use crate::base_swap::passes_on;

/// Words of sources that start a shell.
const SHELL_WORDS: &[&str] = &["os.system", "shell=True", "execSync", "/bin/sh", "/bin/bash"];
pub(super) const SHELLS: &[&str] = &["sh", "bash", "dash", "ash", "zsh", "ksh"];

/// What starts.
#[derive(Clone, Debug, Default)]
pub(super) struct Start {
    /// Absolute paths of all programs that are started, as they are named; links not followed.
    pub programs: BTreeSet<String>,
    /// Folders of those that are started by name alone.
    pub folders: BTreeSet<String>,
    /// An ENTRYPOINT of the old base that only passes its words on is left out.
    pub drops_entrypoint: bool,
}

/// The programs of ENTRYPOINT, CMD and HEALTHCHECK and those that ran; an error says why a shell stays.
pub(super) fn started(
    facts: &Facts<'_>,
    stage: &StageFacts,
    observed: &Observations,
    base: &ImageSummary,
    image: &ImageSummary,
) -> Result<Start, String> {
    let entry = &stage.entry;
    if let Some(command) =
        [&entry.entrypoint, &entry.cmd, &entry.healthcheck].into_iter().flatten().find(|command| command.shell)
    {
        return Err(format!("`{}` needs a shell", command.text));
    }
    let mut start = Start::default();
    let mut words = Vec::new();
    match &entry.entrypoint {
        Some(entrypoint) => words.extend(argv(entrypoint)),
        None => match base.config.entrypoint.as_deref().filter(|words| !words.is_empty()) {
            Some(_) if passes_on(stage, image) => start.drops_entrypoint = true,
            Some(inherited) => return Err(format!("the base's entrypoint `{}` needs a shell", inherited.join(" "))),
            None => {}
        },
    }
    match &entry.cmd {
        Some(cmd) => words.extend(argv(cmd)),
        None if words.is_empty() => return Err("what the image runs is the base's choice".to_owned()),
        None => {}
    }
    for words in [words, entry.healthcheck.as_ref().map(argv).unwrap_or_default()] {
        let Some(program) = words.first() else { continue };
        let path = named(image, program).ok_or_else(|| format!("`{program}` was not found"))?;
        if !program.contains('/') {
            start.folders.insert(super::links::folder(&path).to_owned());
        }
        start.programs.insert(path);
    }
    if let Some(mention) = mentions::mentioned(facts, SHELL_WORDS).into_iter().find(|mention| is_code(&mention.path)) {
        return Err(format!("{}:{} starts a shell ({})", mention.path, mention.line, mention.word));
    }
    // the shell of a shell-form CMD and a package manager that starts the program ran as well: they are not what runs now
    let others = observed.programs.iter().filter(|path| {
        let name = super::links::name(path);
        !SHELLS.contains(&name) && image.resolve(path).is_some()
    });
    start.programs.extend(others.cloned());
    start.programs.extend(crate::runtime::called_tools(facts).iter().filter_map(|name| image.which(name)));
    Ok(start)
}

fn argv(command: &Command) -> Vec<String> {
    command.argv.clone().unwrap_or_default()
}

/// Shell scripts that nobody calls, and what builds the image, start no shell at run time.
fn is_code(path: &str) -> bool {
    !path.ends_with(".sh") && !path.contains("ockerfile") && !path.ends_with("akefile")
}

/// A program by name or path: its absolute path as the loader of programs finds it, links not followed.
fn named(image: &ImageSummary, program: &str) -> Option<String> {
    let resolved = image.which(program)?;
    if program.contains('/') {
        let absolute =
            if program.starts_with('/') { program.to_owned() } else { format!("{}/{program}", image.config.workdir) };
        return Some(image.resolve_parent(&absolute)?.0);
    }
    let path = image.config.var("PATH").unwrap_or("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    let mut places = path.split(':').map(|folder| format!("{folder}/{program}"));
    let place = places.find(|place| image.resolve(place).is_some_and(|(path, _)| path == resolved))?;
    Some(image.resolve_parent(&place)?.0)
}
