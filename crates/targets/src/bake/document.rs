//! What Bake files declare, before anything is computed: the same for HCL and for JSON.

use std::ops::Range;
use std::rc::Rc;

use hcl_edit::expr::Expression;
use jettison_model::LineIndex;

use crate::sources::At;
use crate::yaml::Node;

/// Parameters of a function, axes of a matrix at most: they are searched by name.
pub(crate) const MAX_NAMES: usize = 64;

/// All files together, in their order.
#[derive(Default)]
pub(crate) struct Document {
    pub(crate) variables: Vec<Variable>,
    pub(crate) functions: Vec<Function>,
    /// `name = value` outside of any block.
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) blocks: Vec<Block>,
}

pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) at: At,
    pub(crate) default: Option<Expr>,
    pub(crate) kind: Option<Expr>,
    /// Conditions that must hold, with what to say where they do not.
    pub(crate) validations: Vec<(Expr, Option<Expr>)>,
}

pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) params: Vec<String>,
    /// The name for all further arguments.
    pub(crate) variadic: Option<String>,
    pub(crate) result: Expr,
}

pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) at: At,
    pub(crate) value: Expr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum BlockKind {
    Target,
    Group,
}

pub(crate) struct Block {
    pub(crate) kind: BlockKind,
    pub(crate) label: String,
    pub(crate) at: At,
    pub(crate) attributes: Vec<Attribute>,
}

impl Block {
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

/// An expression, and where its spans lie.
#[derive(Clone)]
pub(crate) enum Expr {
    Hcl(Rc<Expression>, Rc<Origin>),
    /// Texts are templates; everything else is as it stands.
    Json(Rc<Node>),
}

impl Expr {
    pub(crate) fn at(&self) -> At {
        use hcl_edit::Span;
        match self {
            Self::Hcl(expression, origin) => origin.at(expression.span()),
            Self::Json(node) => node.at,
        }
    }
}

/// From spans to places.
pub(crate) enum Origin {
    /// Bytes of this text.
    Text { file: u32, text: String, lines: LineIndex },
    /// Within a JSON text: its place counts for all of it.
    Within(At),
}

/// A place that is worked out when it is asked for: in a long line that takes a while.
#[derive(Clone, Copy)]
pub(crate) struct Spot<'o> {
    origin: &'o Origin,
    start: Option<usize>,
}

impl Spot<'_> {
    pub(crate) fn at(self) -> At {
        self.origin.at(self.start.map(|start| start..start))
    }
}

impl Origin {
    pub(crate) fn spot(&self, span: Option<Range<usize>>) -> Spot<'_> {
        Spot { origin: self, start: span.map(|span| span.start) }
    }

    pub(crate) fn text(file: u32, text: &str) -> Self {
        Self::Text { file, text: text.to_owned(), lines: LineIndex::new(text.as_bytes()) }
    }

    pub(crate) fn at(&self, span: Option<Range<usize>>) -> At {
        match self {
            Self::Within(at) => *at,
            Self::Text { file, text, lines } => {
                let start = span.map_or(0, |span| span.start).min(text.len());
                let start = u32::try_from(start).unwrap_or(u32::MAX);
                At { file: *file, line: lines.line(start), column: lines.column(text.as_bytes(), start) }
            }
        }
    }
}
