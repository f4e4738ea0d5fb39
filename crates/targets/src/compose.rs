//! Compose files: services with a `build` section, as Docker Compose 2 reads them. Only what builds need is looked at: services'
//! `build`, `image`, `platform`, `profiles`, `extends`; top-level `include` and `secrets`. Variables elsewhere need no value.
//! <https://docs.docker.com/reference/compose-file/build/>

mod build;
mod extends;
mod fields;
mod include;
mod merge;
mod model;

use crate::error::Error;
use crate::invocation::Invocation;
use crate::sources::Sources;
use crate::{Environment, File, dotenv, path};
use model::{Model, Project};

/// The builds of the files, the later ones laid over the first. Relative paths start at `folder`, else at the first file's.
pub(crate) fn load(
    sources: &Sources<'_>,
    files: &[&File],
    environment: &Environment,
    folder: Option<&str>,
) -> Result<Vec<Invocation>, Error> {
    let own = || files.first().map(|file| path::folder(&file.name)).unwrap_or_default();
    let folder = folder.map_or_else(own, str::to_owned);
    let environment = with_dotenv(sources, environment, &folder)?;
    let project = Project::new(sources, &folder, environment);
    let mut model = Model::default();
    for file in files {
        let number = sources.add(&file.name, &folder);
        project.add(&mut model, number, &file.text, &[path::clean(&file.name)])?;
    }
    let active = project.profiles();
    let services = model.services.iter();
    let built = services.map(|(name, service)| build::invocation(&project, &model, name, service, &active));
    Ok(built.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// What the environment sets, then `.env` of the working folder, then that of the project.
fn with_dotenv(sources: &Sources<'_>, environment: &Environment, folder: &str) -> Result<Environment, Error> {
    let mut all = environment.clone();
    let mut folders = vec![".", folder];
    folders.dedup();
    for folder in folders {
        let name = path::join(folder, ".env");
        if let Some(text) = sources.read_optional(&name)? {
            dotenv::add_dotenv(&mut all, &name, &text)?;
        }
    }
    Ok(all)
}
