//! The obligations that an image answers without being run, each in its own file. A check says what it looked at; it never
//! decides which step is to blame.

mod config;
mod files;
mod libraries;
#[cfg(test)]
pub(crate) mod sample;

use std::collections::BTreeSet;

use jettison_optimize::{Check, Conviction};
use jettison_plan::Obligation;

use crate::failure::plain;
use crate::inventory::Inventory;
use crate::look::Look;

/// All obligations of a candidate as one: exceptions of several steps add up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Duties {
    /// Config fields that may differ; none if the config is free.
    pub config: Option<BTreeSet<String>>,
    /// Of each step the patterns of files that may be absent; none if files are free. Steps are kept apart because a `!`
    /// takes back only what its own step excuses.
    pub files: Option<Vec<Vec<String>>>,
    /// Behaviour must be the same; true if answers count.
    pub behaviour: Option<bool>,
    /// No secrets.
    pub no_secrets: bool,
    /// Not root.
    pub non_root: bool,
    /// A warm edit arrives.
    pub edit_arrives: bool,
}

impl Duties {
    pub(crate) fn of(obligations: &[Obligation]) -> Self {
        let mut duties = Self::default();
        for obligation in obligations {
            match obligation {
                Obligation::Builds => {}
                Obligation::SameConfigExcept(fields) => {
                    duties.config.get_or_insert_default().extend(fields.iter().cloned())
                }
                Obligation::SameFilesExcept(patterns) => duties.files.get_or_insert_default().push(patterns.clone()),
                Obligation::SameBehaviour { answers } => *duties.behaviour.get_or_insert(false) |= answers,
                Obligation::NoSecretInLayers => duties.no_secrets = true,
                Obligation::NonRoot => duties.non_root = true,
                Obligation::EditArrives => duties.edit_arrives = true,
            }
        }
        duties
    }
}

/// What the original's image is, for comparing.
pub(crate) struct Original<'a> {
    pub look: &'a Look,
    /// Files that another build of the original did not have at the same path.
    pub unsteady: &'a BTreeSet<String>,
    /// Programs that ran in it.
    pub programs: &'a [String],
}

/// The image's checks, all of them, and the conviction by the first that failed.
pub(crate) fn static_checks(
    original: &Original<'_>,
    candidate: &Look,
    found: &Inventory,
    duties: &Duties,
) -> (Vec<Check>, Option<Conviction>) {
    let mut checks = Vec::new();
    if let Some(except) = &duties.config {
        checks.push(("config", config::check(original.look, candidate, except)));
    }
    if duties.non_root {
        checks.push(("user", non_root(candidate)));
    }
    if duties.no_secrets {
        checks.push(("secrets", no_secrets(found)));
    }
    if let Some(except) = &duties.files {
        checks.push(("files", files::check(original, candidate, except)));
    }
    checks.push(("files", libraries::check(original, candidate)));
    let conviction =
        checks.iter().find(|(_, check)| !check.passed).map(|(phase, check)| plain(phase, check.detail.clone()));
    (checks.into_iter().map(|(_, check)| check).collect(), conviction)
}

fn non_root(candidate: &Look) -> Check {
    let user = candidate.user();
    let passed = !candidate.runs_as_root();
    let detail = if passed { format!("runs as {user}") } else { "runs as root".to_owned() };
    Check { name: "non-root".to_owned(), passed, detail }
}

fn no_secrets(found: &Inventory) -> Check {
    let detail = match found.secrets.first() {
        None => "none in the app's layers".to_owned(),
        Some((path, pattern)) => format!("{} in the app's layers: {path} (pattern `{pattern}`)", found.secrets.len()),
    };
    Check { name: "secrets".to_owned(), passed: found.secrets.is_empty(), detail }
}

/// The first of `items`, and how many more there are.
fn some_of(items: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown = items.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match items.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::sample::image;
    use super::*;

    #[test]
    fn exceptions_of_several_steps_add_up() {
        let fields =
            |names: &[&str]| Obligation::SameConfigExcept(names.iter().map(|name| (*name).to_owned()).collect());
        let duties = Duties::of(&[
            fields(&["User"]),
            fields(&["Cmd"]),
            Obligation::SameBehaviour { answers: true },
            Obligation::SameBehaviour { answers: false },
        ]);
        assert_eq!(duties.config.map(|fields| fields.len()), Some(2));
        assert_eq!(duties.behaviour, Some(true));
        assert_eq!(duties.files, None);
    }

    #[test]
    fn root_is_root_under_any_name() {
        for (user, passed) in [("", false), ("root", false), ("0:0", false), ("app:app", true), ("10001", true)] {
            let mut look = image(&[]);
            std::sync::Arc::make_mut(&mut look.summary).config.user = user.to_owned();
            assert_eq!(non_root(&look).passed, passed, "{user:?}");
        }
    }
}
