//! Which file a developer would most likely edit next: a source file of the project's main language, no manifest, no
//! configuration, no test, preferring one whose content is in the image.

use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Extensions of one language; of equal languages the first named wins. Markup counts only where there is no program.
const LANGUAGES: [(&str, &[&str]); 20] = [
    ("python", &["py"]),
    ("javascript", &["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"]),
    ("go", &["go"]),
    ("rust", &["rs"]),
    ("jvm", &["java", "kt", "scala", "groovy", "clj"]),
    ("ruby", &["rb"]),
    ("php", &["php"]),
    ("dotnet", &["cs", "fs"]),
    ("c", &["c", "cc", "cpp"]),
    ("elixir", &["ex", "exs", "erl"]),
    ("dart", &["dart"]),
    ("swift", &["swift"]),
    ("perl", &["pl", "pm"]),
    ("lua", &["lua"]),
    ("haskell", &["hs"]),
    ("r", &["r", "jl"]),
    ("zig", &["zig", "nim", "cr"]),
    ("component", &["vue", "svelte", "astro"]),
    ("shell", &["sh", "bash"]),
    ("markup", &["html", "htm", "md", "css", "scss", "less"]),
];

/// Folders with nothing that is edited by hand for the app: other people's code, output, tests, texts.
const NOT_SOURCES: [&str; 31] = [
    "node_modules",
    "bower_components",
    "vendor",
    "third_party",
    "venv",
    "env",
    "site-packages",
    "dist",
    "build",
    "out",
    "target",
    "bin",
    "obj",
    "coverage",
    "logs",
    "tmp",
    "test",
    "tests",
    "__tests__",
    "spec",
    "specs",
    "e2e",
    "testing",
    "fixtures",
    "mocks",
    "docs",
    "doc",
    "examples",
    "migrations",
    "benches",
    "ci",
];

/// Names (without extension) of build scripts and configuration that is written as code.
const NOT_APPS: [&str; 15] = [
    "setup",
    "conftest",
    "noxfile",
    "fabfile",
    "gulpfile",
    "gruntfile",
    "build",
    "webpack",
    "rollup",
    "vite",
    "jest",
    "babel",
    "readme",
    "changelog",
    "contributing",
];

/// Names that programs start from.
const ENTRIES: [&str; 9] = ["main", "app", "index", "server", "wsgi", "asgi", "lib", "program", "__init__"];

/// The file to edit among `files` (context-relative paths with their sizes); `in_image` says whether a file's content is in
/// the image as it is. None where nothing looks like source.
pub(crate) fn choose(files: &[(&str, u64)], in_image: &dyn Fn(&str) -> bool) -> Option<String> {
    let sources: Vec<(&str, u64)> = files.iter().copied().filter(|(path, size)| *size > 0 && is_source(path)).collect();
    let language = main_language(&sources)?;
    let own = sources.iter().map(|(path, _)| *path).filter(|path| language_of(path) == Some(language));
    own.min_by_key(|path| (!in_image(path), !is_entry(path), path.matches('/').count(), *path)).map(str::to_owned)
}

/// The language with most files; shell and markup only where there is no other.
fn main_language(sources: &[(&str, u64)]) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for language in sources.iter().filter_map(|(path, _)| language_of(path)) {
        *counts.entry(language).or_default() += 1;
    }
    let is_program =
        |language: usize| LANGUAGES.get(language).is_some_and(|(name, _)| !matches!(*name, "shell" | "markup"));
    counts
        .into_iter()
        .max_by_key(|(language, count)| (is_program(*language), *count, Reverse(*language)))
        .map(|(language, _)| language)
}

fn language_of(path: &str) -> Option<usize> {
    let extension = path.rsplit_once('.')?.1.to_ascii_lowercase();
    LANGUAGES.iter().position(|(_, extensions)| extensions.contains(&extension.as_str()))
}

fn is_source(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let hidden = path.split('/').any(|part| part.starts_with('.'));
    let foreign = folders.split('/').any(|part| NOT_SOURCES.contains(&part.to_ascii_lowercase().as_str()));
    !hidden && !foreign && language_of(name).is_some() && !is_test(name) && !is_configuration(name)
}

fn is_test(name: &str) -> bool {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let inner = name.split('.').skip(1).any(|part| matches!(part, "test" | "spec" | "stories"));
    inner || stem.starts_with("test_") || ["_test", "_spec", "Test", "Tests"].iter().any(|end| stem.ends_with(end))
}

fn is_configuration(name: &str) -> bool {
    let folded = name.to_ascii_lowercase();
    let mut parts = folded.split('.');
    let stem = parts.next().unwrap_or_default();
    NOT_APPS.contains(&stem) || parts.any(|part| matches!(part, "config" | "conf" | "min" | "d"))
}

fn is_entry(path: &str) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    ENTRIES.contains(&stem.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::choose;

    fn chosen(paths: &[&str], in_image: &[&str]) -> Option<String> {
        let files: Vec<(&str, u64)> = paths.iter().map(|path| (*path, 10)).collect();
        choose(&files, &|path| in_image.contains(&path))
    }

    #[test]
    fn takes_an_entry_of_the_main_language() {
        let paths = [
            "README.md",
            "app/models.py",
            "app/main.py",
            "static/a.js",
            "tests/test_app.py",
            "setup.py",
            "app/views.py",
        ];
        assert_eq!(chosen(&paths, &[]).as_deref(), Some("app/main.py"));
    }

    #[test]
    fn prefers_what_is_in_the_image() {
        assert_eq!(chosen(&["main.py", "tools.py"], &["tools.py"]).as_deref(), Some("tools.py"));
    }

    #[test]
    fn leaves_tests_configuration_and_foreign_code_alone() {
        let paths = [
            "node_modules/x/index.js",
            "vite.config.ts",
            "src/server.test.ts",
            "build.mjs",
            "src/a.d.ts",
            ".venv/main.py",
            "x_test.go",
            "src/QuotesTest.java",
            "package.json",
            "web/jquery.min.js",
        ];
        assert_eq!(chosen(&paths, &[]), None);
    }

    #[test]
    fn takes_markup_only_where_there_is_no_program() {
        assert_eq!(chosen(&["index.html", "about.html", "run.sh"], &[]).as_deref(), Some("index.html"));
        assert_eq!(chosen(&["index.html", "about.html", "x.rb"], &[]).as_deref(), Some("x.rb"));
    }

    #[test]
    fn does_not_depend_on_the_order_of_files() {
        let (a, b) = (["src/b.rs", "src/a.rs", "src/main.rs"], ["src/main.rs", "src/a.rs", "src/b.rs"]);
        assert_eq!(chosen(&a, &[]), chosen(&b, &[]));
    }
}
