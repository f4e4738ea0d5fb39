//! Where the base image ends and the app's own layers begin. The base's diff IDs say it; where the engine cannot show the base,
//! the Dockerfile's instructions are counted against the image's history. OCI image-spec, config.md.

use std::collections::BTreeMap;

use jettison_dockerfile::expand::Env;
use jettison_dockerfile::stages::{Base, StageGraph};
use jettison_dockerfile::{Dockerfile, Keyword};
use jettison_engine::Engine;
use jettison_image::ImageConfig;
use serde_json::Value;

/// The bottom of the built stage's `FROM` chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bottom {
    /// Expanded reference; none for `scratch`, or where it does not expand.
    pub reference: Option<String>,
    /// `FROM scratch`.
    pub scratch: bool,
    /// History entries that the chain's instructions make.
    pub entries: usize,
}

impl Bottom {
    /// Reads it from a Dockerfile.
    pub(crate) fn of(
        dockerfile: &[u8],
        target: Option<&str>,
        build_args: &[(String, Option<String>)],
        arch: &str,
    ) -> Self {
        let dockerfile = jettison_dockerfile::parse(dockerfile);
        let args: Env = build_args.iter().filter_map(|(name, value)| Some((name.clone(), value.clone()?))).collect();
        let graph = StageGraph::new(&dockerfile, &args, arch);
        let mut bottom = Self::default();
        let mut at = graph.target(target);
        while let Some(stage) = at.and_then(|index| graph.stages.get(index)) {
            bottom.entries += entries(&dockerfile, stage.instructions.clone());
            at = match &stage.base {
                // Only earlier stages can be bases, so the way down ends.
                Base::Stage(earlier) => Some(*earlier).filter(|earlier| *earlier < stage.index),
                Base::Image(reference) => {
                    bottom.reference = Some(reference.clone());
                    None
                }
                Base::Scratch => {
                    bottom.scratch = true;
                    None
                }
                Base::Unresolved(_) => None,
            };
        }
        bottom
    }
}

fn entries(dockerfile: &Dockerfile, range: std::ops::Range<usize>) -> usize {
    let instructions = dockerfile.instructions().get(range).unwrap_or_default();
    instructions.iter().filter(|instruction| instruction.keyword != Keyword::From).count()
}

/// What the engine says of a base image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BaseImage {
    /// Lowest first.
    pub diff_ids: Vec<String>,
    /// Labels that images built on it inherit.
    pub labels: BTreeMap<String, String>,
}

impl BaseImage {
    /// Looks at the local copy, or pulls; none where neither works.
    pub(crate) fn ask(engine: &dyn Engine, reference: &str) -> Option<Self> {
        if engine.image_id(reference).ok()?.is_none() {
            engine.pull(reference).ok()?;
        }
        Some(Self::read(&engine.inspect_image(reference).ok()?))
    }

    /// Docker and podman say `RootFS.Layers`, buildah `OCIv1.rootfs.diff_ids`.
    fn read(inspect: &Value) -> Self {
        let layers = ["/RootFS/Layers", "/OCIv1/rootfs/diff_ids", "/rootfs/diff_ids"];
        let labels = ["/Config/Labels", "/OCIv1/config/Labels", "/config/Labels"];
        let ids = layers.iter().find_map(|at| inspect.pointer(at)?.as_array());
        let labels = labels.iter().find_map(|at| inspect.pointer(at)?.as_object());
        Self {
            diff_ids: ids.into_iter().flatten().filter_map(|id| Some(id.as_str()?.to_owned())).collect(),
            labels: labels
                .into_iter()
                .flatten()
                .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
                .collect(),
        }
    }
}

/// How many of the image's layers are its base's.
pub(crate) fn base_layers(image: &ImageConfig, bottom: &Bottom, base: Option<&BaseImage>) -> usize {
    if bottom.scratch {
        return 0;
    }
    let whole = |base: &&BaseImage| !base.diff_ids.is_empty() && image.diff_ids.starts_with(&base.diff_ids);
    match base.filter(whole) {
        Some(base) => base.diff_ids.len(),
        None => counted(image, bottom.entries),
    }
}

/// The layers below the last `entries` history entries.
fn counted(image: &ImageConfig, entries: usize) -> usize {
    let own = image.history.iter().rev().take(entries).filter(|entry| !entry.empty_layer).count();
    image.diff_ids.len().saturating_sub(own)
}

#[cfg(test)]
mod tests {
    use jettison_model::HistoryEntry;
    use serde_json::json;

    use super::*;

    fn image(diff_ids: &[&str], empty: &[bool]) -> ImageConfig {
        let history = empty.iter().map(|empty| HistoryEntry { empty_layer: *empty, ..HistoryEntry::default() });
        ImageConfig {
            diff_ids: diff_ids.iter().map(|id| (*id).to_owned()).collect(),
            history: history.collect(),
            ..ImageConfig::default()
        }
    }

    fn base(diff_ids: &[&str]) -> BaseImage {
        BaseImage { diff_ids: diff_ids.iter().map(|id| (*id).to_owned()).collect(), ..BaseImage::default() }
    }

    #[test]
    fn counts_the_bases_layers_by_their_ids() {
        let image = image(&["a", "b", "c"], &[]);
        assert_eq!(base_layers(&image, &Bottom::default(), Some(&base(&["a", "b"]))), 2);
    }

    #[test]
    fn counts_history_where_the_base_is_another_one_by_now() {
        let image = image(&["a", "b", "c", "d"], &[false, true, false, false, true, false]);
        let bottom = Bottom { entries: 3, ..Bottom::default() };
        assert_eq!(base_layers(&image, &bottom, Some(&base(&["x"]))), 2);
        assert_eq!(base_layers(&image, &bottom, None), 2);
        assert_eq!(base_layers(&image, &Bottom { scratch: true, ..bottom }, None), 0);
    }

    #[test]
    fn reads_what_each_engine_says() {
        let docker = json!({"RootFS": {"Layers": ["a"]}, "Config": {"Labels": {"k": "v"}}});
        assert_eq!(BaseImage::read(&docker).labels["k"], "v");
        let buildah = json!({"OCIv1": {"rootfs": {"diff_ids": ["a", "b"]}, "config": {"Labels": null}}});
        assert_eq!(BaseImage::read(&buildah).diff_ids, ["a", "b"]);
    }

    #[test]
    fn follows_stages_down_to_the_image() {
        let text = b"ARG V=3.11\nFROM python:${V} AS base\nWORKDIR /app\nFROM base\nCOPY . .\nCMD [\"x\"]\n";
        let bottom = Bottom::of(text, None, &[], "amd64");
        assert_eq!(bottom, Bottom { reference: Some("python:3.11".to_owned()), scratch: false, entries: 3 });
    }
}
