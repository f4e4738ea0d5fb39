//! The Dockerfile that an image may have been built from: the one that was given, or `./Dockerfile` if the history fits it.

use std::path::{Path, PathBuf};

use jettison_dockerfile::Dockerfile;
use jettison_facts::Options;
use jettison_facts::provenance::{Provenance, Recipe, provenance};
use jettison_image::Image;
use jettison_report::image::DockerfileMatch;

use crate::failure::Failure;
use crate::input::reason;
use crate::output::shown;

/// A Dockerfile and what it has to do with the image.
pub struct Matched {
    /// The file, if there is one that counts.
    pub dockerfile: Option<Dockerfile>,
    /// Its options: the image's architecture.
    pub options: Options,
    /// As it is named in documents.
    pub name: Option<String>,
    /// It was found, not given.
    pub found: bool,
    /// Lines of layers and history entries.
    pub provenance: Provenance,
}

/// Matches the image with the Dockerfile that was `given`, else with the one that lies where one looks first.
pub fn matched(image: &Image, given: Option<&Path>) -> Result<Matched, Failure> {
    let options = Options { arch: image.config.architecture.clone(), ..Options::default() };
    let path = given.map_or_else(|| PathBuf::from("Dockerfile"), Path::to_owned);
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(error) if given.is_some() => {
            return Err(Failure::new(format!("{}: {}", shown(&path), reason(&error))));
        }
        Err(_) => return Ok(without(image, options)),
    };
    let dockerfile = jettison_dockerfile::parse(text);
    let recipe = Recipe { dockerfile: &dockerfile, options: &options, base: None };
    let provenance = provenance(&image.config, image.layers.len(), Some(&recipe));
    if given.is_none() && !provenance.fits {
        return Ok(without(image, options));
    }
    let name = Some(shown(&path));
    Ok(Matched { dockerfile: Some(dockerfile), options, name, found: given.is_none(), provenance })
}

fn without(image: &Image, options: Options) -> Matched {
    let provenance = provenance(&image.config, image.layers.len(), None);
    Matched { dockerfile: None, options, name: None, found: false, provenance }
}

impl Matched {
    /// For those who ask more of the Dockerfile.
    pub fn recipe(&self) -> Option<Recipe<'_>> {
        let dockerfile = self.dockerfile.as_ref()?;
        Some(Recipe { dockerfile, options: &self.options, base: None })
    }

    /// Line of a layer's instruction.
    pub fn line(&self, layer: usize) -> Option<u32> {
        Some(self.provenance.layers.get(layer)?.line()?.line)
    }

    /// For documents.
    pub fn document(&self) -> Option<DockerfileMatch> {
        use jettison_facts::provenance::Place;
        let own = || self.provenance.layers.iter().filter(|origin| origin.place != Place::Base);
        Some(DockerfileMatch {
            path: self.name.clone()?,
            found: self.found,
            stage: None,
            matched_layers: own().filter(|origin| origin.line().is_some()).count(),
            own_layers: own().count(),
        })
    }
}
