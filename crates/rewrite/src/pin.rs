//! `FROM image:tag` → `FROM image:tag@sha256:…`: the base that was proven is the base that is built, whatever the tag says tomorrow.

use jettison_dockerfile::Keyword;
use jettison_facts::{Facts, Role};
use jettison_model::{Digest, Edit, ImageRef};

use crate::{Change, Decision, nothing, refuse};

/// Digests behind the tags of every base of a stage in use.
pub fn pin(facts: &Facts<'_>) -> Decision {
    let mut change = Change::default();
    let (mut pinned, mut open) = (Vec::new(), Vec::new());
    for stage in facts.stages.iter().filter(|stage| stage.role != Role::Unused) {
        let from =
            facts.graph.stages.get(stage.index).and_then(|stage| facts.dockerfile.instructions().get(stage.from));
        let Some(from) = from.filter(|from| from.keyword == Keyword::From) else { continue };
        let Some(image) = from.as_from().and_then(|from| from.image) else { continue };
        let Some(base) = stage.base.as_ref().filter(|base| base.instruction == stage_from(facts, stage.index)) else {
            continue;
        };
        if base.reference.digest.is_some() {
            continue;
        }
        let name = base.reference.to_string();
        match digest_of(facts, &base.reference, base.literal) {
            Ok(digest) => {
                if change.edits.is_empty() {
                    change.at = from.span.start as usize;
                }
                let tag = if base.reference.tag.is_none() { ":latest" } else { "" };
                change.edits.push(Edit::insert(image.span.end as usize, format!("{tag}@{digest}")));
                pinned.push(name);
            }
            Err(reason) => open.push(format!("`{name}` ({reason})")),
        }
    }
    if change.edits.is_empty() && open.is_empty() {
        nothing!("every base is pinned by its digest already");
    }
    if change.edits.is_empty() {
        refuse!("not pinned: {}", open.join(", "));
    }
    change.does = format!("the base that was proven is the one that is built: {}", pinned.join(", "));
    if !open.is_empty() {
        change.does.push_str(&format!("; not pinned: {}", open.join(", ")));
    }
    Decision::Apply(change)
}

/// Index of a stage's own FROM: of a stage that starts from another one, the base is that one's.
fn stage_from(facts: &Facts<'_>, stage: usize) -> usize {
    facts.graph.stages.get(stage).map_or(usize::MAX, |stage| stage.from)
}

fn digest_of(facts: &Facts<'_>, reference: &ImageRef, literal: bool) -> Result<Digest, &'static str> {
    if !literal {
        return Err("it is named by a variable");
    }
    facts.world.resolved(reference).ok_or("its registry does not say which digest the tag has")
}
