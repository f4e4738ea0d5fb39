//! HCL's parser, with room enough: it bounds the nesting of what it reads to 64 levels, but a level of a debug build may take
//! 40 kB of stack, more than threads are given by default.

use hcl_edit::expr::Expression;
use hcl_edit::parser::Error;
use hcl_edit::structure::Body;
use hcl_edit::template::Template;

/// Bytes of stack for 64 levels of anything, twice over.
const STACK: usize = 8 << 20;
/// So short a text has no levels to speak of.
const SHORT: usize = 256;

/// A file.
pub(super) fn body(text: &str) -> Result<Body, Problem> {
    roomy(text, hcl_edit::parser::parse_body)
}

/// An expression: a type within JSON.
pub(super) fn expression(text: &str) -> Result<Expression, Problem> {
    roomy(text, hcl_edit::parser::parse_expr)
}

/// A text of JSON.
pub(super) fn template(text: &str) -> Result<Template, Problem> {
    roomy(text, hcl_edit::parser::parse_template)
}

/// What the parser says, and where, from 1.
pub(super) struct Problem {
    pub(super) message: String,
    pub(super) line: u32,
    pub(super) column: u32,
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let (line, column) = (number(error.location().line()), number(error.location().column()));
        Self { message: error.message().to_owned(), line, column }
    }
}

fn roomy<T: Send>(text: &str, parse: fn(&str) -> Result<T, Error>) -> Result<T, Problem> {
    if text.len() <= SHORT {
        return Ok(parse(text)?);
    }
    let parsed = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || parse(text));
        thread.ok().and_then(|thread| thread.join().ok())
    });
    match parsed {
        Some(parsed) => Ok(parsed?),
        None => Err(Problem { message: "there is no memory to read it".to_owned(), line: 1, column: 1 }),
    }
}
