//! From the shell parser's tree to the facade's. The parser bounds depth and length of chains, and so the recursion here.

use std::ops::Range;

use jettison_model::Span;
use shuck_ast::{
    self as ast, BinaryOp, BuiltinCommand, Command, CompoundCommand, DeclOperand, StmtTerminator, WordPart,
};

use super::extent::{self, offsets};
use super::{Compound, Item, Join, Node, Script, Simple, Word, parts, unquote};

pub(super) struct Converter<'a> {
    pub text: &'a str,
    pub span_of: &'a dyn Fn(Range<usize>) -> Span,
}

impl Converter<'_> {
    pub fn script(&self, sequence: &ast::StmtSeq) -> Script {
        let mut script = Script::default();
        self.append(&mut script, sequence);
        script
    }

    /// Adds a sequence's statements to those that are already there.
    fn append(&self, script: &mut Script, sequence: &ast::StmtSeq) {
        for statement in &sequence.stmts {
            let join = match script.items.last() {
                None => Join::First,
                Some(last) if last.background => Join::Background,
                Some(_) => Join::Then,
            };
            self.statement(script, statement, join);
            let background = matches!(statement.terminator, Some(StmtTerminator::Background(_)));
            if let Some(last) = script.items.last_mut() {
                last.background = background;
            }
        }
    }

    /// One statement as one item, a chain of `&&` and `||` as several.
    fn statement(&self, script: &mut Script, statement: &ast::Stmt, join: Join) {
        let mut links: Vec<(Join, &ast::Stmt)> = Vec::new();
        let mut first = statement;
        while let (Command::Binary(binary), false) = (&first.command, has_own_syntax(first)) {
            let join = match binary.op {
                BinaryOp::And => Join::And,
                BinaryOp::Or => Join::Or,
                _ => break,
            };
            links.push((join, &binary.right));
            first = &binary.left;
        }
        links.push((join, first));
        for (join, link) in links.into_iter().rev() {
            let node = self.node(link);
            script.items.push(Item { join, span: self.place(self.range(link)), node, background: false });
        }
    }

    fn place(&self, range: Range<usize>) -> Span {
        (self.span_of)(range)
    }

    fn range(&self, statement: &ast::Stmt) -> Range<usize> {
        extent::of(statement, self.text)
    }

    fn node(&self, statement: &ast::Stmt) -> Node {
        if statement.negated {
            let mut inner = statement.clone();
            inner.negated = false;
            let mut script = Script::default();
            self.statement(&mut script, &inner, Join::First);
            return Node::Compound(Compound::Other, script);
        }
        match &statement.command {
            Command::Simple(_) | Command::Builtin(_) | Command::Decl(_) => Node::Simple(self.simple(statement)),
            Command::Binary(binary) if matches!(binary.op, BinaryOp::Pipe | BinaryOp::PipeAll) => {
                self.pipeline(statement)
            }
            _ => {
                let (kind, mut script) = self.compound(statement);
                script.redirects = statement.redirects.iter().map(|redirect| self.redirect(redirect)).collect();
                Node::Compound(kind, script)
            }
        }
    }

    fn pipeline(&self, statement: &ast::Stmt) -> Node {
        let mut parts = Vec::new();
        let mut first = statement;
        while let Command::Binary(binary) = &first.command {
            let pipe = matches!(binary.op, BinaryOp::Pipe | BinaryOp::PipeAll);
            if !pipe || (has_own_syntax(first) && !std::ptr::eq(first, statement)) {
                break;
            }
            parts.push(self.node(&binary.right));
            first = &binary.left;
        }
        parts.push(self.node(first));
        parts.reverse();
        Node::Pipeline(parts)
    }

    fn compound(&self, statement: &ast::Stmt) -> (Compound, Script) {
        let mut script = Script::default();
        let kind = match &statement.command {
            Command::Compound(compound) => self.compound_command(compound, &mut script),
            Command::Function(function) => {
                self.statement(&mut script, &function.body, Join::First);
                Compound::Function
            }
            Command::AnonymousFunction(function) => {
                self.statement(&mut script, &function.body, Join::First);
                Compound::Function
            }
            // A chain with redirections of its own.
            Command::Binary(binary) => {
                self.statement(&mut script, &binary.left, Join::First);
                self.statement(&mut script, &binary.right, Join::Then);
                Compound::Other
            }
            Command::Simple(_) | Command::Builtin(_) | Command::Decl(_) => Compound::Other,
        };
        (kind, script)
    }

    fn compound_command(&self, compound: &CompoundCommand, script: &mut Script) -> Compound {
        let (kind, parts): (Compound, Vec<&ast::StmtSeq>) = match compound {
            CompoundCommand::If(command) => {
                let elifs = command.elif_branches.iter().flat_map(|(condition, body)| [condition, body]);
                let parts = [&command.condition, &command.then_branch].into_iter().chain(elifs);
                (Compound::If, parts.chain(&command.else_branch).collect())
            }
            CompoundCommand::For(command) => (Compound::Loop, vec![&command.body]),
            CompoundCommand::Repeat(command) => (Compound::Loop, vec![&command.body]),
            CompoundCommand::Foreach(command) => (Compound::Loop, vec![&command.body]),
            CompoundCommand::ArithmeticFor(command) => (Compound::Loop, vec![&command.body]),
            CompoundCommand::While(command) => (Compound::Loop, vec![&command.condition, &command.body]),
            CompoundCommand::Until(command) => (Compound::Loop, vec![&command.condition, &command.body]),
            CompoundCommand::Select(command) => (Compound::Loop, vec![&command.body]),
            CompoundCommand::Case(command) => (Compound::Case, command.cases.iter().map(|case| &case.body).collect()),
            CompoundCommand::Subshell(body) => (Compound::Subshell, vec![body]),
            CompoundCommand::BraceGroup(body) => (Compound::Group, vec![body]),
            CompoundCommand::Always(command) => (Compound::Other, vec![&command.body, &command.always_body]),
            CompoundCommand::Arithmetic(_) | CompoundCommand::Conditional(_) => (Compound::Other, Vec::new()),
            CompoundCommand::Time(command) => {
                if let Some(timed) = &command.command {
                    self.statement(script, timed, Join::First);
                }
                (Compound::Other, Vec::new())
            }
            CompoundCommand::Coproc(command) => {
                self.statement(script, &command.body, Join::First);
                (Compound::Other, Vec::new())
            }
        };
        parts.into_iter().for_each(|part| self.append(script, part));
        if let CompoundCommand::For(command) = compound {
            let words = command.words.iter().flatten();
            words.for_each(|word| self.substitutions(&word.parts, &mut script.substitutions));
        }
        kind
    }

    fn simple(&self, statement: &ast::Stmt) -> Simple {
        let mut simple = Simple { span: self.place(self.range(statement)), ..Simple::default() };
        match &statement.command {
            Command::Simple(command) => {
                self.assignments(&command.assignments, &mut simple);
                if !offsets(command.name.span).is_empty() {
                    self.word(&command.name, &mut simple);
                }
                command.args.iter().for_each(|word| self.word(word, &mut simple));
            }
            Command::Builtin(builtin) => self.builtin(builtin, &mut simple),
            Command::Decl(declaration) => self.declaration(declaration, &mut simple),
            _ => {}
        }
        for redirect in &statement.redirects {
            simple.redirects.push(self.redirect(redirect));
            if let Some(word) = redirect.word_target() {
                self.substitutions(&word.parts, &mut simple.substitutions);
            }
        }
        simple
    }

    fn builtin(&self, builtin: &BuiltinCommand, simple: &mut Simple) {
        let (first, rest) = match builtin {
            BuiltinCommand::Break(one) => (&one.depth, &one.extra_args),
            BuiltinCommand::Continue(one) => (&one.depth, &one.extra_args),
            BuiltinCommand::Return(one) => (&one.code, &one.extra_args),
            BuiltinCommand::Exit(one) => (&one.code, &one.extra_args),
        };
        let (name, assignments) = extent::builtin_name(builtin, self.text);
        self.assignments(assignments, simple);
        simple.words.push(self.raw_word(name));
        first.iter().chain(rest).for_each(|word| self.word(word, simple));
    }

    fn declaration(&self, declaration: &ast::DeclClause, simple: &mut Simple) {
        self.assignments(&declaration.assignments, simple);
        simple.words.push(self.raw_word(offsets(declaration.variant_span)));
        for operand in &declaration.operands {
            match operand {
                DeclOperand::Flag(word) | DeclOperand::Dynamic(word) => self.word(word, simple),
                DeclOperand::Name(name) => simple.words.push(self.raw_word(offsets(name.span))),
                DeclOperand::Assignment(assignment) => {
                    simple.words.push(self.raw_word(offsets(assignment.span)));
                    self.value_substitutions(&assignment.value, simple);
                }
            }
        }
    }

    fn assignments(&self, assignments: &[ast::Assignment], simple: &mut Simple) {
        for assignment in assignments {
            let written = self.text.get(offsets(assignment.span)).unwrap_or_default();
            let name = written.split_once('=').map_or(written, |(name, _)| name.trim_end_matches('+'));
            let value = match &assignment.value {
                ast::AssignmentValue::Scalar(word) => self.whole_word(word),
                ast::AssignmentValue::Compound(array) => Word { literal: None, ..self.raw_word(offsets(array.span)) },
            };
            simple.assignments.push((name.to_owned(), value));
            self.value_substitutions(&assignment.value, simple);
        }
    }

    fn value_substitutions(&self, value: &ast::AssignmentValue, simple: &mut Simple) {
        match value {
            ast::AssignmentValue::Scalar(word) => self.substitutions(&word.parts, &mut simple.substitutions),
            ast::AssignmentValue::Compound(array) => {
                let values = array.elements.iter().map(|element| &element.value().word);
                values.for_each(|word| self.substitutions(&word.parts, &mut simple.substitutions));
            }
        }
    }

    fn word(&self, word: &ast::Word, simple: &mut Simple) {
        simple.words.push(self.whole_word(word));
        self.substitutions(&word.parts, &mut simple.substitutions);
    }

    /// A word with its quoted parts and expansions.
    fn whole_word(&self, word: &ast::Word) -> Word {
        let mut parts = Vec::new();
        parts::collect(&word.parts, false, self.text, self.span_of, &mut parts);
        Word { parts, ..self.raw_word(offsets(word.span)) }
    }

    fn raw_word(&self, range: Range<usize>) -> Word {
        let range = extent::trimmed(range, self.text);
        let raw = self.text.get(range.clone()).unwrap_or_default();
        Word { raw: raw.to_owned(), literal: unquote::literal(raw), parts: Vec::new(), span: self.place(range) }
    }

    fn redirect(&self, redirect: &ast::Redirect) -> Word {
        Word { literal: None, ..self.raw_word(offsets(redirect.span)) }
    }

    /// The scripts of `$(…)`, backticks and `<(…)` in a word.
    fn substitutions(&self, parts: &[ast::WordPartNode], found: &mut Vec<Script>) {
        for part in parts {
            match &part.kind {
                WordPart::CommandSubstitution { body, .. } | WordPart::ProcessSubstitution { body, .. } => {
                    found.push(self.script(body));
                }
                WordPart::DoubleQuoted { parts, .. } => self.substitutions(parts, found),
                _ => {}
            }
        }
    }
}

/// Whether a chain carries a `!` or redirections of its own, so that it must not be taken apart.
fn has_own_syntax(statement: &ast::Stmt) -> bool {
    statement.negated || !statement.redirects.is_empty()
}
