//! RUNs of nothing but apt that follow each other, as one: one update and one cleanup for all of them, not one each. Part of
//! [`crate::apt`].

use jettison_dockerfile::{Instruction, Item};
use jettison_facts::{Facts, RunFacts, Segment, SegmentKind, StageFacts};
use jettison_model::{Edit, Span};

use crate::lines::Lines;

/// The first two RUNs of the stage that are one, joined.
pub(crate) fn merged(facts: &Facts<'_>, lines: &Lines<'_>, stage: &StageFacts) -> Option<Edit> {
    stage.runs.windows(2).find_map(|pair| {
        let [first, second] = pair else { return None };
        let (before, after) = (only_apt(facts, first)?, only_apt(facts, second)?);
        let installs = |segments: &[Segment]| segments.iter().any(|one| matches!(one.kind, SegmentKind::AptInstall(_)));
        // an update alone goes to its install by itself
        if !(installs(before) && installs(after)) || first.user != second.user || !adjacent(facts, first, second) {
            return None;
        }
        let instructions = facts.dockerfile.instructions();
        let (first, second) = (&instructions[first.instruction], &instructions[second.instruction]);
        let span = Span { start: before.last()?.span.end, end: after.first()?.span.start };
        is_bare(facts, first, span)
            .then(|| Edit::replace(span, lines.and_in(if first.end_line > first.line { first } else { second })))
    })
}

/// The commands of a plain RUN that are all apt's and joined by `&&`.
fn only_apt<'r>(facts: &Facts<'_>, run: &'r RunFacts) -> Option<&'r [Segment]> {
    let segments = run.segments.as_deref().filter(|segments| !segments.is_empty() && !run.special)?;
    let is_apt = |segment: &Segment| {
        matches!(
            segment.kind,
            SegmentKind::AptUpdate | SegmentKind::AptInstall(_) | SegmentKind::AptOther | SegmentKind::AptListsRemoved
        )
    };
    let by_and = |pair: &[Segment]| {
        let between = facts.dockerfile.source().get(pair[0].span.end as usize..pair[1].span.start as usize);
        between.is_some_and(|text| text.windows(2).any(|two| two == b"&&"))
    };
    let plain = facts.dockerfile.instructions()[run.instruction].flags.is_empty();
    (plain && segments.iter().all(is_apt) && segments.windows(2).all(by_and)).then_some(segments)
}

/// Whether nothing, not even a comment, stands between two RUNs.
fn adjacent(facts: &Facts<'_>, first: &RunFacts, second: &RunFacts) -> bool {
    let place = |run: &RunFacts| {
        let is_it = |item: &Item| matches!(item, Item::Instruction(index, _) if *index == run.instruction);
        facts.dockerfile.items().iter().position(is_it)
    };
    let (Some(from), Some(to)) = (place(first), place(second)) else { return false };
    let between = facts.dockerfile.items().get(from + 1..to).unwrap_or_default();
    between.iter().all(|item| matches!(item, Item::Blank(_)))
}

/// Whether what is replaced holds nothing but the end of one RUN and the keyword of the next.
fn is_bare(facts: &Facts<'_>, first: &Instruction, span: Span) -> bool {
    let text = facts.dockerfile.text_of(span);
    let words: Vec<&str> = text.split_whitespace().filter(|word| *word != "\\" && *word != "`").collect();
    first.heredocs.is_empty() && words.len() == 1 && words[0].eq_ignore_ascii_case("RUN")
}
