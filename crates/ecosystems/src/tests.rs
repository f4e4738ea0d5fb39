//! The tables keep their own rules: dates, sources, order, uniqueness, tag grammar.

use crate::load::Files;
use crate::{BaseFamily, Junk, JunkClass, load};

fn family(name: &str) -> &'static BaseFamily {
    load().base(name).unwrap_or_else(|| panic!("no family {name}"))
}

#[test]
fn slim_tags_follow_each_familys_order() {
    for (repository, tag, slim) in [
        ("python", "3.11", "3.11-slim"),
        ("python", "3.11-bookworm", "3.11-slim-bookworm"),
        ("python", "3.13.0rc1", "3.13.0rc1-slim"),
        ("python", "3.14-rc-trixie", "3.14-rc-slim-trixie"),
        ("python", "bookworm", "slim-bookworm"),
        ("python", "latest", "slim"),
        ("python", "", "slim"),
        ("node", "20", "20-slim"),
        ("node", "20-bookworm", "20-bookworm-slim"),
        ("node", "lts", "lts-slim"),
        ("node", "lts-trixie", "lts-trixie-slim"),
        ("node", "iron-bookworm", "iron-bookworm-slim"),
        ("node", "latest", "slim"),
        ("rust", "1-bookworm", "1-slim-bookworm"),
        ("rust", "1.80.1", "1.80.1-slim"),
        ("ruby", "3.3-bookworm", "3.3-slim-bookworm"),
        ("debian", "bookworm", "bookworm-slim"),
        ("debian", "12", "12-slim"),
        ("debian", "bookworm-20240904", "bookworm-20240904-slim"),
        ("debian", "latest", "stable-slim"),
        ("elixir", "1.17-otp-27", "1.17-otp-27-slim"),
        ("swift", "6.0-jammy", "6.0-jammy-slim"),
        ("astral-sh/uv", "python3.12-bookworm", "python3.12-bookworm-slim"),
    ] {
        assert_eq!(family(repository).slim_tag(tag).as_deref(), Some(slim), "{repository}:{tag}");
    }
}

#[test]
fn small_and_unknown_tags_have_no_slim_variant() {
    for (repository, tag) in [
        ("python", "3.11-slim"),
        ("python", "3.11-slim-bookworm"),
        ("python", "3.11-alpine3.20"),
        ("python", "slim"),
        ("python", "3.11-windowsservercore-ltsc2022"),
        ("python", "my-own"),
        ("node", "20-bookworm-slim"),
        ("node", "20-alpine"),
        ("debian", "bookworm-slim"),
        ("debian", "bookworm-backports"),
        ("rust", "nightly"),
        ("php", "8.3-fpm"),
        ("openjdk", "17"),
        ("alpine", "3.20"),
        ("ubuntu", "24.04"),
        ("golang", "1.24"),
        ("astral-sh/uv", "latest"),
        ("distroless/static-debian12", "nonroot"),
    ] {
        assert_eq!(family(repository).slim_tag(tag), None, "{repository}:{tag}");
    }
}

#[test]
fn a_slim_tag_is_small_itself() {
    for family in load().bases.iter().filter(|family| family.slim_suffix.is_some()) {
        for tag in ["1", "1-bookworm", "latest"] {
            let Some(slim) = family.slim_tag(tag) else { continue };
            assert!(family.is_small(&slim), "{}:{slim}", family.id);
            assert_eq!(family.slim_tag(&slim), None, "{}:{slim}", family.id);
        }
    }
}

#[test]
fn knows_the_role_of_a_package_as_written() {
    let tables = load();
    for (package, role) in [
        ("build-essential", "build"),
        ("libpq-dev", "build"),
        ("gcc=4:12.2*", "build"),
        ("openjdk-17-jdk-headless", "build"),
        ("vim", "tool"),
        ("vim-tiny", "tool"),
        ("curl:amd64", "tool"),
        ("git/bookworm-backports", "tool"),
        ("libpq5", "runtime"),
        ("gcc-12-base", "runtime"),
        ("libgcc-s1", "runtime"),
        ("ca-certificates", "runtime"),
        ("openjdk-17-jre-headless", "runtime"),
        ("nginx", "runtime"),
        ("", "runtime"),
    ] {
        assert_eq!(tables.apt_role(package), role, "{package}");
    }
    assert_eq!(tables.apt_row("vim").unwrap().programs, ["vi", "vim", "vimdiff"]);
}

#[test]
fn every_row_has_a_public_source_and_a_month() {
    let tables = load();
    let mut origins: Vec<(&str, &str)> = Vec::new();
    origins.extend(tables.bases.iter().map(|row| (&*row.source, &*row.seen)));
    origins.extend(tables.releases.iter().map(|row| (&*row.source, &*row.seen)));
    origins.extend(tables.managers.iter().map(|row| (&*row.source, &*row.seen)));
    origins.extend(tables.manifests.iter().map(|row| (&*row.source, &*row.seen)));
    origins.extend(tables.junk.iter().map(|row| (&*row.source, &*row.seen)));
    origins.extend(tables.secrets.iter().map(|row| (&*row.source, &*row.seen)));
    origins.extend(tables.apt_roles.iter().map(|row| (&*row.source, &*row.seen)));
    origins.extend(tables.recommended.iter().map(|row| (&*row.source, &*row.seen)));
    origins.extend(tables.avoidable.iter().map(|row| (&*row.source, &*row.seen)));
    origins.extend(tables.build_packages.iter().chain(&tables.quiet_packages).map(|row| (&*row.source, &*row.seen)));
    origins.extend(tables.elsewhere.iter().map(|row| (&*row.source, &*row.seen)));
    origins.extend(tables.bare.iter().map(|row| (&*row.source, &*row.seen)));
    origins.extend(tables.runtimes.iter().map(|row| (&*row.source, &*row.seen)));
    origins.extend(tables.name_lookups.iter().map(|row| (&*row.source, &*row.seen)));
    origins.extend(tables.cgo_stubs.iter().map(|row| (&*row.source, &*row.seen)));
    assert!(origins.len() > 400);
    for (source, seen) in origins {
        assert!(source.starts_with("https://"), "{source}");
        assert!(is_date(&format!("{seen}-01")), "{source}: {seen}");
    }
}

#[test]
fn rows_are_sorted() {
    let tables = load();
    ascending(tables.bases.iter().map(|row| &row.id));
    ascending(tables.managers.iter().map(|row| &row.id));
    ascending(tables.recommended.iter().map(|row| &row.package));
    ascending(tables.releases.iter().map(|row| (&row.distribution, version(&row.version))));
    for family in &tables.bases {
        ascending(family.repositories.iter());
        ascending(family.tag_words.iter());
        ascending(family.small_words.iter());
    }
}

#[test]
fn groups_are_sorted() {
    let files = Files::embedded().unwrap();
    ascending(files.manifests.manifest.iter().map(|row| (&row.ecosystem, &row.manager)));
    ascending(files.junk.junk.iter().map(|row| (row.class.as_str(), &row.ecosystem, row.patterns.first())));
    let junk = files.junk.junk.iter().map(|row| &row.patterns);
    for patterns in junk.chain(files.apt.role.iter().map(|row| &row.patterns)) {
        ascending(patterns.iter());
    }
}

#[test]
fn avoidable_paths_are_sorted_and_of_one_form() {
    let tables = load();
    ascending(tables.avoidable.iter().map(|row| (&row.kind, &row.patterns)));
    unique(tables.avoidable.iter().flat_map(|row| row.patterns.iter().map(String::as_str)));
    for row in &tables.avoidable {
        ascending(row.patterns.iter());
        ascending(row.unless.iter());
        assert!(["app", "unowned"].contains(&row.scope.as_deref().unwrap_or("app")), "{row:?}");
        for pattern in row.patterns.iter().chain(&row.except) {
            let rest = pattern.strip_prefix("**").unwrap_or(pattern);
            assert!(rest.starts_with('/') && !rest.ends_with('/') && !rest.contains("**"), "{pattern}");
        }
    }
    for row in tables.build_packages.iter().chain(&tables.quiet_packages) {
        assert!(["apk", "deb", "rpm"].contains(&&*row.manager), "{row:?}");
    }
}

#[test]
fn knows_what_only_builds_and_what_is_needed_in_silence() {
    let tables = load();
    assert!(tables.is_build_package("rpm", "zlib-devel") && tables.is_build_package("apk", "build-base"));
    assert!(tables.is_build_package("apk", "musl-dev") && !tables.is_build_package("deb", "zlib-devel"));
    assert!(tables.is_quiet_package("deb", "tzdata") && !tables.is_quiet_package("deb", "vim"));
}

#[test]
fn no_name_stands_twice() {
    let tables = load();
    unique(tables.bases.iter().flat_map(|family| family.repositories.iter().map(String::as_str)));
    unique(tables.managers.iter().flat_map(|manager| manager.commands.iter().map(String::as_str)));
    unique(tables.apt_roles.iter().map(|row| row.pattern.as_str()));
    unique(tables.secrets.iter().map(|row| row.pattern.as_str()));
    unique(tables.manifests.iter().map(|row| row.pattern.as_str()));
    let key = |junk: &Junk| format!("{} {}", junk.pattern, junk.ecosystem.as_deref().unwrap_or_default());
    unique(tables.junk.iter().map(key));
}

#[test]
fn dates_are_dates() {
    for release in &load().releases {
        assert!(is_date(&release.eol), "{release:?}");
        assert!(release.lts.as_ref().is_none_or(|lts| is_date(lts) && *lts > release.eol), "{release:?}");
    }
}

#[test]
fn words_come_from_the_vocabulary() {
    let tables = load();
    let ecosystems: Vec<&str> = tables.manifests.iter().map(|row| row.ecosystem.as_str()).collect();
    for family in &tables.bases {
        assert!(["build", "language", "os", "server"].contains(&&*family.kind), "{family:?}");
        assert_eq!(family.slim_latest.is_some(), family.slim_suffix.is_some() && family.id != "uv", "{family:?}");
    }
    for row in &tables.apt_roles {
        assert!(["build", "runtime", "tool"].contains(&&*row.role), "{row:?}");
    }
    for junk in &tables.junk {
        assert!(junk.ecosystem.as_deref().is_none_or(|name| ecosystems.contains(&name)), "{junk:?}");
        assert!(
            junk.made_by.iter().all(|id| tables.managers.iter().any(|row| row.id == *id) || id == "sbt"),
            "{junk:?}"
        );
        assert_eq!(junk.class == JunkClass::HostBuilds, !junk.made_by.is_empty(), "{junk:?}");
    }
}

#[test]
fn caches_are_absolute_and_among_the_leftovers() {
    const RUNTIME_DATA: [&str; 6] =
        ["/root/.cache", "/root", "/root/.local/share", "/usr/local", "/var/lib", "/root/.yarn"];
    for manager in &load().managers {
        assert!(["locked", "shared"].contains(&&*manager.sharing), "{manager:?}");
        for path in &manager.leftovers {
            assert!(path.starts_with('/') && !path.ends_with('/'), "{path}");
            assert!(!RUNTIME_DATA.contains(&path.as_str()), "{path} holds what programs need");
            assert!(!path.rsplit_once('/').is_some_and(|(parent, _)| parent.contains('*')), "{path}");
        }
        assert!(manager.caches.iter().all(|path| manager.leftovers.contains(path)), "{manager:?}");
        ascending(manager.caches.iter());
        ascending(manager.leftovers.iter());
    }
}

fn ascending<T: Ord + std::fmt::Debug>(rows: impl Iterator<Item = T>) {
    let rows: Vec<T> = rows.collect();
    for pair in rows.windows(2) {
        assert!(pair[0] < pair[1], "{:?} stands before {:?}", pair[0], pair[1]);
    }
}

fn unique<T: Ord + std::fmt::Debug>(rows: impl Iterator<Item = T>) {
    let mut rows: Vec<T> = rows.collect();
    rows.sort();
    ascending(rows.into_iter());
}

fn version(text: &str) -> Vec<u32> {
    text.split('.').map(|part| part.parse().unwrap()).collect()
}

/// `2026-11-30`, with a month and a day that exist somewhere.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, low, high| part.parse().is_ok_and(|value: u32| (low..=high).contains(&value));
    matches!(parts[..], [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2
        && number(year, 2010, 2050) && number(month, 1, 12) && number(day, 1, 31))
}
