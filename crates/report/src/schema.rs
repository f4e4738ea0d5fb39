//! JSON Schemas of the documents, made from the types. `cargo xtask gen` writes them to `schemas/`; a test proves them fresh.

use schemars::{JsonSchema, Schema, schema_for};

use crate::check::{CheckReport, ConfigReport, RulesReport};
use crate::image::{AnalyzeReport, DiffReport, HistoryReport, InspectReport, WhyReport};
use crate::{OptimizeReport, ProofFile, VerifyReport, json};

/// File name in `schemas/` and content of every schema.
pub fn schemas() -> Vec<(&'static str, String)> {
    vec![
        ("analyze.schema.json", text::<AnalyzeReport>("jettison analyze")),
        ("check.schema.json", text::<CheckReport>("jettison check")),
        ("config.schema.json", text::<ConfigReport>("jettison config show")),
        ("diff.schema.json", text::<DiffReport>("jettison diff")),
        ("history.schema.json", text::<HistoryReport>("jettison history")),
        ("inspect.schema.json", text::<InspectReport>("jettison inspect")),
        ("optimize.schema.json", text::<OptimizeReport>("jettison optimize")),
        ("proof.schema.json", text::<ProofFile>("jettison.proof.json")),
        ("rules.schema.json", text::<RulesReport>("jettison rules, jettison explain")),
        ("verify.schema.json", text::<VerifyReport>("jettison verify")),
        ("why.schema.json", text::<WhyReport>("jettison why")),
    ]
}

fn text<T: JsonSchema>(title: &str) -> String {
    let mut schema: Schema = schema_for!(T);
    schema.insert("title".to_owned(), title.into());
    json::pretty(&schema)
}
