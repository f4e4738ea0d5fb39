//! Cases as files: what the user has (`== name` and a text each), what is asked, and what the tool itself answers
//! (`== expected`, as JSON) or what is told here (`== error`, `== warnings`). `JETTISON_TARGETS_PRINT=1` prints what comes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jettison_targets::{Context, Environment, File, Instructions, Invocation, Secret, Stated, Targets, load};
use serde_json::{Map, Value, json};

/// One case.
pub struct Case {
    pub name: String,
    asked: Vec<String>,
    environment: Environment,
    files: BTreeMap<String, String>,
    answers: BTreeMap<String, String>,
}

impl Case {
    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("a case");
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let mut case = Self {
            name,
            asked: Vec::new(),
            environment: Environment::new(),
            files: BTreeMap::new(),
            answers: BTreeMap::new(),
        };
        let mut parts = text.split("\n== ");
        for line in parts.next().expect("a head").lines() {
            if let Some(files) = line.strip_prefix("files: ") {
                case.asked = files.split_whitespace().map(str::to_owned).collect();
            }
            if let Some((name, value)) = line.strip_prefix("env: ").and_then(|line| line.split_once('=')) {
                case.environment.insert(name.to_owned(), value.to_owned());
            }
        }
        for part in parts {
            let (head, body) = part.split_once('\n').unwrap_or((part, ""));
            let word = head.split(" (").next().expect("a word").trim();
            // the blank line before the next part belongs to the format
            let body = format!("{}\n", body.trim_end_matches('\n'));
            match word {
                "expected" | "error" | "warnings" => case.answers.insert(word.to_owned(), body),
                file => case.files.insert(file.to_owned(), body),
            };
        }
        case
    }

    fn load(&self) -> Result<Targets, String> {
        let text = |name: &String| self.files.get(name).unwrap_or_else(|| panic!("{}: no {name}", self.name));
        let files: Vec<File> = self.asked.iter().map(|name| File::new(name, text(name))).collect();
        load(&files, &self.environment, &self.files).map_err(|error| error.to_string())
    }

    fn check(&self, wrong: &mut Vec<String>) {
        let loaded = self.load();
        let mut came = BTreeMap::new();
        match &loaded {
            Ok(targets) => {
                let all: Map<String, Value> =
                    targets.invocations.iter().map(|it| (it.name.clone(), printed(it))).collect();
                came.insert("expected", pretty(&sorted(Value::Object(all))));
                let warnings: String =
                    targets.warnings.iter().map(|it| format!("{}: {}\n", it.place, it.message)).collect();
                if !warnings.is_empty() {
                    came.insert("warnings", warnings);
                }
            }
            Err(error) => {
                came.insert("error", format!("{error}\n"));
            }
        }
        for word in ["expected", "error", "warnings"] {
            let expected = self.answers.get(word).map(|text| match word {
                "expected" => pretty(&sorted(serde_json::from_str(text).expect("JSON"))),
                _ => text.clone(),
            });
            let came = came.get(word).cloned();
            if came == expected {
                continue;
            }
            wrong.push(format!(
                "{}: {word}\n--- expected\n{}--- came\n{}",
                self.name,
                expected.unwrap_or_default(),
                came.unwrap_or_default()
            ));
        }
    }
}

/// Runs all cases of a folder.
pub fn run(folder: &str, least: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "case"));
    paths.sort();
    assert!(paths.len() >= least, "{} cases only", paths.len());
    let mut wrong = Vec::new();
    for path in &paths {
        Case::read(path).check(&mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// With the keys of objects in order.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<String, Value> = fields.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// A build in the words of `bake --print`.
fn printed(build: &Invocation) -> Value {
    let mut all = Map::new();
    let mut put = |key: &str, value: Value| {
        let empty = value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty);
        if !empty && !value.is_null() {
            all.insert(key.to_owned(), value);
        }
    };
    put("context", stated(&build.context, context));
    match &build.instructions {
        Stated::Known(Instructions::Inline { text, .. }) => put("dockerfile-inline", json!(text)),
        Stated::Known(Instructions::File(file)) => put("dockerfile", json!(file)),
        Stated::Opaque(opaque) => put("dockerfile", json!({"opaque": opaque.reason})),
    }
    put("target", build.target.as_ref().map_or(Value::Null, |it| stated(it, text)));
    put("args", named(&build.args, text));
    put("labels", named(&build.labels, text));
    put("contexts", named(&build.contexts, context));
    put("tags", build.tags.iter().map(|it| stated(it, text)).collect());
    put("platforms", build.platforms.iter().map(|it| stated(it, text)).collect());
    put("secret", build.secrets.iter().map(|it| stated(it, secret)).collect());
    put("ssh", build.ssh.iter().map(|it| stated(it, |ssh| json!({"id": ssh.id, "paths": ssh.paths}))).collect());
    Value::Object(all)
}

fn stated<T>(value: &Stated<T>, known: impl Fn(&T) -> Value) -> Value {
    match value {
        Stated::Known(value) => known(value),
        Stated::Opaque(opaque) => json!({"opaque": opaque.reason}),
    }
}

fn named<T>(all: &[(String, Stated<T>)], known: impl Fn(&T) -> Value) -> Value {
    all.iter().map(|(name, value)| (name.clone(), stated(value, &known))).collect::<Map<_, _>>().into()
}

#[allow(clippy::ptr_arg)]
fn text(text: &String) -> Value {
    json!(text)
}

fn context(context: &Context) -> Value {
    match context {
        Context::Path(text) | Context::Remote(text) | Context::Image(text) => json!(text),
        Context::Build(name) => json!(format!("target:{name}")),
    }
}

fn secret(secret: &Secret) -> Value {
    let part = |key: &str, value: &Option<String>| value.as_ref().map(|value| format!(",{key}={value}"));
    let parts = [part("env", &secret.variable), part("src", &secret.file)];
    json!(format!("id={}{}", secret.id, parts.into_iter().flatten().collect::<String>()))
}
