//! `--format F[:FILE]`: an output form and where to put it.

use std::path::PathBuf;
use std::str::FromStr;

/// An output form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For scripts.
    Json,
    /// For pull requests and job summaries.
    Markdown,
    /// One page for a browser.
    Html,
}

/// A form and where to put it; none = stdout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatTo {
    /// Which.
    pub format: Format,
    /// Where.
    pub file: Option<PathBuf>,
}

impl FromStr for FormatTo {
    type Err = String;

    /// text or json; what every command has.
    fn from_str(text: &str) -> Result<Self, String> {
        parse(text, &[("text", Format::Text), ("json", Format::Json)])
    }
}

impl FormatTo {
    /// text, json, markdown or html; what `analyze` and `diff` have.
    pub fn rich(text: &str) -> Result<Self, String> {
        let all =
            [("text", Format::Text), ("json", Format::Json), ("markdown", Format::Markdown), ("html", Format::Html)];
        parse(text, &all)
    }

    /// text, json or markdown; what `rules` and `explain` have.
    pub fn listed(text: &str) -> Result<Self, String> {
        parse(text, &[("text", Format::Text), ("json", Format::Json), ("markdown", Format::Markdown)])
    }
}

fn parse(text: &str, known: &[(&str, Format)]) -> Result<FormatTo, String> {
    let (format, file) = split(text, known)?;
    Ok(FormatTo { format, file })
}

/// `F[:FILE]`, the form as one of those that are known.
pub fn split<F: Copy>(text: &str, known: &[(&str, F)]) -> Result<(F, Option<PathBuf>), String> {
    let (name, file) = match text.split_once(':') {
        Some((name, file)) if !file.is_empty() => (name, Some(PathBuf::from(file))),
        Some(_) => return Err("a file name must follow the colon".to_owned()),
        None => (text, None),
    };
    let format = known.iter().find(|(known, _)| *known == name).map(|(_, format)| *format).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        format!("`{name}` is no format: {}", names.join(", "))
    })?;
    Ok((format, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_may_name_a_file() {
        assert_eq!("json:a:b".parse(), Ok(FormatTo { format: Format::Json, file: Some("a:b".into()) }));
        assert!("yaml".parse::<FormatTo>().is_err() && "json:".parse::<FormatTo>().is_err());
    }

    #[test]
    fn pages_are_for_the_commands_that_have_them() {
        assert_eq!(FormatTo::rich("html:x"), Ok(FormatTo { format: Format::Html, file: Some("x".into()) }));
        let refused = "html".parse::<FormatTo>().unwrap_err();
        assert_eq!(refused, "`html` is no format: text, json");
    }
}
