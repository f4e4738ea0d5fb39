//! From a path in the image back to the file of the context that it was copied from.

use crate::path::{base_name, below, join};
use crate::{CopyFacts, Facts};

impl Facts<'_> {
    /// The context's file that lies at the absolute `path` of the image, if one of the final chain's COPYs put it there; the last
    /// one counts. None for files of the base image, of RUNs and of other stages, and where a COPY is opaque about it.
    pub fn context_path(&self, path: &str) -> Option<String> {
        let paths = self.world.paths("**", false)?;
        let copies: Vec<&CopyFacts> = self.final_chain().into_iter().flat_map(|stage| &stage.copies).collect();
        copies
            .into_iter()
            .rev()
            .filter(|copy| copy.from.is_none() && !copy.opaque)
            .find_map(|copy| origin(copy, path, &paths))
    }
}

fn origin(copy: &CopyFacts, path: &str, paths: &[String]) -> Option<String> {
    let exists = |candidate: &String| paths.binary_search(candidate).is_ok();
    copy.sources.iter().rev().find_map(|source| {
        let as_file = match copy.destination.ends_with('/') {
            true => join(&copy.destination, base_name(source)),
            false => copy.destination.clone(),
        };
        if as_file == path && exists(source) {
            return Some(source.clone());
        }
        let rest = below(path, &copy.destination).filter(|rest| !rest.is_empty())?;
        Some(if source == "." { rest.to_owned() } else { format!("{source}/{rest}") }).filter(exists)
    })
}
