//! From where to where a statement reaches. The parser's own spans run on to the next token (and leave out the brackets of
//! groups), so that they are put together here from the spans of the parts, which are exact.

use std::ops::Range;

use shuck_ast::{self as ast, BuiltinCommand, Command, CompoundCommand, DeclOperand, ForSyntax, IfSyntax};

/// The bytes of `statement` in `text`, redirections and a leading `!` included; not what ends or joins it.
pub(super) fn of(statement: &ast::Stmt, text: &str) -> Range<usize> {
    let mut range = of_command(statement, text);
    for redirect in &statement.redirects {
        range = cover(range, offsets(redirect.span));
    }
    if statement.negated {
        range.start = range.start.min(statement.span.start.offset());
    }
    range
}

/// A span's byte offsets.
pub(super) fn offsets(span: ast::Span) -> Range<usize> {
    span.start.offset()..span.end.offset().max(span.start.offset())
}

/// The range without white space at its end; an escaped blank stays.
pub(super) fn trimmed(range: Range<usize>, text: &str) -> Range<usize> {
    let Some(inside) = text.get(range.clone()) else { return range };
    let kept = inside.trim_end();
    let escaped = kept.ends_with('\\') && kept.len() < inside.len();
    range.start..range.start + if escaped { kept.len() + 1 } else { kept.len() }
}

fn cover(one: Range<usize>, other: Range<usize>) -> Range<usize> {
    match (one.is_empty(), other.is_empty()) {
        (true, _) => other,
        (_, true) => one,
        _ => one.start.min(other.start)..one.end.max(other.end),
    }
}

fn cover_all(spans: impl IntoIterator<Item = ast::Span>, text: &str) -> Range<usize> {
    spans.into_iter().fold(0..0, |range, span| cover(range, trimmed(offsets(span), text)))
}

fn of_command(statement: &ast::Stmt, text: &str) -> Range<usize> {
    let start = statement.span.start.offset();
    match &statement.command {
        Command::Simple(command) => {
            let words = command.args.iter().map(|word| word.span).chain([command.name.span]);
            cover_all(words.chain(command.assignments.iter().map(|one| one.span)), text)
        }
        Command::Decl(command) => {
            let operands = command.operands.iter().map(operand);
            let assignments = command.assignments.iter().map(|one| one.span);
            cover_all(operands.chain(assignments).chain([command.variant_span]), text)
        }
        Command::Builtin(command) => of_builtin(command, text),
        Command::Binary(command) => cover(of(&command.left, text), of(&command.right, text)),
        Command::Compound(command) => of_compound(command, start, text),
        Command::Function(command) => start..of(&command.body, text).end.max(start),
        Command::AnonymousFunction(command) => trimmed(offsets(command.span), text),
    }
}

fn operand(operand: &DeclOperand) -> ast::Span {
    match operand {
        DeclOperand::Flag(word) | DeclOperand::Dynamic(word) => word.span,
        DeclOperand::Name(name) => name.span,
        DeclOperand::Assignment(assignment) => assignment.span,
    }
}

fn of_builtin(command: &BuiltinCommand, text: &str) -> Range<usize> {
    let (first, rest) = match command {
        BuiltinCommand::Break(one) => (&one.depth, &one.extra_args),
        BuiltinCommand::Continue(one) => (&one.depth, &one.extra_args),
        BuiltinCommand::Return(one) => (&one.code, &one.extra_args),
        BuiltinCommand::Exit(one) => (&one.code, &one.extra_args),
    };
    let (name, assignments) = builtin_name(command, text);
    let words = first.iter().chain(rest).map(|word| word.span);
    cover(name, cover_all(words.chain(assignments.iter().map(|one| one.span)), text))
}

/// Where the name of `break`, `continue`, `return` or `exit` stands, behind the assignments.
pub(super) fn builtin_name<'a>(command: &'a BuiltinCommand, text: &str) -> (Range<usize>, &'a [ast::Assignment]) {
    let (name, assignments, span) = match command {
        BuiltinCommand::Break(one) => ("break", &one.assignments, one.span),
        BuiltinCommand::Continue(one) => ("continue", &one.assignments, one.span),
        BuiltinCommand::Return(one) => ("return", &one.assignments, one.span),
        BuiltinCommand::Exit(one) => ("exit", &one.assignments, one.span),
    };
    let range = offsets(span);
    let from = assignments.last().map_or(range.start, |last| last.span.end.offset()).min(range.end);
    let at = text.get(from..range.end).and_then(|text| text.find(name)).map_or(from, |at| from + at);
    (at..(at + name.len()).min(range.end.max(at)), assignments)
}

fn of_compound(command: &CompoundCommand, start: usize, text: &str) -> Range<usize> {
    let to = |span: ast::Span| start..span.end.offset().max(start);
    let or_whole = |end: Option<ast::Span>, whole: ast::Span| end.map_or_else(|| trimmed(offsets(whole), text), to);
    match command {
        CompoundCommand::Subshell(body) => bracketed(body, '(', ')', text),
        CompoundCommand::BraceGroup(body) => bracketed(body, '{', '}', text),
        CompoundCommand::If(one) => match one.syntax {
            IfSyntax::ThenFi { fi_span, .. } => to(fi_span),
            IfSyntax::Brace { right_brace_span, .. } => to(right_brace_span),
        },
        CompoundCommand::For(one) => match one.syntax {
            ForSyntax::InDoDone { done_span, .. } | ForSyntax::ParenDoDone { done_span, .. } => to(done_span),
            _ => trimmed(offsets(one.span), text),
        },
        CompoundCommand::ArithmeticFor(one) => or_whole(one.done_span, one.span),
        CompoundCommand::While(one) => or_whole(one.done_span, one.span),
        CompoundCommand::Until(one) => or_whole(one.done_span, one.span),
        CompoundCommand::Select(one) => to(one.done_span),
        CompoundCommand::Case(one) => to(one.esac_span),
        CompoundCommand::Arithmetic(one) => to(one.right_paren_span),
        CompoundCommand::Conditional(one) => to(one.right_bracket_span),
        CompoundCommand::Time(one) => {
            let timed = one.command.as_deref().map(|timed| of(timed, text).end);
            timed.map_or_else(|| trimmed(offsets(one.span), text), |end| start..end.max(start))
        }
        CompoundCommand::Coproc(one) => start..of(&one.body, text).end.max(start),
        CompoundCommand::Repeat(one) => trimmed(offsets(one.span), text),
        CompoundCommand::Foreach(one) => trimmed(offsets(one.span), text),
        CompoundCommand::Always(one) => trimmed(offsets(one.span), text),
    }
}

/// A group with its brackets, which stand next to its first and last statement.
fn bracketed(body: &ast::StmtSeq, open: char, close: char, text: &str) -> Range<usize> {
    let (Some(first), Some(last)) = (body.stmts.first(), body.stmts.last()) else { return offsets(body.span) };
    let inner = of(first, text).start..of(last, text).end;
    let start = text.get(..inner.start).and_then(|before| before.rfind(open)).unwrap_or(inner.start);
    let end = text.get(inner.end..).and_then(|behind| behind.find(close)).map_or(inner.end, |at| inner.end + at + 1);
    start..end
}
