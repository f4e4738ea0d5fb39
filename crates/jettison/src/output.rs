//! Results: to stdout or to files, in the forms that were asked for.

use std::io::Write;
use std::path::Path;

use crate::cli::{Format, FormatTo};
use crate::failure::Failure;

/// Writes a result in every form that was asked for; text on stdout if none was.
pub fn write(formats: &[FormatTo], text: &dyn Fn(bool) -> String, json: &dyn Fn() -> String) -> Result<(), Failure> {
    let default = [FormatTo { format: Format::Text, file: None }];
    for to in if formats.is_empty() { &default } else { formats } {
        let document = match to.format {
            Format::Text => text(to.file.is_none()),
            Format::Json => json(),
        };
        match &to.file {
            Some(path) => {
                std::fs::write(path, document).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?
            }
            None => stdout(&document)?,
        }
    }
    Ok(())
}

/// Writes to stdout; a reader that went away (`| head`) is no error.
pub fn stdout(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::new(format!("stdout: {error}"))),
        _ => Ok(()),
    }
}

/// A path as people read it.
pub fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if text.is_empty() { ".".to_owned() } else { text.into_owned() }
}
