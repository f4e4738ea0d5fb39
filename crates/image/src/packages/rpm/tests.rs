//! Databases that rpm and Berkeley DB's own tools wrote (see tests/fixtures/README.md): three packages each, one with a header
//! longer than a page.

use std::io::Read;

use proptest::prelude::*;

use super::*;

fn fixture(packed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
    bytes
}

fn sqlite() -> Vec<u8> {
    fixture(include_bytes!("../../../tests/fixtures/rpm/rpmdb.sqlite.gz"))
}

fn ndb() -> Vec<u8> {
    fixture(include_bytes!("../../../tests/fixtures/rpm/Packages.db.gz"))
}

fn bdb() -> Vec<u8> {
    fixture(include_bytes!("../../../tests/fixtures/rpm/Packages.gz"))
}

fn check(bytes: &[u8]) {
    let mut packages = parse_rpm_database(bytes);
    packages.sort_by(|a, b| a.name.cmp(&b.name));
    let [library, toy, doc] = &packages[..] else { panic!("{packages:?}") };
    assert_eq!((library.name.as_str(), library.version.as_str()), ("libtoy", "1.0-1.fc40"));
    assert!(library.provides.contains(&"libtoy.so.1".to_owned()));
    assert_eq!((toy.name.as_str(), toy.version.as_str()), ("toy", "3:2.5-1.fc40"));
    assert_eq!(toy.depends, [["/bin/sh"], ["libtoy.so.1"]]);
    assert_eq!(toy.recommends, [["toy-doc"]]);
    assert!(toy.files.contains(&"/usr/bin/toy".to_owned()) && toy.files.contains(&"/usr/share/toy/data".to_owned()));
    assert_eq!((doc.files.len(), doc.architecture.as_str()), (304 - 1, "noarch"));
    assert!(doc.installed_bytes > 2000, "{}", doc.installed_bytes);
}

#[test]
fn reads_sqlite() {
    check(&sqlite());
}

#[test]
fn reads_ndb() {
    check(&ndb());
}

#[test]
fn reads_berkeley_hash() {
    check(&bdb());
}

#[test]
fn a_database_cut_anywhere_gives_what_is_there() {
    for bytes in [sqlite(), ndb(), bdb()] {
        for end in (0..bytes.len()).step_by(bytes.len() / 60) {
            assert!(parse_rpm_database(&bytes[..end]).len() <= 3);
        }
    }
}

#[test]
fn knows_where_databases_lie() {
    for path in ["/var/lib/rpm/rpmdb.sqlite", "/usr/lib/sysimage/rpm/Packages.db", "/var/lib/rpm/Packages"] {
        assert!(is_database(path), "{path}");
    }
    assert!(!is_database("/var/lib/rpm/Packages/x") && !is_database("/srv/Packages"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn wrong_bytes_never_stop_it(which in 0..3, at in any::<prop::sample::Index>(), bytes in proptest::collection::vec(any::<u8>(), 1..8)) {
        let mut database = [sqlite, ndb, bdb][which as usize]();
        let at = at.index(database.len() - bytes.len());
        database[at..at + bytes.len()].copy_from_slice(&bytes);
        parse_rpm_database(&database);
    }
}
