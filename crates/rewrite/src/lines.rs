//! Writing whole instructions in the file's own style: line ends, continuation indentation, places between instructions.

use jettison_dockerfile::{Dockerfile, Instruction, Item};
use jettison_model::{Edit, Span};

/// Writes instructions into one Dockerfile.
pub(crate) struct Lines<'a> {
    dockerfile: &'a Dockerfile,
    end: &'static str,
}

impl<'a> Lines<'a> {
    pub fn new(dockerfile: &'a Dockerfile) -> Self {
        Self { dockerfile, end: dockerfile.line_end() }
    }

    /// `lines`, each with the file's line end.
    pub fn text(&self, lines: &[impl AsRef<str>]) -> String {
        lines.iter().map(|line| format!("{}{}", line.as_ref(), self.end)).collect()
    }

    /// Several commands as one RUN, one a line, joined by `&&`.
    pub fn run(&self, commands: &[impl AsRef<str>]) -> Vec<String> {
        self.run_with("", commands)
    }

    /// As [`Lines::run`], with flags, each followed by a blank.
    pub fn run_with(&self, flags: &str, commands: &[impl AsRef<str>]) -> Vec<String> {
        let indent = self.indent();
        let escape = self.dockerfile.escape();
        let last = commands.len().saturating_sub(1);
        commands
            .iter()
            .enumerate()
            .map(|(at, command)| {
                let start = if at == 0 { format!("RUN {flags}") } else { format!("{indent}&& ") };
                let more = if at == last { String::new() } else { format!(" {escape}") };
                format!("{start}{}{more}", command.as_ref())
            })
            .collect()
    }

    /// What continues an instruction on the next line, after a blank.
    pub fn continued(&self) -> String {
        format!("{}{}{}", self.dockerfile.escape(), self.end, self.indent())
    }

    /// How continuation lines are indented in this file; four blanks where there are none.
    pub fn indent(&self) -> String {
        let source = self.dockerfile.source();
        let first = self.dockerfile.instructions().iter().find(|instruction| instruction.end_line > instruction.line);
        let line = first.and_then(|instruction| {
            let text = &source[instruction.span.range()];
            text.iter().position(|byte| *byte == b'\n').map(|at| &text[at + 1..])
        });
        let blanks = |line: &[u8]| line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        match line {
            Some(line) if blanks(line) > 0 => String::from_utf8_lossy(&line[..blanks(line)]).into_owned(),
            _ => "    ".to_owned(),
        }
    }

    /// What joins one more command to this RUN by `&&`: at the line's end or at the start of the next, as the RUN does it.
    pub fn and_in(&self, instruction: &Instruction) -> String {
        let (escape, end, indent) = (self.dockerfile.escape(), self.end, self.indent_in(instruction));
        let text = String::from_utf8_lossy(&self.dockerfile.source()[instruction.span.range()]).into_owned();
        let at_end = text.lines().any(|line| line.trim_end().trim_end_matches(escape).trim_end().ends_with("&&"));
        if at_end { format!(" && {escape}{end}{indent}") } else { format!(" {escape}{end}{indent}&& ") }
    }

    /// What joins one more command to this RUN by `;`.
    pub fn then_in(&self, instruction: &Instruction) -> String {
        format!("; {}{}{}", self.dockerfile.escape(), self.end, self.indent_in(instruction))
    }

    /// How this instruction's own continuation lines are indented; where it has none, the file's.
    fn indent_in(&self, instruction: &Instruction) -> String {
        let text = String::from_utf8_lossy(&self.dockerfile.source()[instruction.span.range()]).into_owned();
        let is_code = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with('#');
        let mut lines = text.lines().skip(1).filter(is_code).peekable();
        let blanks = |line: &str| line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect::<String>();
        let first = lines.peek().copied().map(blanks).filter(|blanks| !blanks.is_empty());
        let joined = lines.find(|line| line.trim_start().starts_with("&&")).map(blanks);
        joined.or_else(|| first.filter(|_| !text.contains("\n&&"))).unwrap_or_else(|| self.indent())
    }

    /// Inserts `lines` after the instruction `index`.
    pub fn after(&self, index: usize, lines: &[impl AsRef<str>]) -> Edit {
        let at = self.dockerfile.lines_of(index, false).end as usize;
        let lacks_end = at > 0 && self.dockerfile.source().get(at - 1) != Some(&b'\n');
        let text = self.text(lines);
        if lacks_end {
            // the file's last line has no end: it gets one, and ours goes without
            let ours = text.strip_suffix(self.end).unwrap_or(&text);
            return Edit::insert(at, format!("{}{ours}", self.end));
        }
        Edit::insert(at, text)
    }

    /// Appends `lines` at the end of the file.
    pub fn append(&self, lines: &[impl AsRef<str>]) -> Edit {
        let source = self.dockerfile.source();
        let lacks_end = source.last().is_some_and(|byte| *byte != b'\n');
        let start = if lacks_end { self.end } else { "" };
        Edit::insert(source.len(), format!("{start}{}", self.text(lines)))
    }

    /// Inserts `lines` before the instruction `index` and the comments that stand directly above it.
    pub fn before(&self, index: usize, lines: &[impl AsRef<str>]) -> Edit {
        Edit::insert(self.dockerfile.lines_of(index, true).start as usize, self.text(lines))
    }

    /// Deletes an instruction's lines. A blank line is left only where the instruction stood between two of them.
    pub fn delete(&self, index: usize) -> Edit {
        self.cut(self.dockerfile.lines_of(index, false))
    }

    /// Deletes an instruction's lines and the comments directly above it, which are about it.
    pub fn delete_with_comments(&self, index: usize) -> Edit {
        self.cut(self.dockerfile.lines_of(index, true))
    }

    /// Deletes an instruction that is not said anywhere else again: a comment above it goes too, unless another instruction follows
    /// directly, which it may be about as well.
    pub fn remove(&self, index: usize) -> Edit {
        let end = self.dockerfile.lines_of(index, false).end;
        let next = self.dockerfile.items().iter().find(|item| item.span().start >= end);
        if matches!(next, Some(Item::Instruction(..))) { self.delete(index) } else { self.delete_with_comments(index) }
    }

    /// Deletes whole lines, and the blank line after them where there is one before them too.
    fn cut(&self, mut span: Span) -> Edit {
        let items = self.dockerfile.items();
        let before = items.iter().rev().find(|item| item.span().end <= span.start);
        let after = items.iter().find(|item| item.span().start >= span.end);
        if let (None | Some(Item::Blank(_)), Some(Item::Blank(blank))) = (before, after) {
            span = span.cover(*blank);
        }
        Edit::delete(span)
    }

    /// An instruction's own lines as they are, with the comments directly above it, without the last line end.
    pub fn verbatim(&self, index: usize, with_comments: bool) -> String {
        let span = self.dockerfile.lines_of(index, with_comments);
        let text = String::from_utf8_lossy(&self.dockerfile.source()[span.range()]).into_owned();
        text.trim_end_matches(['\r', '\n']).to_owned()
    }

    /// Where another flag of a RUN goes: before those that it has; else behind the keyword, also where the command begins on the next
    /// line.
    pub fn flag_place(&self, instruction: &Instruction) -> usize {
        if let Some(flag) = instruction.flags.first() {
            return flag.span.start as usize;
        }
        let (start, body) = (instruction.span.start as usize, instruction.body.span.start as usize);
        let between = self.dockerfile.source().get(start..body).unwrap_or_default();
        let keyword = between.iter().position(u8::is_ascii_whitespace);
        match keyword.filter(|_| between.contains(&b'\n')) {
            Some(keyword) => start + keyword + 1,
            None => body,
        }
    }

    /// The flags of an instruction as written, with a blank after each.
    pub fn flags(&self, instruction: &Instruction) -> String {
        let source = self.dockerfile.source();
        instruction
            .flags
            .iter()
            .map(|flag| format!("{} ", String::from_utf8_lossy(&source[flag.span.range()])))
            .collect()
    }
}

/// Where a command's text has `word` as a word of its own, not at its beginning.
pub(crate) fn find_word(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        before.is_some_and(char::is_whitespace) && after.is_none_or(char::is_whitespace)
    })
}
