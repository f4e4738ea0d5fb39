//! Which nodes of a tree a text finds: one pass over the names, or over the paths if the text has a slash.

use super::tree::{NONE, Tree};

/// What a filter leaves, by node.
#[derive(Clone, Debug, Default)]
pub struct Filtered {
    /// Hits, what is below them, what leads to them.
    pub left: Vec<bool>,
    /// What leads to hits.
    pub leads: Vec<bool>,
    /// How many.
    pub hits: usize,
}

impl Tree {
    /// Nodes whose name holds the text; whose path does, if the text has a slash. Capitals do not count.
    pub fn hits(&self, text: &str) -> Vec<u32> {
        let mut hits = Vec::new();
        self.each_hit(text, &mut |id, hit| {
            if hit {
                hits.push(id);
            }
        });
        hits
    }

    pub fn matching(&self, text: &str) -> Filtered {
        let mut filtered = Filtered { left: vec![false; self.len()], leads: vec![false; self.len()], hits: 0 };
        let mut hits = Vec::new();
        self.each_hit(text, &mut |id, hit| {
            let is_inside = filtered.left.get(self.node(id).parent as usize) == Some(&true);
            if let Some(slot) = filtered.left.get_mut(id as usize) {
                *slot = hit || is_inside;
            }
            if hit {
                hits.push(id);
            }
        });
        filtered.hits = hits.len();
        for hit in hits {
            let mut at = self.node(hit).parent;
            while let Some(leads) = filtered.leads.get_mut(at as usize).filter(|leads| !**leads) {
                *leads = true;
                at = self.node(at).parent;
            }
        }
        filtered.left.iter_mut().zip(&filtered.leads).for_each(|(left, leads)| *left |= leads);
        if let Some(root) = filtered.left.first_mut() {
            *root = true;
        }
        filtered
    }

    fn each_hit(&self, text: &str, tell: &mut dyn FnMut(u32, bool)) {
        let text = text.to_lowercase();
        let by_path = text.contains('/');
        let (mut path, mut lengths) = (String::new(), Vec::new());
        for id in 1..u32::try_from(self.len()).unwrap_or(NONE) {
            let name = self.name(id);
            let hit = if by_path {
                let above = usize::from(self.node(id).depth).saturating_sub(1);
                lengths.truncate(above);
                path.truncate(lengths.last().copied().unwrap_or(0));
                path.push('/');
                path.push_str(name);
                lengths.push(path.len());
                holds(&path, &text)
            } else {
                holds(name, &text)
            };
            tell(id, hit);
        }
    }
}

/// Whether a name holds a text in small letters, whatever its own are.
pub fn holds(name: &str, text: &str) -> bool {
    if !text.is_ascii() {
        return name.to_lowercase().contains(text);
    }
    let (name, text) = (name.as_bytes(), text.as_bytes());
    text.is_empty() || name.windows(text.len()).any(|part| part.eq_ignore_ascii_case(text))
}
