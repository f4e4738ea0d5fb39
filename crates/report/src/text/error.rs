//! Errors: what, where, why, and the next command to type. No wall of causes.

use crate::text::style::{Paint, Style, harmless};
use crate::text::table::wrap;

/// The error's text. `what` is one clause; `place` says where, as `Dockerfile:7  RUN pip install …   exit code 1`; `lines` are
/// the last lines of a log that matter; `next` is the command to type.
pub fn error(what: &str, place: Option<&str>, lines: &[String], next: Option<&str>, style: &Style) -> String {
    let mut text = String::new();
    for (index, line) in wrap(&harmless(what), style.columns() - 7, style.columns() - 7).iter().enumerate() {
        let head = if index == 0 { style.paint(Paint::Bad, "error:") } else { "      ".to_owned() };
        text.push_str(&format!("{head} {line}\n"));
    }
    if let Some(place) = place {
        text.push_str(&format!("  {}\n", harmless(place)));
    }
    for (index, line) in lines.iter().enumerate() {
        text.push_str(&entry(if index == 0 { "last lines:" } else { "" }, line, style));
    }
    if let Some(next) = next {
        text.push_str(&entry("next:", next, style));
    }
    text
}

fn entry(label: &str, text: &str, style: &Style) -> String {
    let padded = format!("{label:<13}");
    format!("  {} {}\n", style.paint(Paint::Dim, &padded), harmless(text)).replace(" \n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_where_why_and_what_next() {
        let lines = ["ERROR: No matching distribution found for flsk".to_owned(), "second".to_owned()];
        let text = error(
            "the Dockerfile does not build as it is, so there is nothing to prove against",
            Some("Dockerfile:7  RUN pip install -r requirements.txt   exit code 1"),
            &lines,
            Some("docker build examples/py-flask"),
            &Style { width: 100, ..Style::default() },
        );
        let expected = "\
error: the Dockerfile does not build as it is, so there is nothing to prove against
  Dockerfile:7  RUN pip install -r requirements.txt   exit code 1
  last lines:   ERROR: No matching distribution found for flsk
                second
  next:         docker build examples/py-flask
";
        assert_eq!(text, expected);
    }

    #[test]
    fn is_one_line_where_there_is_no_more_to_say() {
        assert_eq!(error("no Dockerfile in .", None, &[], None, &Style::default()), "error: no Dockerfile in .\n");
    }
}
