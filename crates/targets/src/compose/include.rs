//! `include`: other projects' files, each with a folder and an `.env` of its own; what the including file says lies over them.
//! <https://docs.docker.com/reference/compose-file/include/>

use super::merge;
use super::model::{Model, Project};
use crate::dotenv::add_dotenv;
use crate::error::{Cause, Error};
use crate::path;
use crate::yaml::{Data, Node};

/// Files that include one another at most.
const MAX_DEPTH: usize = 16;

/// Everything that is included, merged.
pub(super) fn load(project: &Project<'_, '_>, node: &Node, trail: &[String]) -> Result<Model, Error> {
    let Data::List(items) = &node.data else {
        return project.sources.wrong(node.at, format!("`include` is a list, not {}", node.kind()));
    };
    let mut all = Model::default();
    for item in items {
        let model = one(project, item, trail)?;
        merge::lay_over(project.sources, &mut all, model)?;
    }
    Ok(all)
}

fn one(outer: &Project<'_, '_>, item: &Node, trail: &[String]) -> Result<Model, Error> {
    let sources = outer.sources;
    let base = sources.base(item.at.file);
    let paths = match item.entries() {
        None => vec![path::join(&base, &outer.text(item, "include")?)],
        Some(_) => item.get("path").map(|node| paths(outer, node, "include.path")).transpose()?.unwrap_or_default(),
    };
    let Some(first) = paths.first() else {
        return sources.wrong(item.at, "`include` needs a `path`");
    };
    if let Some(start) = trail.iter().position(|one| one == first) {
        let names = trail.iter().skip(start).chain([first]).cloned().collect();
        return Err(sources.error(item.at, Cause::Cycle { kind: "include", names }));
    }
    if trail.len() >= MAX_DEPTH {
        return Err(sources.error(item.at, Cause::TooMuch("the chain of `include`")));
    }
    let folder = match item.get("project_directory") {
        Some(node) => path::join(&base, &outer.text(node, "include.project_directory")?),
        None => path::folder(first),
    };
    let project = Project::new(sources, &folder, environment(outer, item, &folder)?);
    let trail: Vec<String> = trail.iter().chain([first]).cloned().collect();
    let mut model = Model::default();
    for file in &paths {
        let text = sources.read(file, item.at)?;
        project.add(&mut model, sources.add(file, &folder), &text, &trail)?;
    }
    Ok(model)
}

/// The outer variables, then those of the files that are named, else of the folder's `.env`.
fn environment(outer: &Project<'_, '_>, item: &Node, folder: &str) -> Result<crate::Environment, Error> {
    let sources = outer.sources;
    let mut environment = outer.environment.clone();
    let named = item.get("env_file").map(|node| paths(outer, node, "include.env_file")).transpose()?;
    match named {
        Some(files) => {
            for file in files.iter().filter(|file| *file != "/dev/null") {
                add_dotenv(&mut environment, file, &sources.read(file, item.at)?)?;
            }
        }
        None => {
            let file = path::join(folder, ".env");
            if let Some(text) = sources.read_optional(&file)? {
                add_dotenv(&mut environment, &file, &text)?;
            }
        }
    }
    Ok(environment)
}

/// One path or a list of them, from the file's folder.
fn paths(project: &Project<'_, '_>, node: &Node, what: &str) -> Result<Vec<String>, Error> {
    let base = project.sources.base(node.at.file);
    match &node.data {
        Data::List(items) => items.iter().map(|item| Ok(path::join(&base, &project.text(item, what)?))).collect(),
        _ => Ok(vec![path::join(&base, &project.text(node, what)?)]),
    }
}
