//! Which of the builds is meant: the one that is named, else the only one that is built by default.

use crate::Targets;
use crate::error::nearest;
use crate::invocation::Invocation;

/// Why no build could be chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Choice {
    /// The files describe none.
    #[error("nothing is built there")]
    None,
    /// There are several.
    #[error("several images are built there: {}", .0.join(", "))]
    Several(Vec<String>),
    /// The name is that of a group of several.
    #[error("`{group}` is a group of several builds: {}", .members.join(", "))]
    Group {
        /// As given.
        group: String,
        /// What it stands for.
        members: Vec<String>,
    },
    /// Nothing has that name.
    #[error("there is no build `{name}`{}; there is {}", .near.as_ref().map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default(), .all.join(", "))]
    Unknown {
        /// As given.
        name: String,
        /// The nearest that exists.
        near: Option<String>,
        /// All names.
        all: Vec<String>,
    },
}

impl Targets {
    /// The build that is meant.
    pub fn choose(&self, name: Option<&str>) -> Result<&Invocation, Choice> {
        match name {
            Some(name) => self.named(name),
            None => self.by_default(),
        }
    }

    fn find(&self, name: &str) -> Option<&Invocation> {
        self.invocations.iter().find(|invocation| invocation.name == name)
    }

    fn named(&self, name: &str) -> Result<&Invocation, Choice> {
        if let Some(found) = self.find(name) {
            return Ok(found);
        }
        let members = self.groups.get(name).cloned().unwrap_or_default();
        if let [only] = &members[..] {
            return self.find(only).ok_or(Choice::None);
        }
        if !members.is_empty() {
            return Err(Choice::Group { group: name.to_owned(), members });
        }
        let all = self.names();
        if all.is_empty() {
            return Err(Choice::None);
        }
        let near = nearest(name, all.iter().map(String::as_str));
        Err(Choice::Unknown { name: name.to_owned(), near, all })
    }

    fn by_default(&self) -> Result<&Invocation, Choice> {
        let wanted: Vec<&Invocation> = self.invocations.iter().filter(|invocation| invocation.by_default).collect();
        match (&wanted[..], &self.invocations[..]) {
            ([only], _) => Ok(only),
            ([], [only]) => Ok(only),
            ([], []) => Err(Choice::None),
            ([], _) => Err(Choice::Several(self.names())),
            (several, _) => Err(Choice::Several(several.iter().map(|invocation| invocation.name.clone()).collect())),
        }
    }

    fn names(&self) -> Vec<String> {
        self.invocations.iter().map(|invocation| invocation.name.clone()).collect()
    }
}
