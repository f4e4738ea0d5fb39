//! The ecosystems' data as rules of what is avoidable: paths of `avoidable.toml`, leftovers of package managers, junk that counts
//! in images, secrets by name.

use jettison_ecosystems::{AvoidableRow, Ecosystems, JunkClass, PackageManager};
use jettison_image::{AvoidableKind, ImageConfig, Rule, Rules, Scope};

/// The rules for an image with this config.
pub(super) fn rules(tables: &Ecosystems, config: &ImageConfig) -> Rules {
    let mut rules: Vec<Rule> = Vec::new();
    tables.managers.iter().for_each(|manager| rules.extend(leftovers(manager)));
    tables.avoidable.iter().for_each(|row| rules.extend(paths(row)));
    for junk in tables.junk.iter().filter(|junk| junk.in_image) {
        let Some(kind) = of_class(junk.class) else { continue };
        rules.push(Rule { marker: junk.marker.clone(), ..app(kind, &junk.pattern) });
        rules.extend(junk.except.iter().map(|except| taken_back(except)));
    }
    for secret in &tables.secrets {
        rules.push(Rule { sure: false, ..app(AvoidableKind::Secret, &secret.pattern) });
        rules.extend(secret.except.iter().map(|except| taken_back(except)));
    }
    rules.extend(language(config));
    let elsewhere = &tables.elsewhere;
    let folders = elsewhere.iter().flat_map(|row| row.folders.clone()).collect();
    Rules::new(rules, folders, elsewhere.iter().flat_map(|row| row.installed.clone()).collect())
}

/// Of root's home and everybody's.
fn leftovers(manager: &PackageManager) -> Vec<Rule> {
    let mut rules = Vec::new();
    for path in &manager.leftovers {
        let kind = if path.starts_with("/var/log/") { AvoidableKind::Log } else { AvoidableKind::PackageCache };
        let rule = |pattern: String| Rule {
            kind: Some(kind),
            pattern,
            unless: manager.commands.clone(),
            sure: true,
            ..Rule::default()
        };
        rules.push(rule(path.clone()));
        rules.extend(path.strip_prefix("/root/").map(|rest| rule(format!("/home/*/{rest}"))));
    }
    rules
}

fn paths(row: &AvoidableRow) -> Vec<Rule> {
    let Some(kind) = AvoidableKind::ALL.into_iter().find(|kind| kind.as_str() == row.kind) else { return Vec::new() };
    let scope = match row.scope.as_deref() {
        Some("app") => Scope::App,
        Some("unowned") => Scope::Unowned,
        _ => Scope::Anywhere,
    };
    let rule = |pattern: &String| Rule {
        kind: Some(kind),
        pattern: pattern.clone(),
        scope,
        unless: row.unless.clone(),
        sure: !row.guess,
        marker: None,
    };
    row.patterns.iter().map(rule).chain(row.except.iter().map(|except| taken_back(except))).collect()
}

/// A rule for the app's own files; patterns of contexts, which begin at its root, hold anywhere in an image.
fn app(kind: AvoidableKind, pattern: &str) -> Rule {
    Rule { kind: Some(kind), pattern: anywhere(pattern), scope: Scope::App, sure: true, ..Rule::default() }
}

fn taken_back(pattern: &str) -> Rule {
    let pattern = if pattern.starts_with('/') { pattern.to_owned() } else { anywhere(pattern) };
    Rule { pattern, ..Rule::default() }
}

fn anywhere(pattern: &str) -> String {
    if pattern.starts_with("**/") { pattern.to_owned() } else { format!("**/{pattern}") }
}

/// What kind of avoidable bytes a class of junk is. Secrets are told by their names, not by folders; what the builder reads and
/// caches of the host weigh nothing worth a line of its own.
fn of_class(class: JunkClass) -> Option<AvoidableKind> {
    match class {
        JunkClass::VersionControl => Some(AvoidableKind::Vcs),
        JunkClass::Logs => Some(AvoidableKind::Log),
        JunkClass::Caches => Some(AvoidableKind::PackageCache),
        JunkClass::Editors | JunkClass::Os => Some(AvoidableKind::Temp),
        JunkClass::Secrets | JunkClass::HostBuilds | JunkClass::Builder => None,
    }
}

/// The image's own language is needed: LANG, LC_ALL and LANGUAGE of its config.
fn language(config: &ImageConfig) -> Vec<Rule> {
    let values = ["LC_ALL", "LANG", "LANGUAGE"].iter().filter_map(|name| config.var(name));
    let mut rules = Vec::new();
    for value in values.flat_map(|value| value.split(':')) {
        let language = value.split(['_', '.', '@']).next().unwrap_or_default();
        if language.is_empty() || ["C", "POSIX", "en"].contains(&language) && !value.starts_with("en_") {
            continue;
        }
        // The archive holds all languages that were generated: the wanted one among them.
        rules.extend(
            ["/usr/share/locale", "/usr/lib/locale"].map(|folder| taken_back(&format!("{folder}/{language}*"))),
        );
        rules.push(taken_back("/usr/lib/locale/locale-archive"));
    }
    rules
}
