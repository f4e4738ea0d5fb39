//! The shell inside RUN: a small facade over a shell parser. Where the parser gives up the answer is [`Parsed::Opaque`] and
//! nobody guesses.

use jettison_model::Span;

/// A parsed script, or the reason why there is none.
#[derive(Clone, Debug)]
pub enum Parsed {
    /// Understood.
    Script(Script),
    /// Not understood: the reason.
    Opaque(String),
}

/// A list of commands, in order.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The top-level items.
    pub items: Vec<Item>,
}

/// One item of a list.
#[derive(Clone, Debug)]
pub struct Item {
    /// How it is joined to the item before it.
    pub join: Join,
    /// What it is.
    pub node: Node,
    /// Where, in the Dockerfile (without the joining operator).
    pub span: Span,
}

/// What stands between two items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// Nothing: the first.
    First,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `;` or a new line
    Then,
    /// `&`
    Background,
}

/// A command of any kind.
#[derive(Clone, Debug)]
pub enum Node {
    /// `NAME=value… word…`
    Simple(Simple),
    /// `a | b`
    Pipeline(Vec<Node>),
    /// `( … )`, `{ …; }`, if, for, while, case, functions: kind and everything inside.
    Compound(Compound, Script),
}

/// The kinds of compound commands.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compound {
    Subshell, Group, If, Loop, Case, Function, Other,
}

/// A simple command.
#[derive(Clone, Debug, Default)]
pub struct Simple {
    /// `NAME=value` before the words.
    pub assignments: Vec<(String, Word)>,
    /// Command name and arguments.
    pub words: Vec<Word>,
    /// Redirections, as written (`> file`, `2>&1`, `<<EOF`).
    pub redirects: Vec<Word>,
    /// Where.
    pub span: Span,
}

/// One word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// As written.
    pub raw: String,
    /// The value, where it holds no expansion, substitution or glob: quotes removed.
    pub literal: Option<String>,
    /// Where, in the Dockerfile.
    pub span: Span,
}

/// Parses `text` as sh; `span_of` maps byte ranges of `text` to the Dockerfile.
pub fn parse(text: &str, span_of: &dyn Fn(std::ops::Range<usize>) -> Span) -> Parsed {
    let _ = (text, span_of);
    todo!()
}

impl Parsed {
    /// The script, if understood.
    pub fn script(&self) -> Option<&Script> {
        match self {
            Self::Script(script) => Some(script),
            Self::Opaque(_) => None,
        }
    }
}

impl Script {
    /// All simple commands at any depth, in source order.
    pub fn simple_commands(&self) -> Vec<&Simple> {
        todo!()
    }

    /// Whether it is only simple commands joined by `&&`, `;` or new lines: then each may be looked at and removed alone.
    pub fn is_flat(&self) -> bool {
        todo!()
    }
}

impl Simple {
    /// The command's name, if literal, without its folder.
    pub fn name(&self) -> Option<&str> {
        let literal = self.words.first()?.literal.as_deref()?;
        Some(literal.rsplit('/').next().unwrap_or(literal))
    }

    /// The literal arguments after the name; `None` for those that are not literal.
    pub fn args(&self) -> impl Iterator<Item = Option<&str>> {
        self.words.iter().skip(1).map(|word| word.literal.as_deref())
    }
}
