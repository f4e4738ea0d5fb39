//! Leaves junk out of the build context, one switchable part a class. Claim: fewer bytes sent, and no secrets, logs or
//! repositories in a layer. Refused for files that a COPY, a command or a source names.

use jettison_ecosystems::JunkClass;
use jettison_facts::Facts;
use jettison_model::{Estimate, Evidence};
use jettison_rewrite::{Decision, context_ignore as rewrite};

use super::{Effect, Transform};
use crate::{Input, Obligation};

/// One part a class.
pub fn parts() -> Vec<Transform> {
    rewrite::CLASSES
        .iter()
        .map(|class| Transform {
            id: "context-ignore",
            part: Some(class.as_str()),
            title: title(*class),
            decide: decide(*class),
        })
        .collect()
}

fn title(class: JunkClass) -> &'static str {
    match class {
        JunkClass::VersionControl => ".dockerignore: version control",
        JunkClass::Secrets => ".dockerignore: secrets",
        JunkClass::Logs => ".dockerignore: logs",
        JunkClass::Caches => ".dockerignore: caches",
        JunkClass::HostBuilds => ".dockerignore: what this machine built",
        JunkClass::Editors => ".dockerignore: editor files",
        JunkClass::Os => ".dockerignore: files of the OS",
        JunkClass::Builder => ".dockerignore: Dockerfile, compose, CI",
    }
}

fn decide(class: JunkClass) -> fn(&Facts<'_>, &Input) -> Decision<Effect> {
    match class {
        JunkClass::VersionControl => |facts, _| section(facts, JunkClass::VersionControl),
        JunkClass::Secrets => |facts, _| section(facts, JunkClass::Secrets),
        JunkClass::Logs => |facts, _| section(facts, JunkClass::Logs),
        JunkClass::Caches => |facts, _| section(facts, JunkClass::Caches),
        JunkClass::HostBuilds => |facts, _| section(facts, JunkClass::HostBuilds),
        JunkClass::Editors => |facts, _| section(facts, JunkClass::Editors),
        JunkClass::Os => |facts, _| section(facts, JunkClass::Os),
        JunkClass::Builder => |facts, _| section(facts, JunkClass::Builder),
    }
}

fn section(facts: &Facts<'_>, class: JunkClass) -> Decision<Effect> {
    rewrite::section(facts, class).map(|section| {
        let mut obligations = vec![Obligation::Builds, Obligation::SameBehaviour { answers: true }];
        obligations.push(Obligation::SameFilesExcept(section.may_drop.clone()));
        if class == JunkClass::Secrets {
            obligations.push(Obligation::NoSecretInLayers);
        }
        let estimate = Estimate { bytes: Some(-(section.bytes as i64)), seconds: None, evidence: Evidence::Measured };
        let count = section.files.len();
        let example = section.files.first().map_or("", String::as_str);
        let does = if count == 1 {
            format!("`{example}` is not sent")
        } else {
            format!("{count} files are not sent, `{example}` among them")
        };
        Effect {
            ignore: Some(rewrite::text(&section, "\n")),
            does,
            estimate: Some(estimate),
            obligations,
            ..Effect::default()
        }
    })
}
