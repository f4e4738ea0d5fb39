//! `SameConfigExcept`: what `docker run` starts from, field by field, named as `docker inspect` names them. Labels that come
//! from a base image are the base's own business; variables may be added, and folders may be added to PATH.

use std::collections::BTreeSet;

use jettison_engine::RUN_LABEL;
use jettison_image::ImageConfig;
use jettison_optimize::Check;

use crate::look::Look;

/// Labels that builders add by themselves.
const BUILDERS_LABELS: [&str; 2] = [RUN_LABEL, "io.buildah.version"];

pub(super) fn check(original: &Look, candidate: &Look, except: &BTreeSet<String>) -> Check {
    let differ: Vec<String> = differences(original, candidate)
        .into_iter()
        .filter(|(field, _)| !except.contains(*field))
        .map(|(_, how)| how)
        .collect();
    let allowed = except.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let detail = match (differ.is_empty(), allowed.is_empty()) {
        (false, _) => differ.join("; "),
        (true, true) => "the same".to_owned(),
        (true, false) => format!("the same but for what was meant to change ({allowed})"),
    };
    Check { name: "config".to_owned(), passed: differ.is_empty(), detail }
}

/// Fields that differ, and how.
fn differences(original: &Look, candidate: &Look) -> Vec<(&'static str, String)> {
    let (before, after) = (&original.summary.config, &candidate.summary.config);
    let mut found = Vec::new();
    let mut differ = |field: &'static str, before: String, after: String| {
        if before != after {
            found.push((field, format!("{field} is {after} instead of {before}")));
        }
    };
    differ("User", shown_user(before), shown_user(after));
    differ("Entrypoint", words(&before.entrypoint), words(&after.entrypoint));
    differ("Cmd", words(&before.cmd), words(&after.cmd));
    differ("WorkingDir", workdir(before), workdir(after));
    differ("ExposedPorts", set(&before.exposed_ports), set(&after.exposed_ports));
    differ("Volumes", set(&before.volumes), set(&after.volumes));
    differ("StopSignal", signal(before), signal(after));
    differ("Shell", shell(before), shell(after));
    differ("OnBuild", before.onbuild.join("; "), after.onbuild.join("; "));
    differ("Healthcheck", health(before), health(after));
    found.extend(environment(before, after).map(|how| ("Env", how)));
    found.extend(labels(original, candidate).map(|how| ("Labels", how)));
    found
}

fn shown_user(config: &ImageConfig) -> String {
    if config.user.is_empty() { "root".to_owned() } else { config.user.clone() }
}

fn words(words: &Option<Vec<String>>) -> String {
    format!("{:?}", words.as_deref().unwrap_or_default())
}

fn workdir(config: &ImageConfig) -> String {
    format!("/{}", config.workdir.trim_matches('/'))
}

fn set(items: &[String]) -> String {
    let sorted: BTreeSet<&str> = items.iter().map(String::as_str).collect();
    format!("{{{}}}", sorted.into_iter().collect::<Vec<_>>().join(", "))
}

fn signal(config: &ImageConfig) -> String {
    config.stop_signal.clone().unwrap_or_else(|| "SIGTERM".to_owned())
}

fn shell(config: &ImageConfig) -> String {
    let usual = || ["/bin/sh", "-c"].map(str::to_owned).to_vec();
    format!("{:?}", config.shell.clone().unwrap_or_else(usual))
}

/// The whole document where it is known: intervals and retries count too.
fn health(config: &ImageConfig) -> String {
    match config.raw.pointer("/config/Healthcheck") {
        Some(document) if !document.is_null() => document.to_string(),
        _ => config.healthcheck.as_ref().map_or_else(|| "none".to_owned(), |health| format!("{:?}", health.test)),
    }
}

/// The first variable that is missing or has another value.
fn environment(before: &ImageConfig, after: &ImageConfig) -> Option<String> {
    let names: BTreeSet<&str> = before.env.iter().map(|(name, _)| name.as_str()).collect();
    names.into_iter().find_map(|name| {
        let old = before.var(name)?;
        match after.var(name) {
            None => Some(format!("Env lacks {name}")),
            Some(new) if new == old || (name == "PATH" && keeps_folders(old, new)) => None,
            // Values may be secrets: the name has to do.
            Some(_) => Some(format!("Env has another {name}")),
        }
    })
}

/// Whether all folders of the old PATH are searched in the same order.
fn keeps_folders(old: &str, new: &str) -> bool {
    let mut left = new.split(':');
    old.split(':').all(|folder| left.any(|other| other == folder))
}

/// The first label that is missing or has another value.
fn labels(original: &Look, candidate: &Look) -> Option<String> {
    let (before, after) = (&original.summary.config.labels, &candidate.summary.config.labels);
    let own = |key: &str, value: &str, look: &Look| {
        !BUILDERS_LABELS.contains(&key) && look.base.labels.get(key).is_none_or(|inherited| inherited != value)
    };
    let mut kept = before.iter().filter(|(key, value)| own(key, value, original));
    kept.find(|(key, value)| after.get(*key) != Some(value)).map(|(key, _)| format!("label {key} is not the same"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::sample::image;
    use super::*;

    fn checked(before: impl Fn(&mut ImageConfig), after: impl Fn(&mut ImageConfig), except: &[&str]) -> Check {
        let (mut original, mut candidate) = (image(&[]), image(&[]));
        before(&mut Arc::make_mut(&mut original.summary).config);
        after(&mut Arc::make_mut(&mut candidate.summary).config);
        check(&original, &candidate, &except.iter().map(|field| (*field).to_owned()).collect())
    }

    fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_changed_field_is_named_unless_it_may_change() {
        let to_app = |config: &mut ImageConfig| config.user = "app".to_owned();
        let check = checked(|_| (), to_app, &["Cmd"]);
        assert_eq!((check.passed, check.detail.as_str()), (false, "User is app instead of root"));
        assert!(checked(|_| (), to_app, &["User"]).passed);
    }

    #[test]
    fn variables_may_be_added_but_not_lost_or_changed() {
        let one = |config: &mut ImageConfig| config.env = env(&[("A", "1")]);
        assert!(checked(one, |config| config.env = env(&[("B", "2"), ("A", "1")]), &[]).passed);
        assert_eq!(checked(one, |_| (), &[]).detail, "Env lacks A");
        assert!(!checked(one, |config| config.env = env(&[("A", "3")]), &[]).passed);
    }

    #[test]
    fn path_may_gain_folders() {
        let old = |config: &mut ImageConfig| config.env = env(&[("PATH", "/usr/bin:/bin")]);
        assert!(checked(old, |config| config.env = env(&[("PATH", "/venv/bin:/usr/bin:/bin")]), &[]).passed);
        assert!(!checked(old, |config| config.env = env(&[("PATH", "/venv/bin:/bin")]), &[]).passed);
    }

    #[test]
    fn unset_and_default_are_the_same() {
        let defaults = |config: &mut ImageConfig| {
            config.workdir = "/".to_owned();
            config.stop_signal = Some("SIGTERM".to_owned());
            config.cmd = Some(Vec::new());
        };
        assert!(checked(defaults, |_| (), &[]).passed);
    }

    #[test]
    fn labels_of_the_base_and_of_this_run_do_not_count() {
        let (mut original, candidate) = (image(&[]), image(&[]));
        original.base.labels.insert("maintainer".to_owned(), "base".to_owned());
        let labels = &mut Arc::make_mut(&mut original.summary).config.labels;
        labels.insert("maintainer".to_owned(), "base".to_owned());
        labels.insert(RUN_LABEL.to_owned(), "1".to_owned());
        assert!(check(&original, &candidate, &BTreeSet::new()).passed);
        Arc::make_mut(&mut original.summary).config.labels.insert("mine".to_owned(), "x".to_owned());
        assert!(!check(&original, &candidate, &BTreeSet::new()).passed);
    }
}
