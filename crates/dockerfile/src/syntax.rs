//! The lossless tree: items (instructions, comments, blank lines, text that is no instruction) over the source.
//! Reference: BuildKit `frontend/dockerfile/parser`.

use std::sync::Arc;

use jettison_model::Span;

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
    Add, Arg, Cmd, Copy, Entrypoint, Env, Expose, From, Healthcheck, Label, Maintainer, Onbuild, Run, Shell, Stopsignal,
    User, Volume, Workdir,
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
    /// Index of the instruction that ONBUILD triggers is not resolved here; its text is the body.
    pub onbuild: bool,
}

/// A logical text: continuations joined, inner comment lines left out, with the way back to the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The text as the builder sees it (lossy UTF-8).
    pub text: String,
    /// Pieces: `(offset in text, span in the source)`, in order.
    pub map: Vec<(u32, Span)>,
    /// From the first piece's start to the last piece's end.
    pub span: Span,
}

impl Text {
    /// The source span of `range` (byte offsets in `text`); covers continuations that lie inside.
    pub fn source_span(&self, range: std::ops::Range<usize>) -> Span {
        let _ = range;
        todo!()
    }
}

/// `--name` or `--name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Without dashes.
    pub name: String,
    /// After the `=`.
    pub value: Option<String>,
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
    pub raw: String,
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

/// Parses any bytes; never fails.
pub fn parse(source: impl Into<Arc<[u8]>>) -> Dockerfile {
    let _ = source.into();
    todo!()
}

impl Dockerfile {
    /// The source, byte for byte.
    pub fn source(&self) -> &[u8] {
        &self.source
    }

    /// The tree printed; always equal to the source.
    pub fn print(&self) -> Vec<u8> {
        todo!()
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
        todo!()
    }

    /// The whole lines of instruction `index`, line end included, together with the comment lines directly above it if
    /// `with_comments` (no blank line between).
    pub fn lines_of(&self, index: usize, with_comments: bool) -> Span {
        let _ = (index, with_comments);
        todo!()
    }
}
