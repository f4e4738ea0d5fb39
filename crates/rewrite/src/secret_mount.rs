//! Secrets that a build is given as ARG → secret mounts of the RUNs that use them. An ARG's value stands in the image's history for
//! everybody to read; a mount is there while its RUN runs. Not for secrets in ENV or with a default: those are out already.
//! <https://docs.docker.com/build/building/secrets/>

use std::collections::BTreeMap;

use jettison_dockerfile::Keyword;
use jettison_dockerfile::expand::Env;
use jettison_facts::{Facts, Role, RunFacts, StageFacts, mentions};
use jettison_model::Edit;

use crate::cache::runs_as_root;
use crate::lines::Lines;
use crate::{Change, Decision, nothing, refuse};

/// Words of a variable's name that say that its value is a secret.
const SECRET: &[&str] = &["credential", "credentials", "passphrase", "passwd", "password", "secret", "token"];
/// Ends of such names.
const SECRET_ENDS: &[&str] = &["access_key", "api_key", "auth_key", "deploy_key", "private_key", "secret_key"];
/// Words that say that it is something about a secret.
const HARMLESS: &[&str] = &["file", "id", "length", "name", "path", "public", "ttl", "type", "url", "version"];
/// Commands that keep what they are given: in a file, a repository's settings, a login.
const KEEPERS: &[&str] = &["config", "echo", "login", "printf", "remote", "sed", "tee", "clone", "envsubst"];

/// Secrets that became mounts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mounted {
    /// The edits.
    pub change: Change,
    /// The ids of the mounts, which are the names of the arguments.
    pub names: Vec<String>,
}

/// Whether a variable's name says that its value is a secret.
pub fn is_secret_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let mut words = lower.split(['_', '-', '.']).filter(|word| !word.is_empty());
    let harmless = lower.split(['_', '-', '.']).any(|word| HARMLESS.contains(&word));
    !harmless && (words.any(|word| SECRET.contains(&word)) || SECRET_ENDS.iter().any(|end| lower.ends_with(end)))
}

/// A declaration of a secret that the build was given.
struct Declared<'a> {
    stage: &'a StageFacts,
    instruction: usize,
    name: String,
}

/// Mounts for every ARG whose name says secret, in the stages that the target needs, of a build that is `given` these arguments.
pub fn secret_mounts(facts: &Facts<'_>, given: &Env) -> Decision<Mounted> {
    let declared = match declared(facts, given) {
        Ok(declared) => declared,
        Err(reason) => return Decision::Refuse(reason),
    };
    let Some(first) = declared.first() else { nothing!("no ARG names a secret") };
    let lines = Lines::new(&facts.dockerfile);
    let mut by_run: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut mounted = Mounted::default();
    mounted.change.at = facts.dockerfile.instructions()[first.instruction].span.start as usize;
    for secret in &declared {
        match users(facts, secret) {
            Ok(runs) => {
                runs.iter().for_each(|run| by_run.entry(run.instruction).or_default().push(secret.name.clone()))
            }
            Err(reason) => refuse!("`{}`: {reason}", secret.name),
        }
        mounted.change.edits.push(lines.remove(secret.instruction));
        if !mounted.names.contains(&secret.name) {
            mounted.names.push(secret.name.clone());
        }
    }
    let runs = facts.stages.iter().flat_map(|stage| &stage.runs);
    for (run, names) in runs.filter_map(|run| by_run.get(&run.instruction).map(|names| (run, names))) {
        mounted.change.edits.extend(mount(facts, run, names));
    }
    let given: Vec<String> = mounted.names.iter().map(|name| format!("--secret id={name},env={name}")).collect();
    mounted.change.does = format!("not in the image's history; build with `{}`, no build argument", given.join(" "));
    Decision::Apply(mounted)
}

/// The ARGs, or why one of them is none for a mount.
fn declared<'a>(facts: &'a Facts<'_>, given: &Env) -> Result<Vec<Declared<'a>>, String> {
    let mut found = Vec::new();
    let instructions = facts.dockerfile.instructions();
    for stage in facts.stages.iter().filter(|stage| stage.role != Role::Unused) {
        for at in facts.graph.stages[stage.index].instructions.clone() {
            let Some(instruction) = instructions.get(at).filter(|one| one.keyword == Keyword::Arg) else { continue };
            let pairs = instruction.pairs();
            let Some(secret) = pairs.iter().find(|pair| is_secret_name(&pair.key)) else { continue };
            let name = secret.key.to_string();
            if secret.value.is_some() {
                return Err(format!("`{name}` has a value in the file itself, which everybody has who has the file"));
            }
            if pairs.len() > 1 {
                return Err(format!("`{name}` is declared together with other arguments"));
            }
            found.push(Declared { stage, instruction: at, name });
        }
    }
    for secret in &found {
        if !given.contains_key(&secret.name) {
            return Err(format!(
                "this build is not given `{0}` (--build-arg {0}), so nothing shows that a mount will do",
                secret.name
            ));
        }
        if facts.dockerfile.instructions().iter().any(|one| one.keyword == Keyword::Shell) {
            return Err("the file sets SHELL, in which a mount would have to be read differently".to_owned());
        }
    }
    Ok(found)
}

/// The RUNs that use a secret; an error where something else does, or may.
fn users<'a>(facts: &'a Facts<'_>, secret: &Declared<'a>) -> Result<Vec<&'a RunFacts>, String> {
    let instructions = facts.dockerfile.instructions();
    let own = facts.graph.stages[secret.stage.index].instructions.clone();
    for (at, instruction) in instructions.iter().enumerate() {
        let bodies =
            instruction.heredocs.iter().filter_map(|heredoc| facts.dockerfile.source().get(heredoc.body.range()));
        let named = names(&instruction.body.text, &secret.name)
            || instruction
                .flags
                .iter()
                .any(|flag| flag.value.as_deref().is_some_and(|value| names(value, &secret.name)))
            || bodies.into_iter().any(|body| names(&String::from_utf8_lossy(body), &secret.name));
        match instruction.keyword {
            _ if !named => {}
            Keyword::Arg if at == secret.instruction || !own.contains(&at) => {}
            Keyword::Run if own.contains(&at) && at > secret.instruction => {}
            _ if own.contains(&at) => return Err(format!("line {} names it too, and is no RUN", instruction.line)),
            _ if redeclared(facts, at, &secret.name) => {}
            _ => return Err(format!("line {} of another stage names it", instruction.line)),
        }
    }
    if let Some(mention) = mentions::mentioned(facts, &[&secret.name]).first() {
        return Err(format!("{}:{} names it, so that any command may read it", mention.path, mention.line));
    }
    let named = |run: &&RunFacts| names(&instructions[run.instruction].body.text, &secret.name);
    let runs: Vec<&RunFacts> = secret.stage.runs.iter().filter(named).collect();
    if runs.is_empty() {
        return Err("no RUN names it, so it is not known which of them reads it".to_owned());
    }
    runs.iter().try_for_each(|run| mountable(facts, run, &secret.name))?;
    Ok(runs)
}

/// Whether the stage of instruction `at` declares the argument itself.
fn redeclared(facts: &Facts<'_>, at: usize, name: &str) -> bool {
    let stage = facts.graph.stages.iter().find(|stage| stage.instructions.contains(&at));
    let mut own = stage.into_iter().flat_map(|stage| stage.instructions.clone());
    own.any(|index| {
        let instruction = facts.dockerfile.instructions().get(index);
        let declares = instruction.filter(|one| one.keyword == Keyword::Arg);
        declares.is_some_and(|one| one.pairs().iter().any(|pair| &*pair.key == name))
    })
}

/// Why a RUN cannot have its secret mounted.
fn mountable(facts: &Facts<'_>, run: &RunFacts, name: &str) -> Result<(), String> {
    let line = facts.dockerfile.instructions()[run.instruction].line;
    let Some(segments) = run.segments.as_ref().filter(|segments| !segments.is_empty()) else {
        return Err(format!("the RUN at line {line} is too involved to edit"));
    };
    if run.user.as_deref().is_some_and(|user| !runs_as_root(user)) {
        return Err(format!("the RUN at line {line} is another user's, who could not read the mount"));
    }
    for segment in segments.iter().filter(|segment| names(&segment.text, name)) {
        let keeper = segment.words.iter().flatten().find(|word| KEEPERS.contains(&word.as_str()));
        if let Some(keeper) = keeper {
            return Err(format!("`{keeper}` at line {line} may keep it in a file of the image all the same"));
        }
        if segment.text.contains('>') {
            return Err(format!("the RUN at line {line} writes it into a file of the image"));
        }
    }
    Ok(())
}

/// The flags, and the variables set from the mounted files before the first command.
fn mount(facts: &Facts<'_>, run: &RunFacts, names: &[String]) -> Vec<Edit> {
    let instruction = &facts.dockerfile.instructions()[run.instruction];
    let Some(first) = run.segments.as_ref().and_then(|segments| segments.first()) else { return Vec::new() };
    let flags: String = names.iter().map(|name| format!("--mount=type=secret,id={name},required=true ")).collect();
    let set: String = names.iter().map(|name| format!("export {name}=\"$(cat /run/secrets/{name})\" && ")).collect();
    let start = Lines::new(&facts.dockerfile).flag_place(instruction);
    if start == first.span.start as usize {
        return vec![Edit::insert(start, format!("{flags}{set}"))];
    }
    vec![Edit::insert(start, flags), Edit::insert(first.span.start as usize, set)]
}

/// Whether a text has the name as a word of its own.
fn names(text: &str, name: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_told_from_names_about_them() {
        for name in ["NPM_TOKEN", "db_password", "AWS_SECRET_ACCESS_KEY", "STRIPE_API_KEY"] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["TOKEN_FILE", "SECRET_NAME", "KEY", "VERSION", "TOKENIZER", "PASSWORD_PATH"] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
