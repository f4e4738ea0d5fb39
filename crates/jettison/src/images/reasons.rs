//! From the analysis of an image to the document of `why`, and what to say of a thing that is not there.

use jettison_facts::analysis::{Analysis, Part, Reason, Thing, Why};
use jettison_report::{Evidence, image as report};

use super::nearest::nearest;
use super::{Looked, Opened};

/// Names that are offered for one that is not there.
const OFFERED: usize = 5;

impl Looked<'_> {
    /// Why it is there; no answers if it is not.
    pub fn why(&self, asked: &str) -> report::WhyReport {
        let answers = self.analysis.why(asked);
        report::WhyReport {
            jettison_version: env!("CARGO_PKG_VERSION").to_owned(),
            image: self.opened.head(),
            asked: asked.to_owned(),
            answers: answers.iter().map(|why| answer(why, &self.analysis, self.opened)).collect(),
            dockerfile: self.matched.name.clone(),
            ..report::WhyReport::default()
        }
    }

    /// Paths with the last part of what was asked for, and packages that are called nearly so.
    pub fn like(&self, asked: &str) -> Vec<String> {
        let (listing, inventory) = (&self.analysis.listing, &self.analysis.inventory);
        let last = asked.rsplit('/').find(|part| !part.is_empty()).unwrap_or(asked);
        let end = format!("/{last}");
        let mut alike: Vec<String> = listing
            .rows()
            .map(|row| row.path)
            .filter(|path| path.ends_with(&end))
            .take(OFFERED)
            .map(str::to_owned)
            .collect();
        let mut names: Vec<String> = inventory.packages.iter().map(|one| one.package.name.clone()).collect();
        names.sort();
        names.dedup();
        alike.extend(nearest(last, &names).into_iter().map(str::to_owned));
        alike.truncate(OFFERED);
        alike
    }
}

fn answer(why: &Why, analysis: &Analysis<'_>, opened: &Opened) -> report::Why {
    let package = why.package.and_then(|at| analysis.inventory.packages.get(at));
    let is_package = why.kind == jettison_facts::analysis::WhyKind::Package;
    let compressed = |bytes: u64| opened.has_blobs().then_some(bytes);
    report::Why {
        kind: why.kind.as_str().to_owned(),
        name: why.name.clone(),
        version: package.filter(|_| is_package).map(|one| one.package.version.clone()),
        package_type: package.filter(|_| is_package).map(|one| one.kind().as_str().to_owned()),
        target: why.target.clone(),
        bytes: why.weight.bytes,
        compressed_bytes: compressed(why.weight.compressed_bytes),
        files: why.files,
        layers: why.layers.iter().map(|part| layer(part, analysis, opened)).collect(),
        package: package.filter(|_| !is_package).map(|one| report::WhyPackage {
            name: one.package.name.clone(),
            version: one.package.version.clone(),
            kind: one.kind().as_str().to_owned(),
        }),
        chain: chain(&why.chain, analysis),
        goes: why.goes.as_ref().map(|goes| report::Goes {
            packages: names(&goes.packages, analysis),
            bytes: goes.weight.bytes,
            compressed_bytes: compressed(goes.weight.compressed_bytes),
            evidence: Evidence::Modelled,
            blocked_by: names(&goes.blocked_by, analysis),
        }),
        notes: Vec::new(),
    }
}

fn names(packages: &[usize], analysis: &Analysis<'_>) -> Vec<String> {
    packages.iter().filter_map(|at| Some(analysis.inventory.packages.get(*at)?.package.name.clone())).collect()
}

fn layer(part: &Part, analysis: &Analysis<'_>, opened: &Opened) -> report::WhyLayer {
    let index = opened.image.layers.get(part.layer).map(|layer| &layer.index);
    let digest =
        index.and_then(|index| index.digest.as_ref().filter(|_| opened.has_blobs()).or(index.diff_id.as_ref()));
    let action = match part {
        Part { removed: true, .. } => "removed",
        Part { added: true, .. } => "added",
        _ => "modified",
    };
    report::WhyLayer {
        layer: part.layer,
        digest: digest.map(ToString::to_string),
        action: action.to_owned(),
        bytes: part.weight.bytes,
        instruction: analysis.instruction(part.layer).to_owned(),
        dockerfile_line: analysis.line(part.layer).map(|line| line.line),
    }
}

fn chain(reasons: &[Reason], analysis: &Analysis<'_>) -> Vec<report::WhyLink> {
    let mut links = Vec::with_capacity(reasons.len());
    let mut how: Option<&str> = None;
    for reason in reasons {
        let (kind, name, layer) = match &reason.thing {
            Thing::Base => ("base", "the base image".to_owned(), None),
            Thing::Instruction(layer, text) => ("instruction", text.clone(), Some(*layer)),
            Thing::Package(at) => ("package", names(&[*at], analysis).pop().unwrap_or_default(), None),
            Thing::Path(path) => ("path", path.clone(), None),
        };
        links.push(report::WhyLink {
            kind: kind.to_owned(),
            name,
            how: how.map(str::to_owned),
            layer,
            dockerfile_line: layer.and_then(|layer| analysis.line(layer)).map(|line| line.line),
            evidence: reason.evidence.into(),
        });
        how = Some(reason.relation.as_str()).filter(|how| !how.is_empty());
    }
    links
}
