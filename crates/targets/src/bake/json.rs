//! JSON text to [`Document`]: HCL's JSON form, in which texts are templates. The tree comes from the YAML reader, which has places
//! for everything; a strict JSON reader has looked at the text before. <https://github.com/hashicorp/hcl/blob/main/json/spec.md>

use std::rc::Rc;

use super::document::{Attribute, Block, BlockKind, Document, Expr, Function, MAX_NAMES, Variable};
use crate::error::{Cause, Error};
use crate::sources::{At, Sources};
use crate::yaml::{self, Data, Entry, Node, scalar};

/// Adds what a text declares.
pub(super) fn read(sources: &Sources<'_>, file: u32, text: &str, document: &mut Document) -> Result<(), Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Err(error) = serde_json::from_str::<serde_json::Value>(text) {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).max(1);
        let (line, column) = (number(error.line()), number(error.column()));
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        return Err(sources.error(At { file, line, column }, Cause::Syntax(message.to_owned())));
    }
    let trees = yaml::parse(sources, file, text)?;
    let Some(tree) = trees.into_iter().next() else { return Ok(()) };
    let Data::Map(entries) = tree.data else {
        return sources.wrong(tree.at, format!("a bake file is an object, not {}", tree.kind()));
    };
    let reader = Reader { sources };
    for entry in entries {
        reader.entry(entry, document)?;
    }
    Ok(())
}

struct Reader<'a, 's> {
    sources: &'a Sources<'s>,
}

impl Reader<'_, '_> {
    fn entry(&self, entry: Entry, document: &mut Document) -> Result<(), Error> {
        match entry.key.as_str() {
            "variable" => {
                for (name, at, body) in self.blocks(&entry)? {
                    document.variables.push(self.variable(name, at, &body));
                }
            }
            "function" => {
                for (name, at, body) in self.blocks(&entry)? {
                    document.functions.push(self.function(name, at, &body)?);
                }
            }
            "target" => self.targets(BlockKind::Target, &entry, document)?,
            "group" => self.targets(BlockKind::Group, &entry, document)?,
            _ => document.attributes.push(attribute(entry)),
        }
        Ok(())
    }

    fn targets(&self, kind: BlockKind, entry: &Entry, document: &mut Document) -> Result<(), Error> {
        for (label, at, body) in self.blocks(entry)? {
            let attributes = body.into_iter().map(attribute).collect();
            document.blocks.push(Block { kind, label, at, attributes });
        }
        Ok(())
    }

    /// `{"name": {…}}`, `{"name": [{…}, {…}]}` and lists of those.
    fn blocks(&self, entry: &Entry) -> Result<Vec<(String, At, Vec<Entry>)>, Error> {
        let mut all = Vec::new();
        for labels in objects(&entry.value) {
            let Some(labels) = labels.entries() else {
                return self.sources.wrong(labels.at, format!("`{}` is an object, not {}", entry.key, labels.kind()));
            };
            for label in labels {
                for body in objects(&label.value) {
                    match body.entries() {
                        Some(body) => all.push((label.key.clone(), label.at, body.to_vec())),
                        None if body.is_null() => all.push((label.key.clone(), label.at, Vec::new())),
                        None => {
                            let message = format!("`{}` is an object, not {}", label.key, body.kind());
                            return self.sources.wrong(body.at, message);
                        }
                    }
                }
            }
        }
        Ok(all)
    }

    fn variable(&self, name: String, at: At, body: &[Entry]) -> Variable {
        let find = |key: &str| body.iter().find(|entry| entry.key == key).map(|entry| expr(&entry.value));
        let validations = body.iter().filter(|entry| entry.key == "validation").flat_map(|entry| objects(&entry.value));
        let validations = validations.filter_map(|node| {
            let part = |key: &str| node.get(key).map(expr);
            Some((part("condition")?, part("error_message")))
        });
        Variable { name, at, default: find("default"), kind: find("type"), validations: validations.collect() }
    }

    fn function(&self, name: String, at: At, body: &[Entry]) -> Result<Function, Error> {
        let find = |key: &str| body.iter().find(|entry| entry.key == key).map(|entry| &entry.value);
        let (Some(params), Some(result)) = (find("params"), find("result")) else {
            return self.sources.wrong(at, format!("the function `{name}` needs `params` and `result`"));
        };
        let Data::List(items) = &params.data else {
            return self.sources.wrong(at, format!("the `params` of the function `{name}` are a list of names"));
        };
        let params: Vec<String> = items.iter().filter_map(scalar::text).collect();
        let variadic = find("variadic_params").and_then(scalar::text);
        if params.len() > MAX_NAMES {
            return Err(self.sources.error(at, Cause::TooMuch("the number of parameters")));
        }
        Ok(Function { name, params, variadic, result: expr(result) })
    }
}

fn attribute(entry: Entry) -> Attribute {
    Attribute { name: entry.key, at: entry.at, value: Expr::Json(Rc::new(entry.value)) }
}

fn expr(node: &Node) -> Expr {
    Expr::Json(Rc::new(node.clone()))
}

/// One object, or each of a list.
fn objects(node: &Node) -> &[Node] {
    match &node.data {
        Data::List(items) => items,
        _ => std::slice::from_ref(node),
    }
}
