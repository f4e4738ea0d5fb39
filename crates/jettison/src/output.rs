//! Results: to stdout or to files, in the forms that were asked for.

use std::io::Write;
use std::path::Path;

use crate::cli::{Format, FormatTo};
use crate::failure::Failure;

/// Writes a result in every form that was asked for, text or JSON; text on stdout if none was.
pub fn write(formats: &[FormatTo], text: &dyn Fn(bool) -> String, json: &dyn Fn() -> String) -> Result<(), Failure> {
    write_each(formats, &|format, on_stdout| if format == Format::Json { json() } else { text(on_stdout) })
}

/// As [`write`], with a document of any form: `render` is told the form and whether it goes to stdout.
pub fn write_each(formats: &[FormatTo], render: &dyn Fn(Format, bool) -> String) -> Result<(), Failure> {
    let default = [FormatTo { format: Format::Text, file: None }];
    for to in if formats.is_empty() { &default } else { formats } {
        let document = render(to.format, to.file.is_none());
        match &to.file {
            Some(path) => {
                std::fs::write(path, document).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?
            }
            None => stdout(&document)?,
        }
    }
    Ok(())
}

/// Two documents on stdout would be none.
pub fn one_on_stdout(formats: &[FormatTo]) -> Result<(), Failure> {
    if formats.iter().filter(|to| to.file.is_none()).count() < 2 {
        return Ok(());
    }
    Err(Failure::new("only one format can go to stdout").next("give the others a file: --format json:FILE"))
}

/// Writes to stdout; a reader that went away (`| head`) is no error.
pub fn stdout(text: &str) -> Result<(), Failure> {
    bytes(text.as_bytes())
}

/// As [`stdout`], for what need not be text.
pub fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::new(format!("stdout: {error}"))),
        _ => Ok(()),
    }
}

/// A path as people read it.
pub fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    match text.strip_prefix("./").filter(|rest| !rest.is_empty() && !rest.starts_with('-')) {
        Some(rest) => rest.to_owned(),
        None if text.is_empty() => ".".to_owned(),
        None => text.into_owned(),
    }
}

/// `1,204`
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let comma = |at: usize| at > 0 && (digits.len() - at).is_multiple_of(3);
    digits.char_indices().flat_map(|(at, digit)| comma(at).then_some(',').into_iter().chain([digit])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_as_one_would_type_them() {
        let typed = ["", ".", "./", "./Dockerfile", "./-f", "../app"].map(|path| shown(Path::new(path)));
        assert_eq!(typed, [".", ".", "./", "Dockerfile", "./-f", "../app"]);
    }

    #[test]
    fn large_counts_are_grouped() {
        assert_eq!([0, 999, 1_204, 1_000_000].map(grouped), ["0", "999", "1,204", "1,000,000"]);
    }
}
