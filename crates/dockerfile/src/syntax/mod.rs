//! The lossless tree: items (instructions, comments, blank lines, text that is no instruction) over the source.
//! Reference: BuildKit `frontend/dockerfile/parser`.

mod check;
mod command;
pub(crate) mod csv;
mod directives;
mod flags;
pub(crate) mod heredoc;
mod json;
mod lines;
mod parse;
mod shared;
mod text;
mod tree;
mod words;

use std::sync::Arc;

use jettison_model::Span;

pub use parse::parse;
pub use shared::Str;
pub use text::Text;

pub(crate) use check::{knows_flag, trigger_refusal};
pub(crate) use directives::check_directive;
pub(crate) use text::Joiner;

/// A parsed Dockerfile. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Dockerfile {
    pub(crate) source: Arc<[u8]>,
    pub(crate) escape: u8,
    pub(crate) directives: Vec<Directive>,
    pub(crate) items: Vec<Item>,
    pub(crate) instructions: Vec<Instruction>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// One stretch of the source; items follow each other without gaps and cover all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// Index into [`Dockerfile::instructions`]; the span is the instruction's lines with their line ends.
    Instruction(usize, Span),
    /// A `#` line between instructions (directives too).
    Comment(Span),
    /// White space between instructions.
    Blank(Span),
    /// Lines that are no instruction (unknown keyword).
    Error(Span),
}

/// A parser directive (`# syntax=…`, `# escape=…`, `# check=…`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// Lower-case name.
    pub name: String,
    /// The value, trimmed.
    pub value: String,
    /// The whole line without its end.
    pub span: Span,
}

/// What is wrong at a place, with BuildKit's cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where.
    pub span: Span,
    /// One clause.
    pub message: String,
    /// Whether BuildKit would refuse the file.
    pub kind: DiagnosticKind,
    /// Which of BuildKit's steps finds it.
    pub phase: Phase,
}

/// The steps in which BuildKit reads a file; each begins only when the one before it has found nothing in the whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Lines and the words in them.
    Parse,
    /// Instructions one by one: arguments and flags.
    Instructions,
    /// Instructions become build steps: variables, values, sources. See [`crate::dispatch`].
    Dispatch,
}

/// Whether a diagnostic stops a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiagnosticKind {
    /// BuildKit refuses the file.
    Error,
    /// BuildKit warns.
    Warning,
}

/// The instruction's name.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
}

/// One instruction.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// Which.
    pub keyword: Keyword,
    /// The keyword as written.
    pub keyword_span: Span,
    /// From the keyword's first byte to the last byte of the instruction (heredoc bodies included), without the line end.
    pub span: Span,
    /// 1-based first line.
    pub line: u32,
    /// 1-based last line (heredoc terminators included).
    pub end_line: u32,
    /// `--name[=value]`, in order.
    pub flags: Vec<Flag>,
    /// What follows the flags, without continuations and the comments between them.
    pub body: Text,
    /// Exec (JSON) form, or everything else.
    pub form: Form,
    /// The body split into words as BuildKit splits this instruction (COPY sources and destination, EXPOSE ports, …);
    /// for key-value instructions (ENV, LABEL, ARG) one word a pair, `key=value`, or key and rest for `ENV key value`.
    pub words: Vec<Word>,
    /// Here-documents, in order.
    pub heredocs: Vec<Heredoc>,
    /// It is an ONBUILD; what it triggers is the text of its body.
    pub onbuild: bool,
    /// ENV or LABEL in the old form without `=`: the words are key and value.
    pub(crate) old_pair: bool,
    /// What an ONBUILD triggers, if that is an instruction; its here-documents are listed with the ONBUILD itself.
    pub trigger: Option<Box<Instruction>>,
    /// Index of the SHELL in force, if the file has one for this stage or the stages that it stands on.
    pub shell: Option<usize>,
    /// Index of the FROM of its stage; a FROM's own; none before the first.
    pub from: Option<usize>,
}

/// `--name` or `--name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Without dashes.
    pub name: Str,
    /// After the `=`, quotes and escapes removed.
    pub value: Option<Str>,
    /// The whole flag.
    pub span: Span,
    /// The value.
    pub value_span: Option<Span>,
}

/// How CMD, ENTRYPOINT, RUN, … are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// A JSON array of strings.
    Exec(Vec<Word>),
    /// Everything else.
    Shell,
}

/// One word of an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As written: with quotes and variables (for JSON: the decoded string).
    pub raw: Str,
    /// Where.
    pub span: Span,
}

/// A here-document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heredoc {
    /// The delimiter, without quotes and `<<`.
    pub name: String,
    /// Whether variables in the body are expanded (the delimiter was not quoted).
    pub expand: bool,
    /// `<<-`: leading tabs are removed.
    pub strip_tabs: bool,
    /// File descriptor before `<<`, 0 if none.
    pub fd: u32,
    /// The body, without the terminator line.
    pub body: Span,
    /// The `<<NAME` token.
    pub token: Span,
}

impl Dockerfile {
    /// The source, byte for byte.
    pub fn source(&self) -> &[u8] {
        &self.source
    }

    /// The tree printed: its items one after the other; always equal to the source.
    pub fn print(&self) -> Vec<u8> {
        let mut printed = Vec::with_capacity(self.source.len());
        for item in &self.items {
            printed.extend_from_slice(self.source.get(item.span().range()).unwrap_or_default());
        }
        printed
    }

    /// The source text of `span`, lossy; empty if it lies outside.
    pub fn text_of(&self, span: Span) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.source.get(span.range()).unwrap_or_default())
    }

    /// The escape character (`\` or a backtick).
    pub fn escape(&self) -> char {
        self.escape as char
    }

    /// Parser directives at the top.
    pub fn directives(&self) -> &[Directive] {
        &self.directives
    }

    /// Everything, in order, without gaps.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The instructions, in order.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// What is wrong.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Whether BuildKit would refuse the file.
    pub fn is_rejected(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.kind == DiagnosticKind::Error)
    }

    /// The line end in use: `"\r\n"` or `"\n"` (the first one found, `"\n"` if none).
    pub fn line_end(&self) -> &'static str {
        match self.source.iter().position(|byte| *byte == b'\n') {
            Some(at) if at > 0 && self.source[at - 1] == b'\r' => "\r\n",
            _ => "\n",
        }
    }

    /// The whole lines of instruction `index`, line end included, together with the comment lines directly above it if
    /// `with_comments` (no blank line between; parser directives stay out). Empty if there is no such instruction.
    pub fn lines_of(&self, index: usize, with_comments: bool) -> Span {
        let Some(at) = self.item_of(index) else { return Span::at(self.source.len()) };
        let mut span = self.items[at].span();
        if with_comments {
            for item in self.items[..at].iter().rev() {
                let is_directive = self.directives.iter().any(|directive| item.span().contains(directive.span));
                if !matches!(item, Item::Comment(_)) || is_directive {
                    break;
                }
                span = span.cover(item.span());
            }
        }
        span
    }

    /// Index of the item of instruction `index`.
    fn item_of(&self, index: usize) -> Option<usize> {
        let start = self.instructions.get(index)?.span.start;
        let at = self.items.partition_point(|item| item.span().start <= start).checked_sub(1)?;
        matches!(self.items[at], Item::Instruction(found, _) if found == index).then_some(at)
    }
}

impl Item {
    /// Its place, line end included.
    pub fn span(&self) -> Span {
        match self {
            Self::Instruction(_, span) | Self::Comment(span) | Self::Blank(span) | Self::Error(span) => *span,
        }
    }
}

/// What separates keywords and words: Unicode white space counts only at the ends of a line.
fn is_space(symbol: char) -> bool {
    matches!(symbol, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ')
}
