//! Which layers two images share: the longest common sequence of their tar streams.

/// A layer of either image; places from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerChange {
    /// In both.
    Same {
        /// Place in the first.
        a: usize,
        /// Place in the second.
        b: usize,
    },
    /// Only in the first, at this place.
    Removed(usize),
    /// Only in the second, at this place.
    Added(usize),
}

/// Cells of the table that is filled; beyond, what lies between the common ends counts as replaced.
const MAX_CELLS: usize = 1 << 22;

/// Compares layers by what identifies their tar streams. In the order of `b`; what only `a` has stands before what replaced it.
pub fn compare_layers<T: PartialEq>(a: &[T], b: &[T]) -> Vec<LayerChange> {
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let ends = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let end = ends.min(a.len().min(b.len()) - start);
    let mut changes: Vec<LayerChange> = (0..start).map(|at| LayerChange::Same { a: at, b: at }).collect();
    let (middle_a, middle_b) = (&a[start..a.len() - end], &b[start..b.len() - end]);
    changes.extend(middle(middle_a, middle_b).into_iter().map(|change| shifted(change, start)));
    changes.extend((0..end).map(|at| LayerChange::Same { a: a.len() - end + at, b: b.len() - end + at }));
    changes
}

fn shifted(change: LayerChange, by: usize) -> LayerChange {
    match change {
        LayerChange::Same { a, b } => LayerChange::Same { a: a + by, b: b + by },
        LayerChange::Removed(at) => LayerChange::Removed(at + by),
        LayerChange::Added(at) => LayerChange::Added(at + by),
    }
}

fn middle<T: PartialEq>(a: &[T], b: &[T]) -> Vec<LayerChange> {
    let mut changes = Vec::new();
    let (mut at_a, mut at_b) = (0, 0);
    let table = (a.len().saturating_mul(b.len()) <= MAX_CELLS).then(|| lengths(a, b));
    let longest = |at_a: usize, at_b: usize| {
        table.as_ref().and_then(|table| table.get(at_a * (b.len() + 1) + at_b)).copied().unwrap_or(0)
    };
    while at_a < a.len() && at_b < b.len() {
        if table.is_some() && a.get(at_a) == b.get(at_b) {
            changes.push(LayerChange::Same { a: at_a, b: at_b });
            (at_a, at_b) = (at_a + 1, at_b + 1);
        } else if longest(at_a + 1, at_b) >= longest(at_a, at_b + 1) {
            changes.push(LayerChange::Removed(at_a));
            at_a += 1;
        } else {
            changes.push(LayerChange::Added(at_b));
            at_b += 1;
        }
    }
    changes.extend((at_a..a.len()).map(LayerChange::Removed));
    changes.extend((at_b..b.len()).map(LayerChange::Added));
    changes
}

/// Length of the longest common sequence of what follows each pair of places.
fn lengths<T: PartialEq>(a: &[T], b: &[T]) -> Vec<u32> {
    let width = b.len() + 1;
    let mut table = vec![0u32; (a.len() + 1) * width];
    for at_a in (0..a.len()).rev() {
        for at_b in (0..b.len()).rev() {
            let cell = |at_a: usize, at_b: usize| table.get(at_a * width + at_b).copied().unwrap_or(0);
            let best = if a.get(at_a) == b.get(at_b) {
                cell(at_a + 1, at_b + 1) + 1
            } else {
                cell(at_a + 1, at_b).max(cell(at_a, at_b + 1))
            };
            if let Some(cell) = table.get_mut(at_a * width + at_b) {
                *cell = best;
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::LayerChange::{Added, Removed, Same};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_replaced_stands_before_what_replaces_it() {
        let changes = compare_layers(&["base", "deps", "src"], &["base", "deps2", "src", "user"]);
        assert_eq!(changes, [Same { a: 0, b: 0 }, Removed(1), Added(1), Same { a: 2, b: 2 }, Added(3)]);
    }

    #[test]
    fn a_layer_listed_twice_is_two() {
        assert_eq!(compare_layers(&["x"], &["x", "x"]), [Same { a: 0, b: 0 }, Added(1)]);
    }

    proptest! {
        #[test]
        fn every_layer_of_both_appears_once_and_in_order(a in prop::collection::vec(0u8..4, 0..12), b in prop::collection::vec(0u8..4, 0..12)) {
            let changes = compare_layers(&a, &b);
            let of_a: Vec<usize> = changes.iter().filter_map(|change| match change { Same { a, .. } | Removed(a) => Some(*a), Added(_) => None }).collect();
            let of_b: Vec<usize> = changes.iter().filter_map(|change| match change { Same { b, .. } | Added(b) => Some(*b), Removed(_) => None }).collect();
            prop_assert_eq!(of_a, (0..a.len()).collect::<Vec<_>>());
            prop_assert_eq!(of_b, (0..b.len()).collect::<Vec<_>>());
            for change in changes {
                if let Same { a: at_a, b: at_b } = change {
                    prop_assert_eq!(a[at_a], b[at_b]);
                }
            }
        }
    }
}
