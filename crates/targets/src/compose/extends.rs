//! `extends`: a service begins as another one of the same file or of a further one, whose own relative paths start at its folder.
//! <https://docs.docker.com/reference/compose-file/services/#extends>

use super::merge;
use super::model::{Model, Project, Service, Services};
use crate::error::{Cause, Error, nearest};
use crate::path;
use crate::sources::At;
use crate::yaml::{self, Data, Mode, Node};

/// Services that extend one another at most.
const MAX_DEPTH: usize = 48;

/// Resolves all of a file.
pub(super) fn apply(project: &Project<'_, '_>, services: &mut Services) -> Result<(), Error> {
    let names: Vec<String> = services.keys().cloned().collect();
    for name in names {
        let mut walk = Walk { project, trail: Vec::new() };
        let Some(at) = services.get(&name).map(|service| service.at) else { continue };
        let resolved = walk.resolve(&mut Scope::Own(services), &name, at)?;
        services.insert(name, resolved);
    }
    Ok(())
}

/// Where names of services are looked up.
enum Scope<'m> {
    Own(&'m mut Services),
    /// A further file, by its path.
    File(String),
}

struct Walk<'p, 'a, 's> {
    project: &'p Project<'a, 's>,
    trail: Vec<(String, String)>,
}

impl Walk<'_, '_, '_> {
    fn resolve(&mut self, scope: &mut Scope<'_>, name: &str, from: At) -> Result<Service, Error> {
        let sources = self.project.sources;
        let service = self.find(scope, name, from)?;
        let Some(extends) = service.node.get("extends").cloned() else { return Ok(service) };
        let step = (scope.name(), name.to_owned());
        self.check(&step, from)?;
        self.trail.push(step);
        let (base_name, file) = self.reference(&extends)?;
        let base = match file {
            Some(file) => self.resolve(&mut Scope::File(file), &base_name, extends.at)?,
            None => self.resolve(scope, &base_name, extends.at)?,
        };
        self.trail.pop();
        sources.charge(extends.at, base.node.weight())?;
        let mut own = service.node;
        if let Data::Map(entries) = &mut own.data {
            entries.retain(|entry| entry.key != "extends");
        }
        let mode = own.mode;
        let merged = merge::services(sources, base.node, Node { mode: Mode::Merge, ..own })?;
        let resolved = Service { node: Node { mode, ..merged }, ..service };
        scope.put(self.project, name, &resolved);
        Ok(resolved)
    }

    fn check(&self, step: &(String, String), at: At) -> Result<(), Error> {
        let sources = self.project.sources;
        if let Some(start) = self.trail.iter().position(|one| one == step) {
            let circle = self.trail.iter().skip(start).chain([step]);
            let names = circle.map(|(_, name)| name.clone()).collect();
            return Err(sources.error(at, Cause::Cycle { kind: "extends", names }));
        }
        if self.trail.len() >= MAX_DEPTH {
            return Err(sources.error(at, Cause::TooMuch("the chain of `extends`")));
        }
        Ok(())
    }

    /// The service's name, and the file it stands in, if that is another one.
    fn reference(&self, extends: &Node) -> Result<(String, Option<String>), Error> {
        let sources = self.project.sources;
        if extends.entries().is_none() {
            return Ok((self.project.text(extends, "extends")?, None));
        }
        let Some(service) = extends.get("service") else {
            return sources.wrong(extends.at, "`extends` needs the name of a `service`");
        };
        let name = self.project.text(service, "extends.service")?;
        let Some(file) = extends.get("file") else { return Ok((name, None)) };
        let file = path::join(&sources.base(file.at.file), &self.project.text(file, "extends.file")?);
        self.read(&file, extends.at)?;
        Ok((name, Some(file)))
    }

    fn read(&self, file: &str, at: At) -> Result<(), Error> {
        let project = self.project;
        if project.extended.borrow().contains_key(file) {
            return Ok(());
        }
        let text = project.sources.read(file, at)?;
        let number = project.sources.add(file, &path::folder(file));
        let mut model = Model::default();
        for document in yaml::parse(project.sources, number, &text)? {
            if !document.is_null() {
                merge::lay_over(project.sources, &mut model, project.document(&document)?)?;
            }
        }
        project.extended.borrow_mut().insert(file.to_owned(), model.services);
        Ok(())
    }

    fn find(&self, scope: &Scope<'_>, name: &str, from: At) -> Result<Service, Error> {
        let extended = self.project.extended.borrow();
        let services: Option<&Services> = match scope {
            Scope::Own(services) => Some(services),
            Scope::File(file) => extended.get(file),
        };
        let found = services.and_then(|services| services.get(name)).cloned();
        found.ok_or_else(|| {
            let near = nearest(name, services.into_iter().flatten().map(|(name, _)| name.as_str()));
            self.project.sources.error(from, Cause::Unknown { kind: "service", name: name.to_owned(), near })
        })
    }
}

impl Scope<'_> {
    fn name(&self) -> String {
        match self {
            Self::Own(_) => String::new(),
            Self::File(file) => file.clone(),
        }
    }

    /// Keeps what was resolved.
    fn put(&mut self, project: &Project<'_, '_>, name: &str, service: &Service) {
        match self {
            Self::Own(services) => {
                services.insert(name.to_owned(), service.clone());
            }
            Self::File(file) => {
                if let Some(services) = project.extended.borrow_mut().get_mut(file.as_str()) {
                    services.insert(name.to_owned(), service.clone());
                }
            }
        }
    }
}
