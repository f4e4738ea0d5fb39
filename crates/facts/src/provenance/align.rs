//! Steps against entries, both in order. Where the last entries are the steps one by one, that is it. Else the Dockerfile has been
//! changed since, or another builder leaves entries out: then only what every best alignment agrees on is said.

use super::entry::Entry;
use super::step::{Fit, Step};
use super::{MERGED, OTHER, Place, SEVERAL};

/// Steps times entries; beyond, nothing is said.
const MAX_CELLS: usize = 1 << 22;

/// What each entry stands for.
#[derive(Clone, Debug)]
pub(super) struct Alignment {
    /// By entry.
    pub(super) places: Vec<Place>,
    /// The entries are those of the Dockerfile one by one, below them the base's.
    pub(super) whole: bool,
    /// Entries with files whose line is known.
    pub(super) sure: usize,
}

impl Alignment {
    pub(super) fn nothing(entries: usize) -> Self {
        Self { places: vec![Place::Unknown(OTHER); entries], whole: false, sure: 0 }
    }
}

/// Aligns. Entries before `above` are the base's; without a base there are none.
pub(super) fn align(steps: &[Step], entries: &[Entry], above: usize, no_base: bool) -> Alignment {
    let own = entries.get(above..).unwrap_or_default();
    let base = own.len().checked_sub(steps.len());
    let is_whole = |base: usize| {
        let pairs = || steps.iter().zip(own.iter().skip(base));
        let enough = |(step, entry): (&Step, &Entry)| step.fit(entry) > Fit::No;
        (base == 0 || !no_base) && pairs().all(enough) && !steps.is_empty()
    };
    let mut alignment = match base.filter(|base| is_whole(*base)) {
        Some(base) => whole(steps, entries.len(), above + base),
        None => partly(steps, entries, above, no_base),
    };
    merged(&mut alignment, entries);
    let with_files = |(place, entry): &(&Place, &Entry)| matches!(place, Place::Line(_)) && !entry.empty;
    alignment.sure = alignment.places.iter().zip(entries).filter(with_files).count();
    alignment
}

fn whole(steps: &[Step], entries: usize, base: usize) -> Alignment {
    let mut places = vec![Place::Base; base];
    places.extend(steps.iter().map(|step| Place::Line(step.line)));
    places.truncate(entries);
    Alignment { places, whole: true, sure: 0 }
}

/// The longest common subsequence; sure pairs weigh more than likely ones. An entry gets a line only if all alignments of that
/// weight pair it with the same step.
fn partly(steps: &[Step], entries: &[Entry], above: usize, no_base: bool) -> Alignment {
    let own = entries.get(above..).unwrap_or_default();
    let mut alignment = Alignment::nothing(entries.len());
    alignment.places.iter_mut().take(above).for_each(|place| *place = Place::Base);
    if steps.len().saturating_add(1).saturating_mul(own.len().saturating_add(1)) > MAX_CELLS {
        return alignment;
    }
    let fits: Vec<Vec<u32>> =
        steps.iter().map(|step| own.iter().map(|entry| worth(step, step.fit(entry))).collect()).collect();
    let (before, after) = (prefixes(&fits, own.len()), suffixes(&fits, own.len()));
    let best = before.last().and_then(|row| row.last()).copied().unwrap_or(0);
    let mut first = None;
    for entry in 0..own.len() {
        let on_a_best_way = |step: &usize| {
            fits[*step][entry] > 0 && before[*step][entry] + fits[*step][entry] + after[*step + 1][entry + 1] == best
        };
        let candidates: Vec<usize> = (0..steps.len()).filter(on_a_best_way).collect();
        // Whether some best alignment leaves the entry out.
        let optional = (0..=steps.len()).any(|step| before[step][entry] + after[step][entry + 1] == best);
        let place = alignment.places.get_mut(above + entry);
        match (candidates.as_slice(), place) {
            ([step], Some(place)) if !optional => {
                first.get_or_insert((*step, entry));
                *place = Place::Line(steps[*step].line);
            }
            ([], _) | (_, None) => {}
            (_, Some(place)) => *place = Place::Unknown(SEVERAL),
        }
    }
    // Below the first instructions of the file is the base.
    let is_lowest = |step: usize| steps.iter().take(step).all(|step| !step.makes_layer());
    if let Some((_, entry)) = first.filter(|(step, _)| !no_base && is_lowest(*step)) {
        alignment.places.iter_mut().take(above + entry).for_each(|place| *place = Place::Base);
    }
    alignment
}

/// Where texts are compared, only what makes files and what is equal says something: one ENV is like the other.
fn worth(step: &Step, fit: Fit) -> u32 {
    match fit {
        Fit::Sure if step.makes_files() => 8,
        Fit::Kind if step.makes_files() => 4,
        Fit::Sure => 2,
        Fit::Kind | Fit::Could | Fit::No => 0,
    }
}

/// Most worth of the first steps with the first entries.
fn prefixes(fits: &[Vec<u32>], entries: usize) -> Vec<Vec<u32>> {
    let mut table = vec![vec![0u32; entries + 1]; fits.len() + 1];
    for (step, row) in fits.iter().enumerate() {
        for (entry, worth) in row.iter().enumerate() {
            let pair = if *worth > 0 { table[step][entry] + worth } else { 0 };
            table[step + 1][entry + 1] = pair.max(table[step][entry + 1]).max(table[step + 1][entry]);
        }
    }
    table
}

/// Most worth of the steps and entries from these on.
fn suffixes(fits: &[Vec<u32>], entries: usize) -> Vec<Vec<u32>> {
    let mut table = vec![vec![0u32; entries + 1]; fits.len() + 1];
    for (step, row) in fits.iter().enumerate().rev() {
        for (entry, worth) in row.iter().enumerate().rev() {
            let pair = if *worth > 0 { table[step + 1][entry + 1] + worth } else { 0 };
            table[step][entry] = pair.max(table[step + 1][entry]).max(table[step][entry + 1]);
        }
    }
    table
}

/// buildah without intermediate layers makes one layer of a whole stage and names the last instruction: what came before it and
/// made no layer of its own is in there too.
fn merged(alignment: &mut Alignment, entries: &[Entry]) {
    let mut gathered = false;
    for (entry, place) in entries.iter().zip(&mut alignment.places) {
        let files = entry.keyword.is_some_and(super::makes_files);
        if entry.empty {
            gathered |= files && entry.without_comment;
            continue;
        }
        if gathered && entry.says_from && matches!(place, Place::Line(_)) {
            *place = Place::Unknown(MERGED);
        }
        gathered = false;
    }
}
