//! The tree as plain text, one node a line, for people who look for what the parser made of a file.

use std::fmt::{self, Display, Formatter};

use jettison_model::Span;

use super::{Dockerfile, Form, Instruction, Item};

impl Dockerfile {
    /// The tree as plain text: items with spans and their parts below them, then the diagnostics. For debugging; not stable.
    pub fn tree(&self) -> String {
        Tree(self).to_string()
    }
}

struct Tree<'a>(&'a Dockerfile);

impl Display for Tree<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for directive in &self.0.directives {
            line(out, 0, &format!("directive {}={:?}", directive.name, directive.value), directive.span)?;
        }
        for item in &self.0.items {
            match item {
                Item::Instruction(index, span) => match self.0.instructions.get(*index) {
                    Some(instruction) => self.instruction(out, instruction, *span)?,
                    None => line(out, 0, "lost", *span)?,
                },
                Item::Comment(span) => line(out, 0, "comment", *span)?,
                Item::Blank(span) => line(out, 0, "blank", *span)?,
                Item::Error(span) => line(out, 0, "error", *span)?,
            }
        }
        for diagnostic in &self.0.diagnostics {
            line(out, 0, &format!("{:?}: {}", diagnostic.kind, diagnostic.message), diagnostic.span)?;
        }
        Ok(())
    }
}

impl Tree<'_> {
    fn instruction(&self, out: &mut Formatter<'_>, instruction: &Instruction, span: Span) -> fmt::Result {
        let form = if matches!(instruction.form, Form::Exec(_)) { " (exec)" } else { "" };
        line(out, 0, &format!("{}{form}", instruction.keyword.as_str()), span)?;
        for flag in &instruction.flags {
            let value = flag.value.as_ref().map_or(String::new(), |value| format!("={value:?}"));
            line(out, 1, &format!("flag {}{value}", flag.name), flag.span)?;
        }
        for word in &instruction.words {
            line(out, 1, &format!("word {:?}", word.raw), word.span)?;
        }
        for heredoc in &instruction.heredocs {
            let name = &heredoc.name;
            let marks = [(heredoc.strip_tabs, " strip-tabs"), (!heredoc.expand, " literal")];
            let marks: String = marks.iter().filter(|(set, _)| *set).map(|(_, mark)| *mark).collect();
            line(out, 1, &format!("heredoc {name:?} fd {}{marks}", heredoc.fd), heredoc.body)?;
        }
        Ok(())
    }
}

fn line(out: &mut Formatter<'_>, depth: usize, text: &str, span: Span) -> fmt::Result {
    writeln!(out, "{:depth$}{text} {}..{}", "", span.start, span.end, depth = depth * 2)
}
