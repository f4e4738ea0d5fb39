//! The content of one file of an image that was opened: its source is read again up to that file.

use std::io::Write;

use jettison_engine::{EngineKind, detect};
use jettison_image::Limits;
use jettison_transport::{CopyError, FileAt, OpenOptions, Source, copy_file, copy_file_of_stream};

use super::{Opened, Opener, failures, registries};
use crate::failure::Failure;

impl Opener<'_> {
    /// Writes the first `most` bytes of a file's content to `sink`.
    pub fn content(&self, opened: &Opened, at: FileAt<'_>, most: u64, sink: &mut dyn Write) -> Result<(), Failure> {
        let typed = &opened.typed;
        let source = Source::parse(typed).map_err(|error| failures::unnamed(typed, &error))?;
        let copied = match (&source, opened.source.parse::<EngineKind>()) {
            (Source::Stdin, _) => {
                let next = "write it to a file first: docker save -o image.tar NAME";
                return Err(Failure::new("an image on stdin can be read only once").next(next));
            }
            (Source::Docker(reference) | Source::Podman(reference) | Source::Named(reference), Ok(kind)) => {
                let mut stream = detect(Some(kind))?.save(&reference.to_string())?;
                copy_file_of_stream(&mut *stream, at, most, sink)
            }
            (Source::Registry(reference) | Source::Named(reference), _) => {
                registries::content(self, reference, at, most, sink)?
            }
            _ => {
                let limits = Limits::default();
                let options = OpenOptions {
                    platform: self.args.platform.as_ref(),
                    reference: self.args.reference.as_deref(),
                    limits: &limits,
                    ..OpenOptions::default()
                };
                copy_file(&source, &options, at, most, sink)
            }
        };
        copied.map_err(|error| match error {
            CopyError::Open(error) => failures::unopened(typed, error),
            error => Failure::new(error.to_string()),
        })
    }
}
