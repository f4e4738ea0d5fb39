//! Dependencies before sources: when the COPY may be split, and when an install reads more than manifests.

mod setup;

use jettison_facts::memory::MemoryWorld;
use jettison_plan::Status;
use setup::{only, status};

const NODE: &str = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"index.js\"]\n";
const PYTHON: &str =
    "FROM python:3.11\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD [\"python\", \"main.py\"]\n";

fn node(manifest: &str) -> MemoryWorld {
    MemoryWorld::new()
        .with_file("package.json", manifest)
        .with_file("package-lock.json", "{\"lockfileVersion\": 3}")
        .with_files(&["index.js"])
}

fn python(requirements: &str) -> MemoryWorld {
    MemoryWorld::new().with_file("requirements.txt", requirements).with_files(&["main.py"])
}

fn refuses(dockerfile: &str, world: &MemoryWorld, because: &str) {
    let said = status(dockerfile, world, "copy-split");
    assert_eq!(said.0, Status::Refused, "{because}: {}", said.1);
    assert!(said.1.contains(because), "{}", said.1);
}

#[test]
fn manifests_come_first_and_comments_and_blank_lines_go_along() {
    let dockerfile = "FROM node:22\nWORKDIR /app\n\n# the sources\nCOPY . .\n\n# packages\nRUN npm ci\nCMD [\"node\", \"index.js\"]\n";
    assert_eq!(
        only("copy-split", dockerfile, &node("{}")),
        "FROM node:22\nWORKDIR /app\n\nCOPY package-lock.json package.json ./\n# packages\nRUN npm ci\n# the sources\nCOPY . .\nCMD [\"node\", \"index.js\"]\n"
    );
}

#[test]
fn an_environment_before_the_install_stays_before_it() {
    let dockerfile = NODE.replace("RUN", "ENV NODE_ENV=production\nRUN");
    let text = only("copy-split", &dockerfile, &node("{}"));
    assert!(text.find("NODE_ENV").unwrap() < text.find("RUN npm ci").unwrap(), "{text}");
}

#[test]
fn lifecycle_scripts_refuse() {
    for name in ["preinstall", "install", "postinstall", "prepare"] {
        let manifest = format!(r#"{{"scripts": {{"build": "x ${{Y}}", "{name}": "node x.js"}}}}"#);
        refuses(NODE, &node(&manifest), name);
    }
}

#[test]
fn workspaces_refuse() {
    refuses(NODE, &node(r#"{"workspaces": ["packages/*"]}"#), "workspaces");
    let world = node("{}").with_file("pnpm-workspace.yaml", "packages:\n  - a\n");
    refuses(NODE, &world, "pnpm-workspace.yaml");
}

#[test]
fn dependencies_by_path_refuse() {
    refuses(NODE, &node(r#"{"dependencies": {"a": "file:./a"}}"#), "by path");
    refuses(NODE, &node(r#"{"dependencies": {"a": "../a"}}"#), "by path");
}

#[test]
fn files_that_install_scripts_read_refuse() {
    refuses(NODE, &node("{}").with_files(&["prisma/schema.prisma"]), "schema.prisma");
    refuses(NODE, &node("{}").with_files(&["binding.gyp"]), "binding.gyp");
}

#[test]
fn installed_packages_of_the_host_refuse() {
    let world = node("{}").with_files(&["node_modules/a/index.js"]);
    let without_install = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm run build\nCMD [\"node\", \"index.js\"]\n";
    assert_eq!(status(without_install, &world, "context-ignore/host-builds").0, Status::Refused);
    assert_eq!(status(NODE, &world, "context-ignore/host-builds").0, Status::Applied);
    let global = without_install.replace("npm run build", "npm install -g serve");
    assert_eq!(status(&global, &world, "context-ignore/host-builds").0, Status::Refused);
}

#[test]
fn requirements_outside_of_the_folder_refuse() {
    refuses(&PYTHON.replace("requirements.txt", "/tmp/requirements.txt"), &python("flask\n"), "outside");
    refuses(PYTHON, &MemoryWorld::new().with_files(&["main.py"]), "requirements.txt");
}

#[test]
fn packages_of_the_context_itself_refuse() {
    refuses(PYTHON, &python("-e .\n"), "of the context");
    refuses(&PYTHON.replace("-r requirements.txt", "."), &python(""), "of the context");
}

#[test]
fn packages_in_a_folder_of_their_own_refuse() {
    let dockerfile = PYTHON.replace("install", "install --target ./vendor");
    refuses(&dockerfile, &python("flask\n"), "folder of its own");
}

#[test]
fn what_is_included_is_copied_too() {
    let world = python("-r base.txt\n-c limits/all.txt\n").with_files(&["base.txt", "limits/all.txt"]);
    let text = only("copy-split", PYTHON, &world);
    assert!(text.contains("COPY base.txt requirements.txt ./\nCOPY limits/all.txt limits/\nRUN"), "{text}");
}

#[test]
fn a_user_with_a_home_in_the_copied_folder_keeps_its_place() {
    let dockerfile = PYTHON.replace("RUN pip", "RUN useradd -m -d /app app\nRUN pip");
    assert_eq!(only("copy-split", &dockerfile, &python("flask\n")), dockerfile);
}

#[test]
fn a_lock_file_counts_only_where_it_is_copied() {
    let dockerfile =
        |copy: &str| format!("FROM node:22\nWORKDIR /app\nCOPY {copy} ./\nRUN npm install\nCMD [\"node\", \"x\"]\n");
    let ci = |copy: &str| only("npm-ci", &dockerfile(copy), &node("{}")).contains("npm ci");
    assert!(ci("package*.json") && ci("package.json package-lock.json"));
    assert!(!ci("package.json") && !ci("index.js"));
}

#[test]
fn npm_install_elsewhere_is_left_alone() {
    for run in
        ["cd web && npm install", "npm install --prefix web", "npm install -g x", "npm install --no-package-lock"]
    {
        let dockerfile = NODE.replace("npm ci", run);
        assert_eq!(only("npm-ci", &dockerfile, &node("{}")), dockerfile);
    }
}

#[test]
fn an_old_lock_file_refuses() {
    let world = node("{}").with_file("package-lock.json", "{\"lockfileVersion\": 1}");
    assert_eq!(status(&NODE.replace("npm ci", "npm install"), &world, "npm-ci").0, Status::Refused);
}

#[test]
fn caches_in_other_homes_and_those_that_are_removed_get_no_mount() {
    let pip = |dockerfile: &str| status(dockerfile, &MemoryWorld::unknown(), "pip-cache").0;
    assert_eq!(pip("FROM python:3.11\nRUN pip install x\n"), Status::Applied);
    assert_eq!(pip("FROM python:3.11\nENV HOME=/srv\nRUN pip install x\n"), Status::Refused);
    assert_eq!(pip("FROM python:3.11\nUSER app\nRUN pip install x\n"), Status::Refused);
    for run in ["pip install x && rm -rf /root/.cache", "pip install --no-cache x", "pip install x && rm -rf ~/*"] {
        assert_eq!(pip(&format!("FROM python:3.11\nRUN {run}\n")), Status::NotApplicable, "{run}");
    }
}
