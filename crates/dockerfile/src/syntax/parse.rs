//! The parser's loop: lines to items. After an error it goes on at the next line; nothing is ever thrown away.
//! Reference: BuildKit `Parse` in `frontend/dockerfile/parser/parser.go`.

use std::collections::HashMap;
use std::sync::Arc;

use jettison_model::Span;

use super::command::{self, Place};
use super::directives::{self, Directives};
use super::lines::{self, Line, Lines, Logical, MAX_LINE};
use super::{Diagnostic, DiagnosticKind, Dockerfile, Heredoc, Instruction, Item, Keyword, Phase, Str, check, heredoc};

/// Parses any bytes; never fails. Of a source over 4 GiB, which no span can address, only the first 4 GiB are read.
pub fn parse(source: impl Into<Arc<[u8]>>) -> Dockerfile {
    let (source, text) = shared(source.into());
    let mut parser = Parser::new(&source, text);
    parser.run();
    let Parser { escape, directives, items, instructions, diagnostics, .. } = parser;
    let directives = directives.found;
    Dockerfile { source: source.clone(), escape, directives, items, instructions, diagnostics }
}

/// The source, and the same as text if it is UTF-8: then both share their memory.
fn shared(source: Arc<[u8]>) -> (Arc<[u8]>, Option<Str>) {
    let source = if source.len() > u32::MAX as usize { Arc::from(&source[..u32::MAX as usize]) } else { source };
    match std::str::from_utf8(&source) {
        Ok(text) => {
            let text: Arc<str> = Arc::from(text);
            (Arc::from(text.clone()), Some(Str::whole(text)))
        }
        Err(_) => (source, None),
    }
}

struct Parser<'a> {
    lines: Lines<'a>,
    escape: u8,
    directives: Directives,
    items: Vec<Item>,
    instructions: Vec<Instruction>,
    diagnostics: Vec<Diagnostic>,
    /// Index of the last FROM.
    from: Option<usize>,
    /// Index of the SHELL in force.
    shell: Option<usize>,
    /// The SHELL in force at the end of each named stage.
    shells: HashMap<String, Option<usize>>,
    stage_name: Option<String>,
    /// Where here-documents can end, once one was found that does not.
    ends: Option<heredoc::Ends<'a>>,
}

impl<'a> Parser<'a> {
    fn new(source: &'a [u8], text: Option<Str>) -> Self {
        Self {
            lines: Lines::new(source, text),
            escape: b'\\',
            directives: Directives::default(),
            items: Vec::new(),
            instructions: Vec::new(),
            diagnostics: Vec::new(),
            from: None,
            shell: None,
            shells: HashMap::new(),
            stage_name: None,
            ends: None,
        }
    }

    fn run(&mut self) {
        if self.lines.source.starts_with(b"\xEF\xBB\xBF") {
            self.lines.at = 3;
            self.items.push(Item::Blank(Span::new(0, 3)));
        }
        while let Some(line) = self.lines.next_line() {
            self.line(line);
        }
        let end = Span::at(self.lines.source.len());
        if !self.items.iter().any(|item| matches!(item, Item::Instruction(..) | Item::Error(_))) {
            self.error(end, "file with no instructions".to_owned());
        } else if self.from.is_none() && !self.rejected() {
            self.error_in(Phase::Instructions, end, "dockerfile contains no stages to build".to_owned());
        }
    }

    fn rejected(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.kind == DiagnosticKind::Error)
    }

    /// What the line parser refuses.
    fn error(&mut self, span: Span, message: String) {
        self.error_in(Phase::Parse, span, message);
    }

    fn error_in(&mut self, phase: Phase, span: Span, message: String) {
        self.diagnostics.push(Diagnostic { span, message, kind: DiagnosticKind::Error, phase });
    }

    fn line(&mut self, line: Line) {
        let content = self.lines.content(line);
        self.directive(line, content);
        if lines::is_comment(content) {
            self.check_length(Some(line).filter(|line| line.is_too_long(self.lines.source)));
            self.items.push(Item::Comment(Span::new(line.start, line.end)));
            return;
        }
        match lines::join(&mut self.lines, line, self.escape) {
            Some(logical) => self.logical(&logical),
            None => self.blank(line),
        }
    }

    fn directive(&mut self, line: Line, content: &[u8]) {
        let escape = match self.directives.look(content, line.start) {
            Ok(Some(directive)) if directive.name == "escape" => directives::escape(&directive.value),
            Ok(_) => return,
            Err(error) => Err(error),
        };
        match escape {
            Ok(escape) => self.escape = escape,
            Err(error) => self.error(Span::new(line.start, line.content_end), error),
        }
    }

    fn blank(&mut self, line: Line) {
        match self.items.last_mut() {
            // The byte-order mark stays apart, so that nothing is inserted before it.
            Some(Item::Blank(span)) if !(span.start == 0 && self.lines.source.starts_with(b"\xEF\xBB\xBF")) => {
                span.end = line.end as u32;
            }
            _ => self.items.push(Item::Blank(Span::new(line.start, line.end))),
        }
        self.check_length(Some(line).filter(|line| line.is_too_long(self.lines.source)));
    }

    fn check_length(&mut self, line: Option<Line>) {
        if let Some(line) = line {
            let message = format!("dockerfile line greater than max allowed size of {MAX_LINE}");
            self.error(Span::new(line.start, line.content_end), message);
        }
    }

    fn logical(&mut self, logical: &Logical) {
        self.check_length(logical.too_long);
        if let Some(span) = logical.empty_line {
            let message = "empty continuation line".to_owned();
            let (kind, phase) = (DiagnosticKind::Warning, Phase::Parse);
            self.diagnostics.push(Diagnostic { span, message, kind, phase });
        }
        let split = command::split(&logical.text.text);
        let keyword = logical.text.source_span(split.keyword.clone());
        let start = if split.keyword.is_empty() { logical.text.span.start } else { keyword.start } as usize;
        let span = Span::new(start, logical.content_end.max(start));
        let place = Place { span, line: logical.first.number, end_line: logical.last.number };
        match command::build(&logical.text, place, self.escape as char) {
            Some(built) => self.instruction(logical, built),
            None => {
                let name = &logical.text.text[split.keyword];
                let message = format!("unknown instruction: {name}");
                self.error_in(Phase::Instructions, span, message);
                self.items.push(Item::Error(Span::new(logical.first.start, logical.last.end)));
            }
        }
    }

    fn instruction(&mut self, logical: &Logical, built: command::Built) {
        let mut instruction = built.instruction;
        for error in built.errors {
            self.error(instruction.span, error);
        }
        let mut end = logical.last.end;
        if instruction.takes_heredocs() && logical.text.text.contains("<<") {
            end = self.heredocs(logical, &mut instruction).unwrap_or(end);
        }
        check::instruction(&instruction, self.from.is_some(), &mut self.diagnostics);
        self.stage(&mut instruction);
        self.items.push(Item::Instruction(self.instructions.len(), Span::new(logical.first.start, end)));
        self.instructions.push(instruction);
    }

    /// Reads the bodies of the here-documents; returns where the last one's lines end. One that does not end has no body:
    /// what follows is read as instructions.
    fn heredocs(&mut self, logical: &Logical, instruction: &mut Instruction) -> Option<usize> {
        let openings = match heredoc::openings(&logical.text.text) {
            Ok(openings) => openings,
            Err(error) => {
                self.error(instruction.span, error);
                return None;
            }
        };
        let mut end = None;
        for (opening, place) in openings {
            let start = self.lines.at;
            let closing = self.closing_line(&opening);
            if let Some(line) = closing {
                instruction.span.end = instruction.span.end.max(line.content_end as u32);
                instruction.end_line = self.lines.number;
                end = Some(self.lines.at);
            }
            instruction.heredocs.push(Heredoc {
                name: opening.name,
                expand: opening.expand,
                strip_tabs: opening.strip_tabs,
                fd: opening.fd,
                body: Span::new(start, closing.map_or(start, |line| line.start)),
                token: logical.text.source_span(place),
            });
            if closing.is_none() {
                self.error(instruction.span, "unterminated heredoc".to_owned());
                break;
            }
        }
        end
    }

    /// Reads on to the line that closes a here-document; nothing is read if there is none.
    fn closing_line(&mut self, opening: &heredoc::Opening) -> Option<Line> {
        let (at, number) = (self.lines.at, self.lines.number);
        if self.ends.as_ref().is_some_and(|ends| !ends.any_from(opening, at)) {
            return None;
        }
        let mut too_long = None;
        while let Some(line) = self.lines.next_line() {
            if line.is_too_long(self.lines.source) {
                too_long = Some(line);
            }
            if heredoc::closes(opening, self.lines.content(line)) {
                self.check_length(too_long);
                return Some(line);
            }
        }
        (self.lines.at, self.lines.number) = (at, number);
        // The next one that does not end is not looked for line by line: the time stays in proportion to the file.
        self.ends = self.ends.take().or_else(|| Some(heredoc::Ends::of(&mut self.lines)));
        None
    }

    /// Keeps count of stages, and of the SHELL in force: a stage begins with that of the stage it stands on.
    fn stage(&mut self, instruction: &mut Instruction) {
        match instruction.keyword {
            Keyword::From => {
                self.from = Some(self.instructions.len());
                if let Some(name) = self.stage_name.take() {
                    self.shells.insert(name, self.shell);
                }
                let base = instruction.words.first().map_or("", |word| &word.raw);
                self.shell = self.shells.get(base).copied().flatten();
                self.stage_name = instruction.words.get(2).map(|word| word.raw.to_lowercase());
            }
            Keyword::Shell => self.shell = Some(self.instructions.len()),
            _ => instruction.shell = self.shell,
        }
        instruction.from = self.from;
    }
}
