//! The graph of needs: what is reached from what is there by itself, what only one package keeps in (the dominator tree of
//! Cooper, Harvey and Kennedy, *A Simple, Fast Dominance Algorithm*), the shortest reason, and what would go or break.

use std::collections::{BTreeSet, VecDeque};

use super::needs::Need;
use crate::Weight;

/// Needs of every package, and what follows from them.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    needs: Vec<Vec<Need>>,
    /// Who needs each, weakly or not.
    needed_by: Vec<Vec<(u32, bool)>>,
    roots: BTreeSet<usize>,
    /// The package without which it would not be reached; none if that is nobody, or if it is not reached.
    dominator: Vec<Option<u32>>,
    /// Reached ones, each after what dominates it.
    order: Vec<u32>,
    reached: Vec<bool>,
}

/// One link of a chain of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The package.
    pub package: usize,
    /// Whether the one before only recommends it.
    pub weak: bool,
}

/// What would happen if packages went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removal {
    /// What nothing would need any more, the packages themselves left out.
    pub with: Vec<usize>,
    /// What needs them and would break, without what goes anyway.
    pub blocked_by: Vec<usize>,
    /// Of the packages and all that goes with them.
    pub weight: Weight,
}

impl Graph {
    /// `asked` are there by themselves. What none of them reaches, and nobody says is automatic, is there by itself too.
    pub(super) fn new(needs: Vec<Vec<Need>>, asked: super::roots::Asked) -> Self {
        let mut needed_by = vec![Vec::new(); needs.len()];
        for (at, need, other) in edges(&needs) {
            if let (Some(list), Ok(at)) = (needed_by.get_mut(other), u32::try_from(at)) {
                list.push((at, need.weak));
            }
        }
        let mut graph = Self { needs, needed_by, roots: asked.sure, ..Self::default() };
        let mut reached = graph.reach(&graph.roots, &BTreeSet::new());
        let free = |graph: &Self, at: usize| graph.needed_by.get(at).is_none_or(Vec::is_empty);
        let (tops, cycles): (Vec<usize>, Vec<usize>) = asked.open.into_iter().partition(|at| free(&graph, *at));
        for at in tops.into_iter().chain(cycles) {
            if !reached.get(at).copied().unwrap_or(true) {
                graph.roots.insert(at);
                graph.spread(&mut reached, vec![at], &BTreeSet::new());
            }
        }
        graph.dominate();
        graph.reached = reached;
        graph
    }

    pub(super) fn is_root(&self, at: usize) -> bool {
        self.roots.contains(&at)
    }

    pub(super) fn is_reached(&self, at: usize) -> bool {
        self.reached.get(at).copied().unwrap_or(false)
    }

    pub(super) fn needs(&self, at: usize) -> impl Iterator<Item = (usize, bool)> {
        let needs = self.needs.get(at).into_iter().flatten();
        needs.flat_map(|need| need.any_of.iter().map(|other| (*other as usize, !need.weak)))
    }

    fn reach(&self, from: &BTreeSet<usize>, without: &BTreeSet<usize>) -> Vec<bool> {
        let mut reached = vec![false; self.needs.len()];
        self.spread(&mut reached, from.iter().copied().filter(|at| !without.contains(at)).collect(), without);
        reached
    }

    fn spread(&self, reached: &mut [bool], mut todo: Vec<usize>, without: &BTreeSet<usize>) {
        while let Some(at) = todo.pop() {
            match reached.get_mut(at) {
                Some(seen) if !*seen && !without.contains(&at) => *seen = true,
                _ => continue,
            }
            todo.extend(self.needs(at).map(|(other, _)| other));
        }
    }

    /// Finds the dominator of each reached package, with one root above all roots.
    fn dominate(&mut self) {
        let count = self.needs.len();
        let order = self.postorder();
        let mut rank = vec![usize::MAX; count + 1];
        for (position, at) in order.iter().enumerate() {
            rank[*at] = position;
        }
        let top = count;
        let mut dominator = vec![usize::MAX; count + 1];
        dominator[top] = top;
        let mut changed = true;
        while changed {
            changed = false;
            for at in order.iter().rev().copied().filter(|at| *at != top) {
                let above = self.needed_by.get(at).into_iter().flatten().map(|(other, _)| *other as usize);
                let above = above.chain(self.is_root(at).then_some(top));
                let known = above.filter(|other| dominator[*other] != usize::MAX);
                let new = known.reduce(|one, other| meet(&dominator, &rank, one, other)).unwrap_or(top);
                changed |= std::mem::replace(&mut dominator[at], new) != new;
            }
        }
        self.order = order.iter().rev().filter(|at| **at != top).map(|at| *at as u32).collect();
        let above = |at: usize| Some(dominator[at]).filter(|above| *above < count).map(|above| above as u32);
        self.dominator = (0..count).map(above).collect();
    }

    /// All reached nodes, each after what it leads to; the root of all last. Without recursion.
    fn postorder(&self) -> Vec<usize> {
        let top = self.needs.len();
        let mut order = Vec::new();
        let mut seen = vec![false; top + 1];
        seen[top] = true;
        let mut open: Vec<(usize, Vec<usize>)> = vec![(top, self.roots.iter().copied().collect())];
        while let Some((at, todo)) = open.last_mut() {
            match todo.pop() {
                Some(next) if seen.get(next) == Some(&false) => {
                    seen[next] = true;
                    open.push((next, self.needs(next).map(|(other, _)| other).collect()));
                }
                Some(_) => {}
                None => {
                    order.push(*at);
                    open.pop();
                }
            }
        }
        order
    }

    /// `package` and all that only it keeps in.
    pub(super) fn dominated(&self, package: usize) -> Vec<usize> {
        let mut inside = vec![false; self.needs.len()];
        let mut found = vec![package];
        if let Some(inside) = inside.get_mut(package) {
            *inside = true;
        }
        for at in self.order.iter().map(|at| *at as usize) {
            let above = self.dominator.get(at).copied().flatten();
            if above.is_some_and(|above| inside[above as usize]) && !inside[at] {
                inside[at] = true;
                found.push(at);
            }
        }
        found
    }

    /// For each package the sum over what only it keeps in, itself included.
    pub(super) fn sums(&self, weights: &[Weight]) -> Vec<Weight> {
        let mut sums = weights.to_vec();
        for at in self.order.iter().rev().map(|at| *at as usize) {
            let Some(above) = self.dominator.get(at).copied().flatten() else { continue };
            let sum = sums.get(at).copied().unwrap_or_default();
            if let Some(above) = sums.get_mut(above as usize) {
                *above += sum;
            }
        }
        sums
    }

    /// What is reached from `only`, and not from any other root.
    pub(super) fn only_from(&self, only: &BTreeSet<usize>) -> Vec<usize> {
        if only.is_empty() {
            return Vec::new();
        }
        let others: BTreeSet<usize> = self.roots.difference(only).copied().collect();
        let (with, without) = (self.reach(only, &BTreeSet::new()), self.reach(&others, &BTreeSet::new()));
        (0..self.needs.len()).filter(|at| with[*at] && !without[*at]).collect()
    }

    /// Backwards from `package` to the nearest root, those that `first` names before all others; recommendations only where
    /// nothing else leads there.
    pub(super) fn chain(&self, package: usize, first: &dyn Fn(usize) -> bool) -> Vec<Link> {
        let all = |_: usize| true;
        for (wanted, weak) in [(first, false), (&all as &dyn Fn(usize) -> bool, false), (first, true), (&all, true)] {
            let chain = self.way_to(package, wanted, weak);
            if !chain.is_empty() {
                return chain;
            }
        }
        Vec::new()
    }

    fn way_to(&self, package: usize, wanted: &dyn Fn(usize) -> bool, weak: bool) -> Vec<Link> {
        let mut next: Vec<Option<Link>> = vec![None; self.needs.len()];
        let mut seen = vec![false; self.needs.len()];
        let mut todo = VecDeque::from([package]);
        while let Some(at) = todo.pop_front() {
            if seen.get(at).copied().unwrap_or(true) {
                continue;
            }
            seen[at] = true;
            if self.is_root(at) && wanted(at) {
                return forward(&next, at);
            }
            for (above, is_weak) in self.needed_by[at].iter().map(|(above, weak)| (*above as usize, *weak)) {
                if !seen[above] && next[above].is_none() && (weak || !is_weak) {
                    next[above] = Some(Link { package: at, weak: is_weak });
                    todo.push_back(above);
                }
            }
        }
        Vec::new()
    }

    pub(super) fn removal(&self, packages: &[usize]) -> Removal {
        let gone: BTreeSet<usize> = packages.iter().copied().collect();
        let before = self.reach(&self.roots, &BTreeSet::new());
        let after = self.reach(&self.roots, &gone);
        let with: Vec<usize> =
            (0..self.needs.len()).filter(|at| before[*at] && !after[*at] && !gone.contains(at)).collect();
        let is_gone = |at: &u32| gone.contains(&(*at as usize));
        let breaks = |at: &usize| {
            let needs = self.needs.get(*at).into_iter().flatten();
            needs.filter(|need| !need.weak).any(|need| need.any_of.iter().all(is_gone))
        };
        let stays = |at: &usize| !gone.contains(at) && with.binary_search(at).is_err();
        let blocked_by = (0..self.needs.len()).filter(stays).filter(breaks).collect();
        Removal { with, blocked_by, weight: Weight::default() }
    }
}

fn edges(needs: &[Vec<Need>]) -> impl Iterator<Item = (usize, &Need, usize)> {
    needs.iter().enumerate().flat_map(|(at, needs)| {
        needs.iter().flat_map(move |need| need.any_of.iter().map(move |other| (at, need, *other as usize)))
    })
}

/// The nearest common dominator.
fn meet(dominator: &[usize], rank: &[usize], mut one: usize, mut other: usize) -> usize {
    while one != other {
        while rank[one] < rank[other] {
            one = dominator[one];
        }
        while rank[other] < rank[one] {
            other = dominator[other];
        }
    }
    one
}

fn forward(next: &[Option<Link>], root: usize) -> Vec<Link> {
    let mut chain = vec![Link { package: root, weak: false }];
    let mut at = root;
    while let Some(link) = next.get(at).copied().flatten() {
        chain.push(link);
        at = link.package;
    }
    chain
}
