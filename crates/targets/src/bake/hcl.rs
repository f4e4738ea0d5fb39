//! HCL text to [`Document`].

use std::rc::Rc;

use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute as HclAttribute, Block as HclBlock, Body, Structure};

use super::document::{Attribute, Block, BlockKind, Document, Expr, Function, MAX_NAMES, Origin, Variable};
use crate::error::{Cause, Error};
use crate::sources::{At, Sources};

/// Adds what a text declares.
pub(super) fn read(sources: &Sources<'_>, file: u32, text: &str, document: &mut Document) -> Result<(), Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let body = super::parser::body(text).map_err(|problem| {
        let at = At { file, line: problem.line, column: problem.column };
        sources.error(at, Cause::Syntax(problem.message))
    })?;
    let reader = Reader { sources, origin: Rc::new(Origin::text(file, text)) };
    for structure in body {
        reader.structure(structure, document)?;
    }
    Ok(())
}

struct Reader<'a, 's> {
    sources: &'a Sources<'s>,
    origin: Rc<Origin>,
}

impl Reader<'_, '_> {
    fn structure(&self, structure: Structure, document: &mut Document) -> Result<(), Error> {
        let block = match structure {
            Structure::Attribute(attribute) => {
                document.attributes.push(self.attribute(attribute));
                return Ok(());
            }
            Structure::Block(block) => block,
        };
        match block.ident.as_str() {
            "variable" => document.variables.push(self.variable(block)?),
            "function" => document.functions.push(self.function(block)?),
            "target" => document.blocks.push(self.block(BlockKind::Target, block)?),
            "group" => document.blocks.push(self.block(BlockKind::Group, block)?),
            other => {
                let message = format!("a bake file has no `{other}` blocks: it is not read");
                self.sources.warn(self.origin.at(block.ident.span()), message);
            }
        }
        Ok(())
    }

    fn attribute(&self, attribute: HclAttribute) -> Attribute {
        let at = self.origin.at(attribute.key.span());
        Attribute { name: attribute.key.as_str().to_owned(), at, value: self.expr(attribute.value) }
    }

    fn expr(&self, expression: Expression) -> Expr {
        Expr::Hcl(Rc::new(expression), self.origin.clone())
    }

    fn label(&self, block: &HclBlock) -> Result<(String, At), Error> {
        match &block.labels[..] {
            [label] => Ok((label.as_str().to_owned(), self.origin.at(label.span()))),
            _ => {
                let kind = block.ident.as_str();
                let message = format!("a `{kind}` block has one name: {kind} \"name\" {{");
                self.sources.wrong(self.origin.at(block.ident.span()), message)
            }
        }
    }

    /// The attributes of a block; blocks within it by name.
    fn body(&self, body: Body) -> (Vec<Attribute>, Vec<HclBlock>) {
        let mut attributes = Vec::new();
        let mut blocks = Vec::new();
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => attributes.push(self.attribute(attribute)),
                Structure::Block(block) => blocks.push(block),
            }
        }
        (attributes, blocks)
    }

    fn block(&self, kind: BlockKind, block: HclBlock) -> Result<Block, Error> {
        let (label, at) = self.label(&block)?;
        let (attributes, inner) = self.body(block.body);
        for block in inner {
            let message = format!("`{}` takes an equals sign: {0} = {{", block.ident.as_str());
            self.sources.warn(self.origin.at(block.ident.span()), message);
        }
        Ok(Block { kind, label, at, attributes })
    }

    fn variable(&self, block: HclBlock) -> Result<Variable, Error> {
        let (name, at) = self.label(&block)?;
        let (attributes, inner) = self.body(block.body);
        let mut variable = Variable { name, at, default: None, kind: None, validations: Vec::new() };
        for attribute in attributes {
            match attribute.name.as_str() {
                "default" => variable.default = Some(attribute.value),
                "type" => variable.kind = Some(attribute.value),
                _ => {}
            }
        }
        for block in inner.into_iter().filter(|block| block.ident.as_str() == "validation") {
            let (attributes, _) = self.body(block.body);
            let find = |name: &str| attributes.iter().find(|one| one.name == name).map(|one| one.value.clone());
            if let Some(condition) = find("condition") {
                variable.validations.push((condition, find("error_message")));
            }
        }
        Ok(variable)
    }

    fn function(&self, block: HclBlock) -> Result<Function, Error> {
        let (name, at) = self.label(&block)?;
        let (attributes, _) = self.body(block.body);
        let find = |wanted: &str| attributes.iter().find(|one| one.name == wanted).map(|one| one.value.clone());
        let needed = |wanted: &str| {
            let message = format!("the function `{name}` needs `{wanted}`");
            find(wanted).ok_or_else(|| self.sources.error(at, Cause::Invalid(message)))
        };
        let params = match needed("params")? {
            Expr::Hcl(expression, _) => expression.as_array().map(|array| array.iter().map(word).collect()),
            Expr::Json(_) => None,
        };
        let params: Option<Vec<String>> = params.and_then(|params: Vec<Option<String>>| params.into_iter().collect());
        let Some(params) = params else {
            return self.sources.wrong(at, format!("the `params` of the function `{name}` are a list of names"));
        };
        let variadic = match find("variadic_params") {
            Some(Expr::Hcl(expression, _)) => word(&expression),
            _ => None,
        };
        let result = needed("result")?;
        if params.len() > MAX_NAMES {
            return Err(self.sources.error(at, Cause::TooMuch("the number of parameters")));
        }
        Ok(Function { name, params, variadic, result })
    }
}

/// A bare name.
fn word(expression: &Expression) -> Option<String> {
    match expression {
        Expression::Variable(name) => Some(name.as_str().to_owned()),
        _ => None,
    }
}
