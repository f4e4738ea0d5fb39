//! Expressions to values. <https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#expressions>

use std::collections::BTreeMap;

use hcl_edit::Span;
use hcl_edit::expr::{Conditional, Expression, ForExpr, FuncCall, ObjectKey, Traversal, TraversalOperator};

use super::document::{BlockKind, Expr, Origin, Spot};
use super::functions;
use super::number::Number;
use super::scope::{Locals, Scope};
use super::types;
use super::value::{Fault, Value};
use crate::error::{Cause, Error, nearest, shortened};
use crate::sources::At;
use crate::yaml::{Data, Node, scalar};

impl Scope<'_, '_> {
    pub(crate) fn eval(&self, expr: &Expr, locals: &Locals<'_>) -> Result<Value, Error> {
        match expr {
            Expr::Hcl(expression, origin) => self.expression(expression, origin, locals),
            Expr::Json(node) => self.json(node, locals),
        }
    }

    fn json(&self, node: &Node, locals: &Locals<'_>) -> Result<Value, Error> {
        self.deeper(
            || node.at,
            || match &node.data {
                Data::List(items) => {
                    Ok(Value::List(items.iter().map(|item| self.json(item, locals)).collect::<Result<_, _>>()?))
                }
                Data::Map(entries) => {
                    let mut map = BTreeMap::new();
                    for entry in entries {
                        let key = self.json_text(&entry.key, entry.at, locals)?;
                        let key = key.print().unwrap_or_else(|_| entry.key.clone());
                        map.insert(key, self.json(&entry.value, locals)?);
                    }
                    Ok(Value::Map(map))
                }
                Data::Text { text, plain: true } => Ok(match scalar::boolean(text) {
                    Some(value) => Value::Bool(value),
                    None => Number::parse(text).map_or(Value::Null, Value::Number),
                }),
                Data::Text { text, plain: false } => self.json_text(text, node.at, locals),
            },
        )
    }

    /// A text of JSON is a template.
    fn json_text(&self, text: &str, at: At, locals: &Locals<'_>) -> Result<Value, Error> {
        if !text.contains("${") && !text.contains("%{") {
            return self.checked(|| at, Ok(Value::Text(text.to_owned())));
        }
        let template = super::parser::template(text).map_err(|problem| {
            self.sources.error(at, Cause::Syntax(format!("`{}`: {}", shortened(text), problem.message)))
        })?;
        self.template(&template, &Origin::Within(at), locals)
    }

    pub(super) fn expression(
        &self,
        expression: &Expression,
        origin: &Origin,
        locals: &Locals<'_>,
    ) -> Result<Value, Error> {
        let at = || origin.at(expression.span());
        self.deeper(at, || match expression {
            Expression::Null(_) => Ok(Value::Null),
            Expression::Bool(value) => Ok(Value::Bool(**value)),
            Expression::Number(number) => Ok(Value::Number(literal(number))),
            Expression::String(text) => self.checked(at, Ok(Value::Text(text.to_string()))),
            Expression::Array(items) => {
                let items = items.iter().map(|item| self.expression(item, origin, locals));
                Ok(Value::List(items.collect::<Result<_, _>>()?))
            }
            Expression::Object(object) => {
                let mut map = BTreeMap::new();
                for (key, value) in object {
                    let key = self.key(key, origin, locals)?;
                    map.insert(key, self.expression(value.expr(), origin, locals)?);
                }
                Ok(Value::Map(map))
            }
            Expression::StringTemplate(template) => self.template(template, origin, locals),
            Expression::HeredocTemplate(heredoc) => self.template(&heredoc.template, origin, locals),
            Expression::Parenthesis(inner) => self.expression(inner.inner(), origin, locals),
            Expression::Variable(name) => match name.as_str() {
                name @ ("target" | "group") if locals.get(name).is_none() => {
                    self.sources.wrong(at(), format!("`{name}` needs a name and an attribute: {name}.name.args"))
                }
                name => self.lookup(name, at, locals),
            },
            Expression::Conditional(conditional) => self.conditional(conditional, origin, locals),
            Expression::FuncCall(call) => self.function_call(call, origin, locals),
            Expression::Traversal(traversal) => self.traversal(traversal, origin, locals),
            Expression::UnaryOp(operation) => {
                let value = self.expression(&operation.expr, origin, locals)?;
                self.checked(at, super::operators::unary(*operation.operator, value))
            }
            Expression::BinaryOp(operation) => {
                let left = self.expression(&operation.lhs_expr, origin, locals)?;
                let right = self.expression(&operation.rhs_expr, origin, locals)?;
                self.checked(at, super::operators::binary(*operation.operator, left, right))
            }
            Expression::ForExpr(expression) => self.for_expression(expression, origin, locals),
        })
    }

    fn key(&self, key: &ObjectKey, origin: &Origin, locals: &Locals<'_>) -> Result<String, Error> {
        let expression = match key {
            ObjectKey::Ident(name) => return Ok(name.as_str().to_owned()),
            ObjectKey::Expression(Expression::Variable(name)) => return Ok(name.as_str().to_owned()),
            ObjectKey::Expression(expression) => expression,
        };
        let value = self.expression(expression, origin, locals)?;
        self.printed(&value, || origin.at(expression.span()))
    }

    /// A value that must be a text and known: a key, a name.
    pub(super) fn printed(&self, value: &Value, at: impl Fn() -> At) -> Result<String, Error> {
        match value.print() {
            Ok(text) => Ok(text),
            Err(Fault::Wrong(message)) => self.sources.wrong(at(), message),
            Err(_) => self.sources.wrong(at(), "this name is not known without running bake"),
        }
    }

    /// The branch that counts; the other one only says whether a text is meant.
    fn conditional(&self, conditional: &Conditional, origin: &Origin, locals: &Locals<'_>) -> Result<Value, Error> {
        let condition = self.expression(&conditional.cond_expr, origin, locals)?;
        if let Some(opaque) = condition.opaque() {
            return Ok(Value::Opaque(Box::new(opaque.clone())));
        }
        let truth = match condition.truth() {
            Ok(truth) => truth,
            Err(fault) => return self.fault(origin.at(conditional.cond_expr.span()), fault),
        };
        let (taken, other) = match truth {
            true => (&conditional.true_expr, &conditional.false_expr),
            false => (&conditional.false_expr, &conditional.true_expr),
        };
        let value = self.expression(taken, origin, locals)?;
        let primitive = matches!(value, Value::Bool(_) | Value::Number(_));
        if primitive && matches!(self.expression(other, origin, locals), Ok(Value::Text(_))) {
            return self.checked(|| origin.at(taken.span()), value.print().map(Value::Text));
        }
        Ok(value)
    }

    fn function_call(&self, call: &FuncCall, origin: &Origin, locals: &Locals<'_>) -> Result<Value, Error> {
        let spot = origin.spot(call.span());
        let name = call.name.name.as_str();
        let arguments = || call.args.iter();
        match name {
            "try" => {
                let mut failed = None;
                for argument in arguments() {
                    match self.expression(argument, origin, locals) {
                        Ok(value) => return Ok(value),
                        Err(error) => failed = Some(error),
                    }
                }
                return match failed {
                    Some(error) => Err(error),
                    None => self.sources.wrong(spot.at(), "`try` needs an argument"),
                };
            }
            "can" => {
                let mut tried = arguments().map(|argument| self.expression(argument, origin, locals).is_ok());
                return Ok(Value::Bool(tried.all(|worked| worked)));
            }
            "convert" => {
                let [value, kind] = arguments().collect::<Vec<_>>()[..] else {
                    return self.sources.wrong(spot.at(), "`convert` takes a value and a type");
                };
                let kind = types::of(kind).map_err(|message| self.sources.error(spot.at(), Cause::Invalid(message)))?;
                let value = self.expression(value, origin, locals)?;
                return self.checked(|| spot.at(), types::convert(value, &kind));
            }
            _ => {}
        }
        let mut values = arguments().map(|it| self.expression(it, origin, locals)).collect::<Result<Vec<_>, _>>()?;
        if call.args.expand_final() {
            match values.pop() {
                Some(Value::List(items)) => values.extend(items),
                Some(opaque @ Value::Opaque(_)) => return Ok(opaque),
                _ => return self.sources.wrong(spot.at(), "only a list can be expanded with `...`"),
            }
        }
        if let Some(function) = self.function(name) {
            return self.call(function, spot, values);
        }
        let Some(result) = functions::call(name, &values, self.environment, &self.sources.budget) else {
            let own = self.document.functions.iter().map(|function| function.name.as_str());
            let near = nearest(name, functions::names().chain(own));
            return Err(self
                .sources
                .error(spot.at(), Cause::Unknown { kind: "function", name: name.to_owned(), near }));
        };
        self.checked(|| spot.at(), result)
    }

    fn for_expression(&self, it: &ForExpr, origin: &Origin, locals: &Locals<'_>) -> Result<Value, Error> {
        let at = || origin.at(it.intro.collection_expr.span());
        let collection = self.expression(&it.intro.collection_expr, origin, locals)?;
        if let Value::Opaque(_) = collection {
            return Ok(collection);
        }
        let pairs = match collection.pairs() {
            Ok(pairs) => pairs,
            Err(fault) => return self.fault(at(), fault),
        };
        let mut list = Vec::new();
        let mut map: BTreeMap<String, Value> = BTreeMap::new();
        for (key, value) in pairs {
            let mut names = vec![(it.intro.value_var.as_str().to_owned(), value)];
            names.extend(it.intro.key_var.as_ref().map(|name| (name.as_str().to_owned(), key)));
            let inner = Locals::within(&names, locals);
            if let Some(condition) = &it.cond {
                let holds = self.expression(&condition.expr, origin, &inner)?;
                if let Some(opaque) = holds.opaque() {
                    return Ok(Value::Opaque(Box::new(opaque.clone())));
                }
                match holds.truth() {
                    Ok(true) => {}
                    Ok(false) => continue,
                    Err(fault) => return self.fault(origin.at(condition.expr.span()), fault),
                }
            }
            let value = self.expression(&it.value_expr, origin, &inner)?;
            let Some(key) = &it.key_expr else {
                list.push(value);
                continue;
            };
            let at = || origin.at(key.span());
            let key = self.printed(&self.expression(key, origin, &inner)?, at)?;
            match (it.grouping, map.get_mut(&key)) {
                (true, Some(Value::List(group))) => group.push(value),
                (true, _) => {
                    map.insert(key, Value::List(vec![value]));
                }
                (false, Some(_)) => return self.sources.wrong(at(), format!("the key `{key}` comes twice")),
                (false, None) => {
                    map.insert(key, value);
                }
            }
        }
        Ok(if it.key_expr.is_some() { Value::Map(map) } else { Value::List(list) })
    }

    fn traversal(&self, traversal: &Traversal, origin: &Origin, locals: &Locals<'_>) -> Result<Value, Error> {
        let operators: Vec<&TraversalOperator> = traversal.operators.iter().map(|operator| &**operator).collect();
        let walk = Walk { scope: self, spot: origin.spot(traversal.span()), origin, locals };
        if let Some((value, used)) = walk.block_value(&traversal.expr, &operators)? {
            return walk.on(value, operators.get(used..).unwrap_or_default());
        }
        walk.on(self.expression(&traversal.expr, origin, locals)?, &operators)
    }
}

/// One traversal.
#[derive(Clone, Copy)]
struct Walk<'w, 'd, 's> {
    scope: &'w Scope<'d, 's>,
    spot: Spot<'w>,
    origin: &'w Origin,
    locals: &'w Locals<'w>,
}

impl Walk<'_, '_, '_> {
    /// `target.name.attribute`, and how many operators that takes.
    fn block_value(
        &self,
        root: &Expression,
        operators: &[&TraversalOperator],
    ) -> Result<Option<(Value, usize)>, Error> {
        let kind = match root.as_variable().map(|name| name.as_str()) {
            Some(name) if self.locals.get(name).is_some() => return Ok(None),
            Some("target") => BlockKind::Target,
            Some("group") => BlockKind::Group,
            _ => return Ok(None),
        };
        let name = |operator: &TraversalOperator| match operator {
            TraversalOperator::GetAttr(name) => Some(name.as_str().to_owned()),
            TraversalOperator::Index(Expression::String(name)) => Some(name.as_str().to_owned()),
            _ => None,
        };
        if let [label, attribute, ..] = operators
            && let (Some(label), Some(attribute)) = (name(label), name(attribute))
        {
            return Ok(Some((self.scope.block_attribute(kind, &label, &attribute, self.spot)?, 2)));
        }
        let message = format!("`{}` is followed by a name and an attribute", kind.word());
        self.scope.sources.wrong(self.spot.at(), message)
    }

    /// The value that the operators lead to from this one.
    fn on(&self, mut value: Value, operators: &[&TraversalOperator]) -> Result<Value, Error> {
        let mut rest = operators;
        while let Some((operator, after)) = rest.split_first() {
            if let Value::Opaque(_) = value {
                return Ok(value);
            }
            rest = after;
            let step = match operator {
                TraversalOperator::GetAttr(name) => value.attribute(name.as_str()),
                TraversalOperator::Index(key) => {
                    let key = self.scope.expression(key, self.origin, self.locals)?;
                    if let Value::Opaque(_) = key { Ok(key) } else { value.index(&key) }
                }
                TraversalOperator::LegacyIndex(index) => value.index(&Value::Number(Number::Int((**index).into()))),
                TraversalOperator::FullSplat(_) => return self.splat(value, after),
                TraversalOperator::AttrSplat(_) => {
                    let is_name = |operator: &&&TraversalOperator| matches!(operator, TraversalOperator::GetAttr(_));
                    let (own, after) = after.split_at(after.iter().take_while(is_name).count());
                    rest = after;
                    Ok(self.splat(value, own)?)
                }
            };
            value = self.scope.checked(|| self.spot.at(), step)?;
        }
        Ok(value)
    }

    /// Where the operators lead from every element.
    fn splat(&self, value: Value, operators: &[&TraversalOperator]) -> Result<Value, Error> {
        let items = match value {
            Value::List(items) => items,
            Value::Null => Vec::new(),
            one => vec![one],
        };
        let walked = || items.into_iter().map(|item| self.on(item, operators)).collect::<Result<_, _>>();
        self.scope.deeper(|| self.spot.at(), || walked().map(Value::List))
    }
}

fn literal(number: &hcl_edit::Number) -> Number {
    let whole = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    whole.map(Number::Int).unwrap_or_else(|| Number::of(number.as_f64().unwrap_or_default()))
}
