//! hadolint's configuration, in its words: `.hadolint.yaml` and the variables of the environment. Its README, 'Configure'. What is
//! unknown there is unknown here too: hadolint ignores such keys, so they are told and no error.

use serde_json::Value;

use super::keys;
use super::names;
use super::values::{Source, Values};

/// Settings, and what the user should know.
#[derive(Debug, Default)]
pub struct Read {
    /// In our words.
    pub values: Values,
    /// With the place.
    pub warnings: Vec<String>,
}

/// Reads the text of a file that is called `name` in texts; an error says what is wrong with it.
pub fn read(name: &str, text: &str) -> Result<Read, String> {
    let document: Option<Value> = serde_saphyr::from_str(text).map_err(|error| {
        let text = error.to_string();
        format!("is no YAML: {}", text.lines().next().unwrap_or_default())
    })?;
    let mut reader = Reader { name, text, read: Read::default() };
    match document {
        None | Some(Value::Null) => {}
        Some(Value::Object(entries)) => entries.iter().for_each(|(key, value)| reader.entry(key, value)),
        Some(_) => return Err("is not a table of settings".to_owned()),
    }
    Ok(reader.read)
}

/// What `HADOLINT_…` says.
pub fn variables<'a>(variables: impl Iterator<Item = (&'a str, &'a str)>) -> Read {
    let mut read = Read::default();
    for (name, value) in variables {
        let source = Source::Variable(name.to_owned());
        let Some(word) = name.strip_prefix("HADOLINT_") else { continue };
        let list = || value.split(',').map(str::trim).filter(|word| !word.is_empty());
        match word {
            "NOFAIL" if is_true(value) => read.values.say("fail-on", "never", source),
            "FAILURE_THRESHOLD" => threshold(&mut read, value, source),
            "IGNORE" => list().for_each(|code| rule(&mut read, "ignore", code, None, &source)),
            "STRICT_LABELS" if is_true(value) => read.values.say("strict-labels", "true", source),
            "DISABLE_IGNORE_PRAGMA" if is_true(value) => read.values.say("suppressions", "native", source),
            "TRUSTED_REGISTRIES" => list().for_each(|host| read.values.say("trusted-registries", host, source.clone())),
            "REQUIRE_LABELS" => {
                for (label, kind) in list().filter_map(|pair| pair.split_once(':')) {
                    label_type(&mut read, label.trim(), kind.trim(), &source);
                }
            }
            "FORMAT" => format(&mut read, value, source),
            _ => {
                let level = word.strip_prefix("OVERRIDE_").map(str::to_ascii_lowercase);
                if let Some(severity) = level.as_deref().and_then(severity) {
                    list().for_each(|code| rule(&mut read, "severity", code, Some(severity), &source));
                }
            }
        }
    }
    read
}

struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    read: Read,
}

impl Reader<'_> {
    fn entry(&mut self, key: &str, value: &Value) {
        let source = self.source(key, "");
        match key {
            "ignored" => self.codes(key, value, "ignore", None),
            "override" => {
                for (level, codes) in value.as_object().into_iter().flatten() {
                    match severity(level) {
                        Some(severity) => self.codes(level, codes, "severity", Some(severity)),
                        None => self.warn(level, &format!("`{level}` is no severity: error, warning, info, style")),
                    }
                }
            }
            "failure-threshold" => threshold(&mut self.read, &text(value), source),
            "no-fail" if *value == Value::Bool(true) => self.read.values.say("fail-on", "never", source),
            "format" => format(&mut self.read, &text(value), source),
            "trustedRegistries" => {
                for host in words(value) {
                    let source = self.source(key, &host);
                    self.read.values.say("trusted-registries", host, source);
                }
            }
            "label-schema" => {
                for (label, kind) in value.as_object().into_iter().flatten() {
                    let source = self.source(key, label);
                    label_type(&mut self.read, label, &text(kind), &source);
                }
            }
            "strict-labels" if *value == Value::Bool(true) => self.read.values.say("strict-labels", "true", source),
            "disable-ignore-pragma" if *value == Value::Bool(true) => {
                self.read.values.say("suppressions", "native", source);
            }
            "no-fail" | "strict-labels" | "disable-ignore-pragma" | "no-color" | "verbose" => {}
            other => {
                let known = [
                    "ignored",
                    "override",
                    "failure-threshold",
                    "no-fail",
                    "format",
                    "trustedRegistries",
                    "label-schema",
                    "strict-labels",
                    "disable-ignore-pragma",
                    "no-color",
                ];
                self.warn(
                    other,
                    &format!("`{other}` is no setting of hadolint{}", keys::nearest(other, known.into_iter())),
                );
            }
        }
    }

    fn codes(&mut self, key: &str, value: &Value, setting: &str, severity: Option<&'static str>) {
        for code in words(value) {
            let source = self.source(key, &code);
            rule(&mut self.read, setting, &code, severity, &source);
        }
    }

    fn warn(&mut self, key: &str, what: &str) {
        let place = self.source(key, "");
        self.read.warnings.push(format!("{place}: {what}"));
    }

    /// The line of the value below the key; of the key, if the value is not found.
    fn source(&self, key: &str, value: &str) -> Source {
        let is_key = |line: &str| line.trim_start().trim_start_matches(['"', '\'']).starts_with(key);
        let at = self.text.lines().position(is_key).unwrap_or(0);
        let below = self.text.lines().enumerate().skip(at);
        let found = below.clone().find(|(_, line)| !value.is_empty() && line.contains(value));
        Source::File(self.name.to_owned(), found.map_or(at, |(line, _)| line) + 1)
    }
}

fn rule(read: &mut Read, setting: &str, code: &str, severity: Option<&'static str>, source: &Source) {
    match (names::selectors(code), severity) {
        (Err(what), _) => read.warnings.push(format!("{source}: {what}")),
        (Ok(_), Some(severity)) => read.values.say_of(setting, code.to_owned(), severity, source.clone()),
        (Ok(_), None) => read.values.say(setting, code, source.clone()),
    }
}

/// Our word for hadolint's.
fn severity(level: &str) -> Option<&'static str> {
    match level {
        "error" => Some("error"),
        "warning" => Some("warning"),
        "info" | "style" => Some("info"),
        _ => None,
    }
}

fn threshold(read: &mut Read, level: &str, source: Source) {
    match level {
        "none" | "ignore" => read.values.say("fail-on", "info", source),
        other => match severity(other) {
            Some(word) => read.values.say("fail-on", word, source),
            None => read
                .warnings
                .push(format!("{source}: `{other}` is no threshold: error, warning, info, style, ignore, none")),
        },
    }
}

fn format(read: &mut Read, word: &str, source: Source) {
    let ours = match word {
        "tty" => "text",
        "codeclimate" | "gitlab_codeclimate" => "gitlab",
        "json" | "checkstyle" | "gnu" | "codacy" | "sonarqube" | "sarif" | "junit" => word,
        _ => return read.warnings.push(format!("{source}: `{word}` is no format of hadolint")),
    };
    read.values.say("format", ours, source);
}

fn label_type(read: &mut Read, label: &str, kind: &str, source: &Source) {
    if keys::LABEL_TYPES.contains(&kind) {
        return read.values.say_of("labels", label.to_owned(), kind, source.clone());
    }
    read.warnings.push(format!("{source}: `{kind}` is no type of a label: {}", keys::LABEL_TYPES.join(", ")));
}

fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().map(text).collect(),
        Value::Null => Vec::new(),
        one => vec![text(one)],
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn is_true(value: &str) -> bool {
    !matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "false" | "no" | "off" | "n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::keys::find;

    #[test]
    fn a_file_of_hadolint_says_the_same_here() {
        let text = "ignored:\n  - DL3008\n  - SC1091\noverride:\n  error: [DL3009]\n  style:\n    - DL3015\nfailure-threshold: style\ntrustedRegistries: docker.io\nlabel-schema:\n  author: text\n  contact: email\nstrict-labels: true\ndisable-ignore-pragma: true\n";
        let read = read(".hadolint.yaml", text).unwrap();
        assert_eq!(read.warnings, Vec::<String>::new());
        let shown = |name: &str| read.values.shown(find(name).unwrap());
        assert_eq!(shown("ignore").0, "[\"DL3008\", \"SC1091\"]");
        assert_eq!(shown("ignore").1[0].to_string(), ".hadolint.yaml:2");
        assert_eq!(shown("severity").0, "{ DL3009 = \"error\", DL3015 = \"info\" }");
        assert_eq!(shown("fail-on").0, "\"info\"");
        assert_eq!(shown("trusted-registries").0, "[\"docker.io\"]");
        assert_eq!(shown("labels").0, "{ author = \"text\", contact = \"email\" }");
        assert_eq!(shown("suppressions").0, "\"native\"");
        assert_eq!(shown("strict-labels").1[0].to_string(), ".hadolint.yaml:13");
    }

    #[test]
    fn what_hadolint_would_ignore_is_told_and_no_error() {
        let read = read(".hadolint.yaml", "ignore:\n- DL3008\n").unwrap();
        assert_eq!(read.warnings, [".hadolint.yaml:1: `ignore` is no setting of hadolint; did you mean `ignored`?"]);
        assert!(super::read("x", "- a\n").is_err() && super::read("x", "").is_ok());
    }

    #[test]
    fn the_environment_says_the_same() {
        let said = [
            ("HADOLINT_NOFAIL", "1"),
            ("HADOLINT_OVERRIDE_WARNING", "DL3009,DL3015"),
            ("HADOLINT_REQUIRE_LABELS", "a:text,b:url"),
            ("PATH", "/bin"),
        ];
        let read = variables(said.into_iter());
        assert_eq!(read.values.text("fail-on"), Some("never"));
        assert_eq!(read.values.items("severity").map(<[_]>::len), Some(2));
        assert_eq!(read.values.shown(find("labels").unwrap()).0, "{ a = \"text\", b = \"url\" }");
    }
}
