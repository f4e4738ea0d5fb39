//! The data of the zoomable picture: three trees of sizes as compact JSON.

use serde_json::{Value, json};

use super::page::data_block;
use crate::image::{AnalyzeReport, MapNode, SizeMaps};
use crate::text::harmless;
use crate::text::image::one_line;
use crate::text::{shorten_end, shorten_middle};

/// Names longer than this are shortened: a path may be as long as its tar allows.
const LONGEST: usize = 240;

/// The block that the script reads.
pub(super) fn data(report: &AnalyzeReport, maps: &SizeMaps) -> String {
    let layers: Vec<String> = report.layers.iter().map(|layer| shorten_end(&shown(&layer.instruction), 120)).collect();
    let base: Vec<bool> = report.layers.iter().map(|layer| layer.base == Some(true)).collect();
    let data = json!({
        "layers": layers,
        "base": base,
        "root": {"directories": "/", "layers": "all layers", "packages": "all packages"},
        "whole": {"directories": "the final tree", "layers": "all layers", "packages": "the final tree"},
        "maps": {
            "directories": node(&maps.directories),
            "layers": node(&maps.layers),
            "packages": node(&maps.packages),
        },
    });
    data_block(&data.to_string())
}

fn shown(text: &str) -> String {
    harmless(&one_line(text))
}

/// `[name, bytes, compressed, layer, wasted, files, fold, children]`, the last ones left out where they are nothing.
fn node(node: &MapNode) -> Value {
    let mut fields = vec![
        Value::from(shorten_middle(&harmless(&node.name), LONGEST)),
        Value::from(node.bytes),
        Value::from(node.compressed_bytes),
        Value::from(node.layer.unwrap_or(0)),
        Value::from(node.wasted_bytes),
        Value::from(node.files),
        Value::from(u8::from(node.is_fold)),
    ];
    if !node.children.is_empty() {
        fields.push(node.children.iter().map(self::node).collect());
    }
    Value::from(fields)
}
