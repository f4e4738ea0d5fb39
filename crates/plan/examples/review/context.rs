//! A made-up context for a Dockerfile that has lost its own: what its COPYs name, the manifests of the tools that it calls, a little
//! source of each language, and the junk that checkouts collect. Small and the same every time; nothing of it is real.

use jettison_dockerfile::Dockerfile;
use jettison_facts::memory::MemoryWorld;
use jettison_facts::{Facts, Nowhere, Options};

/// Lies about in most checkouts.
const JUNK: &[&str] = &[
    ".git/HEAD",
    ".git/objects/pack/pack-1.pack",
    ".github/workflows/ci.yml",
    ".env",
    "debug.log",
    "logs/access.log",
    ".DS_Store",
    ".vscode/settings.json",
    "README.md",
    "Dockerfile",
    "docker-compose.yml",
];

/// A tool's word in a Dockerfile, and what a project that uses it holds.
type Project = (&'static [&'static str], &'static [(&'static str, &'static str)]);

const PROJECTS: &[Project] = &[
    (
        &["npm", "yarn", "pnpm", "node"],
        &[
            (
                "package.json",
                "{\"name\": \"app\", \"scripts\": {\"start\": \"node src/index.js\", \"build\": \"tsc\"}, \
                 \"dependencies\": {\"left\": \"1.0.0\"}, \"devDependencies\": {\"typescript\": \"5.0.0\"}}",
            ),
            ("package-lock.json", "{\"lockfileVersion\": 3, \"packages\": {\"\": {}}}"),
            ("tsconfig.json", "{}"),
            ("src/index.js", "require('http').createServer(() => {}).listen(3000)"),
            ("node_modules/left/index.js", "module.exports = 1"),
        ],
    ),
    (&["yarn"], &[("yarn.lock", "# yarn lockfile v1\n")]),
    (&["pnpm"], &[("pnpm-lock.yaml", "lockfileVersion: '9.0'\n")]),
    (
        &["pip", "pip3", "python", "python3", "gunicorn", "uvicorn"],
        &[
            ("requirements.txt", "flask==3.0.0\n"),
            ("app.py", "import flask\napp = flask.Flask(__name__)\n"),
            ("main.py", "import app\n"),
            ("__pycache__/app.cpython-311.pyc", ""),
            ("venv/pyvenv.cfg", "home = /usr\n"),
        ],
    ),
    (&["poetry", "uv"], &[("pyproject.toml", "[project]\nname = \"app\"\nversion = \"1\"\n"), ("app/__init__.py", "")]),
    (&["poetry"], &[("poetry.lock", "")]),
    (&["uv"], &[("uv.lock", "version = 1\n")]),
    (&["pipenv"], &[("Pipfile", "[packages]\nflask = \"*\"\n"), ("Pipfile.lock", "{}")]),
    (
        &["go"],
        &[
            ("go.mod", "module example.test/app\n\ngo 1.22\n"),
            ("go.sum", ""),
            ("main.go", "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n"),
        ],
    ),
    (
        &["cargo"],
        &[
            ("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"),
            ("Cargo.lock", "version = 3\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n"),
            ("src/main.rs", "fn main() {}\n"),
            ("target/debug/app", ""),
        ],
    ),
    (
        &["mvn", "mvnw", "./mvnw"],
        &[("pom.xml", "<project></project>"), ("src/main/java/App.java", "class App {}"), ("target/app.jar", "")],
    ),
    (
        &["gradle", "gradlew", "./gradlew"],
        &[
            ("build.gradle", "plugins { id 'java' }"),
            ("settings.gradle", ""),
            ("src/main/java/App.java", "class App {}"),
        ],
    ),
    (
        &["bundle", "gem", "rails"],
        &[("Gemfile", "source 'https://rubygems.org'\n"), ("Gemfile.lock", ""), ("app.rb", "puts 1\n")],
    ),
    (
        &["composer"],
        &[
            ("composer.json", "{}"),
            ("composer.lock", "{}"),
            ("index.php", "<?php echo 1;\n"),
            ("vendor/autoload.php", ""),
        ],
    ),
    (&["dotnet"], &[("App.csproj", "<Project></Project>"), ("Program.cs", "class P {}"), ("bin/App.dll", "")]),
    (&["make", "cmake", "gcc"], &[("Makefile", "all:\n\tcc -o app main.c\n"), ("main.c", "int main() {}\n")]),
];

/// The world of a Dockerfile without its context.
pub fn made_up(dockerfile: &Dockerfile, options: &Options) -> MemoryWorld {
    let facts = Facts::gather(dockerfile.clone(), options, &Nowhere);
    let mut world = JUNK.iter().fold(MemoryWorld::new(), |world, path| world.with_file(path, "made up\n"));
    let text = String::from_utf8_lossy(dockerfile.source()).into_owned();
    let words: Vec<&str> = text.split(|c: char| !(c.is_alphanumeric() || "./-_".contains(c))).collect();
    let mut files = Vec::new();
    for (names, project) in PROJECTS {
        if names.iter().any(|name| words.contains(name)) {
            files.extend(project.iter().map(|(path, content)| ((*path).to_owned(), *content)));
        }
    }
    let copies = facts.stages.iter().flat_map(|stage| &stage.copies).filter(|copy| copy.from.is_none());
    for source in copies.flat_map(|copy| &copy.sources) {
        for (path, content) in &files {
            if let Some(folder) = subfolder(source) {
                world = world.with_file(&format!("{folder}/{path}"), *content);
            }
        }
        if let Some(path) = named(source) {
            let known = world.files.as_ref().is_some_and(|files| files.contains_key(&path));
            world = if known { world } else { world.with_file(&path, "made up\n") };
        }
    }
    files.into_iter().fold(world, |world, (path, content)| world.with_file(&path, content)).with_churn("src", 40)
}

/// A source that reads as a folder below the context.
fn subfolder(source: &str) -> Option<&str> {
    let folder = source.trim_end_matches('/');
    let last = folder.rsplit('/').next()?;
    let plain = !folder.is_empty() && !folder.contains(['*', '?', '[', '$', ':']);
    (plain && !last.contains('.') && last.chars().all(|c| !c.is_ascii_uppercase())).then_some(folder)
}

/// A file that a source would take.
fn named(source: &str) -> Option<String> {
    let plain = source.trim_end_matches('/').replace(['*', '?'], "x");
    if plain.is_empty() || plain == "." || plain.contains(['$', ':', '[']) {
        return None;
    }
    Some(match subfolder(source) {
        Some(folder) => format!("{folder}/made-up.txt"),
        None => plain,
    })
}
