//! `npm start` → the command that it starts: signals reach the program, and neither npm nor a shell is needed for it.

use jettison_dockerfile::shell;
use jettison_facts::{Command, Facts, package_script};
use jettison_model::{Edit, Span};

use crate::exec_form::json_array;
use crate::{Change, Decision, nothing, refuse};

/// The final stage's CMD without npm, where package.json's script is one plain `node` command.
pub fn start_script(facts: &Facts<'_>) -> Decision {
    let Some(stage) = facts.final_stage() else { nothing!("there is no stage to build") };
    let Some(cmd) = &stage.entry.cmd else { nothing!("the image has no CMD of its own") };
    let Some(script) = cmd.argv.as_deref().and_then(script_name) else {
        nothing!("CMD does not start a script of package.json")
    };
    if stage.entry.entrypoint.is_some() {
        refuse!("an ENTRYPOINT stands before CMD");
    }
    let Some(observed) = facts.world.observed() else {
        refuse!("whether the program runs without npm is seen when it runs, and nothing was built")
    };
    let workdir = stage.workdir.clone().unwrap_or_else(|| observed.image.config.workdir.clone());
    let texts = match package_script(facts, &observed.image, &workdir, script) {
        Some(texts) => texts,
        None => refuse!("package.json in `{workdir}` is not known, or has no script `{script}`"),
    };
    let [text] = &texts[..] else { refuse!("`{script}` has scripts before or after it") };
    let Some(words) = plain_words(text) else { refuse!("`{script}` needs a shell: {text}") };
    if words.first().map(String::as_str) != Some("node") {
        refuse!("`{script}` starts a tool of node_modules: {text}");
    }
    let instruction = &facts.dockerfile.instructions()[cmd.instruction];
    Decision::Apply(Change {
        edits: vec![replacement(facts, cmd, &words)],
        at: instruction.span.start as usize,
        does: format!("what `{}` starts, without npm in between", cmd.text.trim()),
        may_drop: Vec::new(),
    })
}

/// `npm start`, `npm run x`, `yarn start`, `yarn run x`, `pnpm start`: the script.
fn script_name(argv: &[String]) -> Option<&str> {
    let words: Vec<&str> = argv.iter().map(String::as_str).collect();
    match words[..] {
        ["npm" | "yarn" | "pnpm", "start"] => Some("start"),
        ["npm" | "yarn" | "pnpm", "run", script] => Some(script),
        _ => None,
    }
}

/// The words of one simple command without assignments, expansions and redirections.
fn plain_words(text: &str) -> Option<Vec<String>> {
    let parsed = shell::parse(text, &|_| Span::default());
    let script = parsed.script()?;
    let [command] = &script.simple_commands()[..] else { return None };
    let plain = script.is_flat() && command.assignments.is_empty() && command.redirects.is_empty();
    plain.then(|| command.words.iter().map(|word| word.literal.clone()).collect::<Option<_>>())?
}

/// In the form that CMD has: exec, or shell where every word is plain there.
fn replacement(facts: &Facts<'_>, cmd: &Command, words: &[String]) -> Edit {
    let instruction = &facts.dockerfile.instructions()[cmd.instruction];
    let span = Span { start: instruction.body.span.start, end: instruction.span.end };
    let plain = |word: &String| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./:,@%+=".contains(&byte));
    if cmd.shell && words.iter().all(plain) {
        return Edit::replace(span, words.join(" "));
    }
    Edit::replace(span, json_array(words))
}
