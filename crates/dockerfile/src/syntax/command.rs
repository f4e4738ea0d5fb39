//! From a logical line to an instruction: keyword, flags, arguments, and what ONBUILD triggers.
//! Reference: BuildKit `splitCommand` and `newNodeFromLine`.

use std::ops::Range;

use jettison_model::Span;

use super::text::Text;
use super::{Flag, Form, Instruction, Keyword, flags, is_space, words};

/// A line split at its keyword.
pub(super) struct Line {
    pub keyword: Range<usize>,
    /// The rest, trimmed on the right.
    pub rest: Range<usize>,
}

/// Where the keyword and what follows it lie in `text`.
pub(super) fn split(text: &str) -> Line {
    let start = text.len() - text.trim_start().len();
    let end = start + text[start..].trim_end().len();
    let keyword = text[start..end].find(is_space).map_or(end, |at| start + at);
    let rest = keyword + text[keyword..end].len() - text[keyword..end].trim_start_matches(is_space).len();
    Line { keyword: start..keyword, rest: rest..end }
}

/// An instruction with the errors of BuildKit's line parser.
pub(super) struct Built {
    pub instruction: Instruction,
    pub errors: Vec<String>,
}

/// Where an instruction stands in the file.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub span: Span,
    pub line: u32,
    pub end_line: u32,
}

/// Builds the instruction of `text`; `None` if its keyword is unknown.
pub(super) fn build(text: &Text, place: Place, escape: char) -> Option<Built> {
    build_at(text, place, escape, true)
}

fn build_at(text: &Text, place: Place, escape: char, triggers: bool) -> Option<Built> {
    let line = split(&text.text);
    let keyword = Keyword::parse(&text.text[line.keyword.clone()])?;
    let (flags, body) = body(text, line.rest, escape);
    let mut arguments = words::split(keyword, &body, escape);
    let mut errors: Vec<String> = arguments.error.take().into_iter().collect();
    let mut trigger = None;
    if keyword == Keyword::Onbuild {
        // A chain of ONBUILDs is refused as such: only one level is looked into.
        let place = Place { span: body.span, ..place };
        let built = triggers.then(|| build_at(&body, place, escape, false)).flatten();
        let name = split(&body.text).keyword;
        if !name.is_empty() {
            arguments.words.push(super::Word { raw: body.text.slice(name.clone()), span: body.source_span(name) });
        }
        if let Some(built) = built {
            arguments.words.extend(built.instruction.words.iter().cloned());
            errors.extend(built.errors);
            trigger = Some(Box::new(built.instruction));
        }
    }
    let instruction = Instruction {
        keyword,
        keyword_span: text.source_span(line.keyword),
        span: place.span,
        line: place.line,
        end_line: place.end_line,
        flags,
        body,
        form: arguments.form,
        words: arguments.words,
        heredocs: Vec::new(),
        onbuild: keyword == Keyword::Onbuild,
        old_pair: arguments.old_pair,
        trigger,
        shell: None,
        from: None,
    };
    Some(Built { instruction, errors })
}

/// Flags, and the arguments behind them, trimmed.
fn body(text: &Text, rest: Range<usize>, escape: char) -> (Vec<Flag>, Text) {
    let line = text.slice(0..rest.end);
    let (flags, start) = flags::read(&line, rest.start, escape);
    let arguments = &line.text[start..];
    let start = start + arguments.len() - arguments.trim_start().len();
    (flags, line.slice(start..rest.end))
}

impl Instruction {
    /// Whether here-documents may follow: RUN, COPY and ADD in shell form, ONBUILD of these as well.
    pub(super) fn takes_heredocs(&self) -> bool {
        let inner = self.trigger.as_deref().unwrap_or(self);
        matches!(inner.keyword, Keyword::Add | Keyword::Copy | Keyword::Run) && inner.form == Form::Shell
    }
}

const KEYWORDS: [(&str, Keyword); 18] = [
    ("ADD", Keyword::Add),
    ("ARG", Keyword::Arg),
    ("CMD", Keyword::Cmd),
    ("COPY", Keyword::Copy),
    ("ENTRYPOINT", Keyword::Entrypoint),
    ("ENV", Keyword::Env),
    ("EXPOSE", Keyword::Expose),
    ("FROM", Keyword::From),
    ("HEALTHCHECK", Keyword::Healthcheck),
    ("LABEL", Keyword::Label),
    ("MAINTAINER", Keyword::Maintainer),
    ("ONBUILD", Keyword::Onbuild),
    ("RUN", Keyword::Run),
    ("SHELL", Keyword::Shell),
    ("STOPSIGNAL", Keyword::Stopsignal),
    ("USER", Keyword::User),
    ("VOLUME", Keyword::Volume),
    ("WORKDIR", Keyword::Workdir),
];

impl Keyword {
    /// The keyword of that name, in any case.
    pub fn parse(name: &str) -> Option<Self> {
        KEYWORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, keyword)| *keyword)
    }

    /// Its name, in upper case.
    pub fn as_str(self) -> &'static str {
        KEYWORDS.iter().find(|(_, keyword)| *keyword == self).map_or("", |(name, _)| name)
    }
}
