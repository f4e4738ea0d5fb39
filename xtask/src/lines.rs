//! Whether `jettison analyze` names the right Dockerfile line for each byte above the base. The judge is the builder: BuildKit's
//! provenance (mode=max) says which step made which layer, and which lines each step was made from
//! (<https://docs.docker.com/build/metadata/attestations/slsa-definitions/>, `layers` and `source.locations`).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::engine::Engine;
use crate::process;

/// Bytes of layers above the base, those whose line is the builder's, and the layers where it is not; null where the engine
/// keeps no provenance. `tag` is an image that was just built of `folder`; `options` are those that it was built with.
pub fn judged(
    engine: &Engine,
    jettison: &Path,
    folder: &Path,
    file: &str,
    tag: &str,
    options: &[&str],
) -> Result<Value> {
    let scratch = tempfile::tempdir()?;
    let (metadata, tag) = (scratch.path().join("metadata.json"), format!("{tag}-lines"));
    let mut build = engine.command("docker");
    build.current_dir(folder).env("BUILDX_METADATA_PROVENANCE", "max");
    build.args(["build", "--quiet", "--provenance=mode=max", "-f", file, "-t", &tag, "--metadata-file"]).arg(&metadata);
    process::stdout(build.args(options).arg("."))?;
    let mut analyze = engine.command(jettison);
    analyze.current_dir(folder).args(["analyze", &tag, "--dockerfile", file, "--format", "json"]);
    let said = process::stdout(&mut analyze);
    process::capture(engine.command("docker").args(["image", "rm", "-f", &tag]))?;
    let said: Value = serde_json::from_str(&said?).context("what analyze said")?;
    let built: Value = serde_json::from_slice(&fs::read(&metadata)?).context("the builder's metadata")?;
    Ok(lines_of_layers(&built).map_or(Value::Null, |truth| compared(&said, &truth)))
}

/// First lines of the steps that may have made a layer, by the layer's digest; base layers have none. Two steps may make the
/// same bytes.
fn lines_of_layers(built: &Value) -> Option<BTreeMap<String, Vec<u64>>> {
    let known = &built["buildx.build.provenance"]["metadata"]["https://mobyproject.org/buildkit@v1#metadata"];
    let mut chains: Vec<(Vec<&str>, Option<u64>)> = Vec::new();
    for (output, alternatives) in known["layers"].as_object()? {
        let step = output.split(':').next()?;
        let locations = known["source"]["locations"][step]["locations"].as_array().into_iter().flatten();
        let lines = locations.flat_map(|place| place["ranges"].as_array().into_iter().flatten());
        let line = lines.filter_map(|range| range["start"]["line"].as_u64()).min();
        for chain in alternatives.as_array().into_iter().flatten() {
            let digests = chain.as_array().into_iter().flatten();
            chains.push((digests.filter_map(|layer| layer["digest"].as_str()).collect(), line));
        }
    }
    let mut truth: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for (chain, line) in &chains {
        let Some((last, before)) = chain.split_last() else { continue };
        // a step made its last layer only if it stands on a step that has all but that one
        let made = chains.iter().any(|(other, _)| other == before);
        truth.entry((*last).to_owned()).or_default().extend(line.filter(|_| made));
    }
    Some(truth)
}

fn compared(said: &Value, truth: &BTreeMap<String, Vec<u64>>) -> Value {
    let (mut above, mut right, mut wrong) = (0, 0, Vec::new());
    for layer in said["layers"].as_array().into_iter().flatten() {
        // an instruction that made no layer has no digest
        let Some(digest) = layer["digest"].as_str() else { continue };
        let lines = match truth.get(digest) {
            Some(lines) if lines.is_empty() => continue,
            Some(lines) => lines.as_slice(),
            // what the builder did not make and nobody claims to be a line's: an image that was there is named as a whole
            None if layer["base"] == true && layer["dockerfile_line"].is_null() => continue,
            None => &[],
        };
        let bytes = layer["unpacked_bytes"].as_u64().unwrap_or(0);
        above += bytes;
        match layer["dockerfile_line"].as_u64() {
            Some(line) if lines.contains(&line) => right += bytes,
            line => wrong.push(json!({"digest": digest, "bytes": bytes, "said": line, "builder": lines})),
        }
    }
    json!({"above_base_bytes": above, "right_bytes": right, "wrong": wrong})
}

/// The share of the bytes above the base whose line is right, 0 to 1; none where it is not known.
pub fn share(judged: &Value) -> Option<f64> {
    let above = judged["above_base_bytes"].as_f64().filter(|above| *above > 0.0)?;
    Some(judged["right_bytes"].as_f64()? / above)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(digest: &str) -> Value {
        json!({"digest": digest})
    }

    fn built() -> Value {
        let at =
            |line: u64| json!({"locations": [{"ranges": [{"start": {"line": line}}, {"start": {"line": line + 1}}]}]});
        json!({"buildx.build.provenance": {"metadata": {"https://mobyproject.org/buildkit@v1#metadata": {
            "source": {"locations": {"step0": at(1), "step1": at(3), "step2": at(7)}},
            "layers": {
                "step0:0": [[layer("base0"), layer("base1")]],
                "step1:0": [[layer("base0"), layer("base1"), layer("a")]],
                "step2:0": [[layer("base0"), layer("base1"), layer("a"), layer("b")]],
            },
        }}}})
    }

    #[test]
    fn a_layer_belongs_to_the_step_that_added_it() {
        let truth = lines_of_layers(&built()).expect("provenance");
        assert_eq!((&truth["a"][..], &truth["b"][..]), (&[3][..], &[7][..]));
        assert!(truth["base1"].is_empty(), "the base is nobody's line");
    }

    #[test]
    fn a_wrong_line_counts_against_us() {
        let said = json!({"layers": [
            {"digest": "base0, by another name", "unpacked_bytes": 1000, "base": true},
            {"digest": "base1", "unpacked_bytes": 1000, "base": true},
            {"digest": "a", "unpacked_bytes": 300, "dockerfile_line": 3},
            {"digest": "b", "unpacked_bytes": 60, "dockerfile_line": 8},
            {"digest": "never built", "unpacked_bytes": 40, "dockerfile_line": 3},
            {"created_by": "ENV A=b", "unpacked_bytes": 0},
        ]});
        let judged = compared(&said, &lines_of_layers(&built()).expect("provenance"));
        assert_eq!(share(&judged), Some(0.75), "{judged}");
        assert_eq!(judged["wrong"].as_array().map(Vec::len), Some(2));
    }

    #[test]
    fn without_provenance_nothing_is_judged() {
        assert_eq!(lines_of_layers(&json!({})), None);
        assert_eq!(share(&Value::Null), None);
    }
}
