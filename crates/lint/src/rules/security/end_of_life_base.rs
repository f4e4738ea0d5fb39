//! # end-of-life-base
//!
//! ## What it does
//! Finds base images of releases that get no security updates any more.
//!
//! ## Why is this bad?
//! What is found in them is never repaired, and their package archives move away.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:9
//! ```
//! ```dockerfile bad
//! FROM python:3.9-buster
//! ```
//! ```dockerfile good
//! FROM debian:13
//! ```
//!
//! ## Fix safety
//! No fix: a newer release has other packages.
//!
//! ## References
//! <https://endoflife.date/>

use super::super::prelude::*;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["DD077", "t:ruby/eol-ruby-version"],
    roles: Roles::ALL.builders(Severity::Info),
    ..RuleInfo::new(
        "end-of-life-base",
        Category::Security,
        Severity::Warning,
        "the base image's release is not maintained",
    )
};

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    let Some(today) = sheet.settings.today.as_deref() else { return };
    for stage in &sheet.graph.stages {
        let Base::Image(image) = &stage.base else { continue };
        let Ok(reference) = image.parse::<jettison_model::ImageRef>() else { continue };
        let Some(tag) = reference.tag.as_deref() else { continue };
        let Some(written) = sheet.instructions().get(stage.from).and_then(|from| from.words.first()) else { continue };
        let release = jettison_ecosystems::releases().iter().find(|release| is_of(release, reference.familiar(), tag));
        let Some(release) = release else { continue };
        let end = release.lts.as_deref().unwrap_or(&release.eol);
        if end < today {
            let message = format!("{} {} ended on {end}", release.distribution, release.version);
            let found = Found::stage(stage.index, written.span, message);
            sink.push(if year_past(end, today) { found.severity(Severity::Error) } else { found });
        } else if release.eol.as_str() < today && !sheet.is_foreign() {
            let message =
                format!("{} {} has long-term support only, until {end}", release.distribution, release.version);
            sink.push(Found::stage(stage.index, written.span, message).severity(Severity::Info));
        }
    }
}

/// Whether a tag names the release: by its version in the distribution's own images, by its codename anywhere.
fn is_of(release: &jettison_ecosystems::Release, repository: &str, tag: &str) -> bool {
    let words: Vec<&str> = tag.split(['-', '_']).collect();
    let first = words.first().copied().unwrap_or_default();
    let own = repository == release.distribution;
    let version = release.version.as_str();
    let same = first == version || first.strip_prefix(version).is_some_and(|rest| rest.starts_with('.'));
    let codename = release.distribution != "alpine" && words.contains(&release.codename.as_str());
    let alpine =
        release.distribution == "alpine" && words.iter().any(|word| word.strip_prefix("alpine") == Some(version));
    own && same || codename || alpine
}

fn year_past(end: &str, today: &str) -> bool {
    let parts =
        |date: &str| date.split_once('-').and_then(|(year, rest)| Some((year.parse::<u32>().ok()?, rest.to_owned())));
    matches!((parts(end), parts(today)), (Some((year, rest)), Some((now, day))) if (year + 1, rest.clone()) < (now, day.clone()))
}
