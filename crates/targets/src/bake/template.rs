//! Templates: texts with `${…}`, `%{ if }` and `%{ for }`; `~` takes the white space away on its side.

use hcl_edit::Span;
use hcl_edit::template::{Directive, Element, ForDirective, IfDirective, Strip, Template};

use super::document::Origin;
use super::scope::{Locals, Scope};
use super::value::{Fault, Value};
use crate::error::{Cause, Error};
use crate::invocation::Opaque;
use crate::sources::At;

/// Text so far, or why there is none.
type Piece = Result<String, Box<Opaque>>;

impl Scope<'_, '_> {
    /// A template's value: that of its only `${…}`, if it is nothing else, else a text.
    pub(super) fn template(&self, template: &Template, origin: &Origin, locals: &Locals<'_>) -> Result<Value, Error> {
        if let Some(Element::Interpolation(only)) = template.as_single_element() {
            return self.expression(&only.expr, origin, locals);
        }
        let piece = self.elements(template, Strip::None, origin, locals)?;
        Ok(match piece {
            Ok(text) => Value::Text(text),
            Err(opaque) => Value::Opaque(opaque),
        })
    }

    /// The elements one after the other. `around` says whether white space goes at the start and at the end.
    fn elements(
        &self,
        template: &Template,
        around: Strip,
        origin: &Origin,
        locals: &Locals<'_>,
    ) -> Result<Piece, Error> {
        let elements: Vec<&Element> = template.iter().collect();
        let mut out = String::new();
        let mut unknown = None;
        for (position, element) in elements.iter().enumerate() {
            let before = position.checked_sub(1).and_then(|at| elements.get(at));
            let start = before.map_or(around.strip_start(), |element| strips(element).strip_end());
            let after = elements.get(position + 1);
            let end = after.map_or(around.strip_end(), |element| strips(element).strip_start());
            let at = || origin.at(element.span());
            let piece = match element {
                Element::Literal(text) => Ok(trimmed(text, start, end).to_owned()),
                Element::Interpolation(it) => {
                    let value = self.expression(&it.expr, origin, locals)?;
                    self.piece(&value, at)?
                }
                Element::Directive(directive) => self.deeper(at, || match &**directive {
                    Directive::If(it) => self.if_directive(it, origin, locals),
                    Directive::For(it) => self.for_directive(it, origin, locals),
                })?,
            };
            match piece {
                Ok(text) if self.sources.budget.take(text.len()) => out.push_str(&text),
                Ok(_) => return Err(self.sources.error(at(), Cause::TooMuch("what it computes"))),
                Err(opaque) => {
                    unknown.get_or_insert(opaque);
                }
            }
        }
        Ok(unknown.map_or(Ok(out), Err))
    }

    fn piece(&self, value: &Value, at: impl Fn() -> At) -> Result<Piece, Error> {
        if let Value::Opaque(opaque) = value {
            return Ok(Err(opaque.clone()));
        }
        match value.print() {
            Ok(text) => Ok(Ok(text)),
            Err(Fault::Unknown(reason)) => Ok(Err(Box::new(Opaque { reason, place: self.sources.place(at()) }))),
            Err(_) => self.sources.wrong(at(), format!("{} cannot be part of a text", value.kind())),
        }
    }

    fn if_directive(&self, it: &IfDirective, origin: &Origin, locals: &Locals<'_>) -> Result<Piece, Error> {
        let condition = self.expression(&it.if_expr.cond_expr, origin, locals)?;
        if let Some(opaque) = condition.opaque() {
            return Ok(Err(Box::new(opaque.clone())));
        }
        let truth = condition
            .truth()
            .or_else(|fault| self.fault(origin.at(it.if_expr.cond_expr.span()), fault).map(|_| false))?;
        let end = it.endif_expr.strip.strip_start();
        match &it.else_expr {
            Some(otherwise) if !truth => {
                let around = Strip::from((otherwise.strip.strip_end(), end));
                self.elements(&otherwise.template, around, origin, locals)
            }
            None if !truth => Ok(Ok(String::new())),
            otherwise => {
                let end = otherwise.as_ref().map_or(end, |otherwise| otherwise.strip.strip_start());
                let around = Strip::from((it.if_expr.strip.strip_end(), end));
                self.elements(&it.if_expr.template, around, origin, locals)
            }
        }
    }

    fn for_directive(&self, it: &ForDirective, origin: &Origin, locals: &Locals<'_>) -> Result<Piece, Error> {
        let expr = &it.for_expr;
        let collection = self.expression(&expr.collection_expr, origin, locals)?;
        if let Value::Opaque(opaque) = collection {
            return Ok(Err(opaque));
        }
        let pairs = match collection.pairs() {
            Ok(pairs) => pairs,
            Err(fault) => return self.fault(origin.at(expr.collection_expr.span()), fault).map(|_| Ok(String::new())),
        };
        let around = Strip::from((expr.strip.strip_end(), it.endfor_expr.strip.strip_start()));
        let mut out = String::new();
        for (key, value) in pairs {
            let mut names = vec![(expr.value_var.as_str().to_owned(), value)];
            names.extend(expr.key_var.as_ref().map(|name| (name.as_str().to_owned(), key)));
            match self.elements(&expr.template, around, origin, &Locals::within(&names, locals))? {
                Ok(text) => out.push_str(&text),
                Err(opaque) => return Ok(Err(opaque)),
            }
        }
        Ok(Ok(out))
    }
}

/// What an element does to the white space before and after it.
fn strips(element: &Element) -> Strip {
    match element {
        Element::Literal(_) => Strip::None,
        Element::Interpolation(it) => it.strip,
        Element::Directive(directive) => match &**directive {
            Directive::If(it) => Strip::from((it.if_expr.strip.strip_start(), it.endif_expr.strip.strip_end())),
            Directive::For(it) => Strip::from((it.for_expr.strip.strip_start(), it.endfor_expr.strip.strip_end())),
        },
    }
}

fn trimmed(text: &str, start: bool, end: bool) -> &str {
    let text = if start { text.trim_start() } else { text };
    if end { text.trim_end() } else { text }
}
