//! The shell inside RUN: a small facade over a shell parser. Where the parser gives up the answer is [`Parsed::Opaque`] and
//! nobody guesses.

mod convert;
mod extent;
mod options;
mod parts;
mod unquote;

use std::ops::Range;

use jettison_model::Span;
use shuck_parser::ShellDialect;
use shuck_parser::parser::Parser;

pub use options::Options;
pub use parts::{Part, PartKind};

/// A parsed script, or the reason why there is none.
#[derive(Clone, Debug)]
pub enum Parsed {
    /// Understood.
    Script(Script),
    /// Of a shell that is not sh, which is not read as one: its name (`powershell`, `cmd`).
    Foreign(String),
    /// Not understood: the reason.
    Opaque(String),
}

/// A list of commands, in order.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The top-level items.
    pub items: Vec<Item>,
    /// Redirections of the whole, where it is the inside of a compound command.
    pub redirects: Vec<Word>,
    /// Command substitutions in the head of a `for` loop.
    pub substitutions: Vec<Script>,
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
    /// It is followed by `&`.
    pub background: bool,
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
    Subshell,
    Group,
    If,
    Loop,
    Case,
    Function,
    Other,
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
    /// The scripts of `$(…)`, backticks and `<(…)` in its words, assignments and redirections.
    pub substitutions: Vec<Script>,
    /// Options of the shell in force when it runs.
    pub options: Options,
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
    /// Its quoted parts and expansions, in order.
    pub parts: Vec<Part>,
    /// Where, in the Dockerfile.
    pub span: Span,
}

/// Parses `text` as sh; `span_of` maps byte ranges of `text` to the Dockerfile. Read as bash first, which takes nearly all
/// that sh takes, then as POSIX sh. Only a clean parse counts.
pub fn parse(text: &str, span_of: &dyn Fn(Range<usize>) -> Span) -> Parsed {
    parse_with(text, Options::default(), span_of)
}

/// Like [`parse`], in a shell that was started with `options`.
pub fn parse_with(text: &str, options: Options, span_of: &dyn Fn(Range<usize>) -> Span) -> Parsed {
    let mut reason = "empty script".to_owned();
    for dialect in [ShellDialect::Bash, ShellDialect::Posix] {
        match parse_as(text, dialect, span_of) {
            Ok(mut script) => {
                options::track(&mut script, options);
                return Parsed::Script(script);
            }
            Err(cause) => reason = cause,
        }
    }
    Parsed::Opaque(reason)
}

/// A parser's panic must not end ours: what it cannot read is opaque, whatever the reason.
fn parse_as(text: &str, dialect: ShellDialect, span_of: &dyn Fn(Range<usize>) -> Span) -> Result<Script, String> {
    let run = || {
        let result = Parser::with_dialect(text, dialect).parse();
        if result.is_ok() {
            Ok(convert::Converter { text, span_of }.script(&result.file.body))
        } else {
            Err(result.diagnostics.first().map_or_else(|| "not understood".to_owned(), |first| first.message.clone()))
        }
    };
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
    caught.unwrap_or_else(|_| Err("the shell parser gave up".to_owned()))
}

impl Parsed {
    /// The script, if understood.
    pub fn script(&self) -> Option<&Script> {
        match self {
            Self::Script(script) => Some(script),
            Self::Foreign(_) | Self::Opaque(_) => None,
        }
    }
}

impl Script {
    /// All simple commands at any depth, those of command substitutions included, in source order.
    pub fn simple_commands(&self) -> Vec<&Simple> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut Vec<&'a Simple>) {
        self.substitutions.iter().for_each(|script| script.collect(found));
        self.items.iter().for_each(|item| item.node.collect(found));
    }

    /// Whether it is only simple commands joined by `&&`, `;` or new lines: then each may be looked at and removed alone.
    pub fn is_flat(&self) -> bool {
        self.items.iter().all(|item| {
            matches!(item.node, Node::Simple(_))
                && matches!(item.join, Join::First | Join::And | Join::Then)
                && !item.background
        })
    }
}

impl Node {
    fn collect<'a>(&'a self, found: &mut Vec<&'a Simple>) {
        match self {
            Self::Simple(simple) => {
                found.push(simple);
                simple.substitutions.iter().for_each(|script| script.collect(found));
            }
            Self::Pipeline(nodes) => nodes.iter().for_each(|node| node.collect(found)),
            Self::Compound(_, script) => script.collect(found),
        }
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
