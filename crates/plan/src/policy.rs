//! What an organisation allows: bases, transforms, a shell to debug with; and what it wants of every image. Pure; the file that it is
//! read from is the binary's.

use std::collections::BTreeSet;

use jettison_dockerfile::expand::Env;
use jettison_dockerfile::stages::{Base, StageGraph};
use jettison_dockerfile::{Dockerfile, Keyword};
use jettison_facts::{Facts, Nowhere, Options};
use jettison_model::ImageRef;

use crate::Step;

/// The rules. The default allows everything and wants nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Patterns of bases that a plan may bring in (`gcr.io/distroless/*`, `debian:*-slim`); all, if there are none. A base that the
    /// file has already is not judged.
    pub bases: Vec<String>,
    /// Ids of transforms, or of their parts (`context-ignore/logs`), that a plan leaves out.
    pub forbidden: Vec<String>,
    /// The image keeps a shell.
    pub keep_shell: bool,
    /// Labels that the result must have.
    pub labels: Vec<String>,
    /// The result must not run as root.
    pub non_root: bool,
}

impl Policy {
    /// Why a step may not be taken.
    pub fn forbids(&self, step: &Step) -> Option<String> {
        if self.keep_shell && step.id == "bare-base" {
            return Some("the policy keeps a shell in the image".to_owned());
        }
        let named = |name: &String| *name == step.id || *name == step.to_string();
        self.forbidden.iter().any(named).then(|| "the policy forbids it".to_owned())
    }

    /// The first base that `after` has, `before` has not, and no pattern allows.
    pub fn foreign_base(&self, before: &[u8], after: &[u8]) -> Option<String> {
        if self.bases.is_empty() {
            return None;
        }
        let known = bases(before);
        bases(after).into_iter().find(|base| !known.contains(base) && !self.allows(base))
    }

    fn allows(&self, base: &str) -> bool {
        let full = base.parse::<ImageRef>().ok().map(|base| format!("{}/{}", base.host(), base.path()));
        let tag = base.parse::<ImageRef>().ok().map(|base| base.tag_or_latest().to_owned()).unwrap_or_default();
        let full = full.map(|full| format!("{full}:{tag}")).unwrap_or_default();
        self.bases.iter().any(|pattern| matches(pattern, base) || matches(pattern, &full))
    }

    /// What the policy wants of the image that a Dockerfile describes and the file does not have.
    pub fn unmet(&self, dockerfile: &[u8], options: &Options) -> Vec<String> {
        let facts = Facts::gather(jettison_dockerfile::parse(dockerfile), options, &Nowhere);
        let mut unmet = Vec::new();
        let labels = labels(&facts.dockerfile);
        let missing = self.labels.iter().filter(|label| !labels.contains(*label));
        unmet.extend(missing.map(|label| format!("the policy wants the label `{label}`")));
        let user = facts.final_stage().and_then(|stage| stage.user.clone()).unwrap_or_default();
        let name = user.split(':').next().unwrap_or_default();
        if self.non_root && ["", "0", "root"].contains(&name) {
            unmet.push("the policy wants a user other than root".to_owned());
        }
        unmet
    }
}

fn bases(dockerfile: &[u8]) -> BTreeSet<String> {
    let graph = StageGraph::new(&jettison_dockerfile::parse(dockerfile), &Env::new(), "amd64");
    let images = graph.stages.iter().filter_map(|stage| match &stage.base {
        Base::Image(image) => Some(image.to_string()),
        _ => None,
    });
    images.collect()
}

fn labels(dockerfile: &Dockerfile) -> BTreeSet<String> {
    let instructions = dockerfile.instructions().iter().filter(|one| one.keyword == Keyword::Label);
    instructions.flat_map(|one| one.pairs()).map(|pair| pair.key.to_string()).collect()
}

/// `*` is any text; everything else is itself.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_bases_are_read_with_and_without_their_host() {
        let policy = Policy { bases: vec!["debian:*-slim".into(), "gcr.io/distroless/*".into()], ..Policy::default() };
        assert!(policy.allows("debian:12-slim") && policy.allows("gcr.io/distroless/cc-debian12:nonroot"));
        assert!(!policy.allows("debian:12") && !policy.allows("example.test/gcr.io/distroless/cc"));
        let hub = Policy { bases: vec!["docker.io/library/*".into()], ..Policy::default() };
        assert!(hub.allows("debian:12-slim") && !hub.allows("someone/debian:12"));
    }

    #[test]
    fn only_bases_that_are_new_are_judged() {
        let policy = Policy { bases: vec!["debian:*".into()], ..Policy::default() };
        assert_eq!(policy.foreign_base(b"FROM python:3\n", b"FROM python:3 AS a\nFROM debian:12\n"), None);
        let foreign = policy.foreign_base(b"FROM python:3\n", b"FROM python:3-slim\n");
        assert_eq!(foreign.as_deref(), Some("python:3-slim"));
    }

    #[test]
    fn what_is_wanted_and_not_there_is_named() {
        let policy = Policy { labels: vec!["team".into()], non_root: true, ..Policy::default() };
        assert_eq!(policy.unmet(b"FROM a\n", &Options::default()).len(), 2);
        assert!(policy.unmet(b"FROM a\nLABEL team=x\nUSER 1000:1000\n", &Options::default()).is_empty());
        assert_eq!(policy.unmet(b"FROM a\nLABEL team=x\nUSER root\n", &Options::default()).len(), 1);
    }
}
