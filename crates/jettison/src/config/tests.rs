//! Configuration files as they lie on disk: which one holds, what is laid over what, and what is told of mistakes.

use std::fs;
use std::path::Path;

use super::{Finder, Given, Values};
use crate::environment::Environment;
use crate::failure::Failure;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            let path = folder.0.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn finder(&self, given: Given) -> Finder {
        Finder::new(given, self.0.path(), &Environment::default(), Values::default())
    }

    fn of(&self, path: &str) -> Result<Values, Failure> {
        self.finder(Given::Search).of(Path::new(path))
    }

    fn error(text: &str) -> (String, String) {
        let failure = Self::new(&[("jettison.toml", text)]).of("Dockerfile").expect_err("a mistake");
        (failure.what, failure.place.unwrap_or_default())
    }
}

#[test]
fn the_nearest_file_above_holds_and_wins_over_hadolints() {
    let folder = Folder::new(&[
        ("jettison.toml", "[check]\nprofile = \"strict\"\n"),
        ("a/jettison.toml", "[check]\nignore = [\"DL3008\"]\n"),
        ("a/b/.hadolint.yaml", "ignored: [DL3009]\n"),
    ]);
    assert_eq!(folder.of("x/Dockerfile").unwrap().text("profile"), Some("strict"));
    let inner = folder.of("a/b/Dockerfile").unwrap();
    assert_eq!((inner.text("profile"), inner.text("ignore")), (None, Some("DL3008")));
}

#[test]
fn hadolints_file_holds_beside_the_dockerfile_and_in_the_working_folder() {
    let folder = Folder::new(&[(".hadolint.yaml", "ignored: [DL3008]\n"), ("a/.hadolint.yml", "ignored: [DL3009]\n")]);
    assert_eq!(folder.of("a/Dockerfile").unwrap().text("ignore"), Some("DL3009"));
    assert_eq!(folder.of("b/Dockerfile").unwrap().text("ignore"), Some("DL3008"));
}

#[test]
fn overrides_hold_for_their_paths_only() {
    let folder = Folder::new(&[(
        "jettison.toml",
        "[check]\nprofile = \"strict\"\n[[check.overrides]]\npaths = [\"dev/**\"]\nprofile = \"dev-container\"\nignore = \"DL3008\"\n",
    )]);
    assert_eq!(folder.of("dev/app/Dockerfile").unwrap().text("profile"), Some("dev-container"));
    assert_eq!(folder.of("app/dev/Dockerfile").unwrap().text("profile"), Some("strict"));
}

#[test]
fn a_file_starts_from_what_it_extends() {
    let folder = Folder::new(&[
        ("base.toml", "[check]\nprofile = \"strict\"\nignore = [\"DL3008\"]\n"),
        ("a/jettison.toml", "extends = \"../base.toml\"\n[check]\nprofile = \"default\"\nignore = [\"DL3009\"]\n"),
    ]);
    let values = folder.of("a/Dockerfile").unwrap();
    assert_eq!(values.text("profile"), Some("default"));
    assert_eq!(values.list("ignore").collect::<Vec<_>>(), ["DL3008", "DL3009"]);
}

#[test]
fn a_circle_of_extends_is_named() {
    let folder =
        Folder::new(&[("jettison.toml", "extends = \"b.toml\"\n"), ("b.toml", "extends = \"jettison.toml\"\n")]);
    let failure = folder.of("Dockerfile").expect_err("a circle");
    assert_eq!(failure.what, "jettison.toml is extended in a circle");
    assert_eq!(failure.place.as_deref(), Some("b.toml:1"));
}

#[test]
fn mistakes_are_told_with_their_line_and_the_name_that_was_meant() {
    let told = |what: &str, place: &str| (what.to_owned(), place.to_owned());
    assert_eq!(
        Folder::error("[check]\n\ningore = [\"DL3008\"]\n"),
        told("`check.ingore` is no setting; did you mean `ignore`?", "jettison.toml:3")
    );
    assert_eq!(Folder::error("[chekc]\n"), told("`chekc` is no setting; did you mean `check`?", "jettison.toml:1"));
    assert_eq!(
        Folder::error("ignore = []\n"),
        told("`ignore` is no setting; it belongs below [check]", "jettison.toml:1")
    );
    assert_eq!(
        Folder::error("[check]\nprofile = \"strickt\"\n"),
        told("`profile` cannot be `strickt`; did you mean `strict`?", "jettison.toml:2")
    );
    assert_eq!(Folder::error("[check]\nstrict = \"yes\"\n"), told("`strict` is true or false", "jettison.toml:2"));
    assert_eq!(Folder::error("[[check.overrides]]\nexclude = [\"a\"]\n").0, "`check.exclude` is no setting");
    assert_eq!(
        Folder::error("[[check.overrides]]\nignore = []\n"),
        told("an override needs `paths`", "jettison.toml:1")
    );
    assert_eq!(Folder::error("[check\n").1, "jettison.toml:1");
}

#[test]
fn without_configuration_nothing_is_looked_for() {
    let folder = Folder::new(&[
        ("jettison.toml", "[check]\nprofile = \"strict\"\n"),
        ("other.toml", "[check]\nstrict = true\n"),
    ]);
    let of = |given: Given| folder.finder(given).of(Path::new("Dockerfile")).unwrap();
    assert_eq!(of(Given::Nothing).text("profile"), None);
    let other = of(Given::File("other.toml".into()));
    assert_eq!((other.text("profile"), other.is_on("strict")), (None, true));
}
