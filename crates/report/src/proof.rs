//! The proof file, `jettison.proof.json`: everything `jettison verify` needs to rebuild both sides and re-check every claim.
//! No secret gets into it: values of build arguments that look like one are left out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Engine, Proof, SCHEMA_VERSION, Side, Transform};

/// The proof of one optimization.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProofFile {
    /// Of this document's form.
    pub schema_version: String,
    /// `optimize`.
    pub command: String,
    /// Of the program that wrote it.
    pub jettison_version: String,
    /// The Dockerfile, relative to the context.
    pub dockerfile: String,
    /// The ignore file that is or would be written, relative to the context.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_file: Option<String>,
    /// What went in.
    pub inputs: ProofInputs,
    /// The original.
    pub before: ProofSide,
    /// The proposal.
    pub after: ProofSide,
    /// The verdict on every step.
    pub transforms: Vec<Transform>,
    /// Steps that the proof convicted: a run on the result, in the same context, does not try them again.
    #[serde(default)]
    pub convicted: Vec<Convicted>,
    /// What was proven.
    pub proof: Proof,
    /// The user's own smoke command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smoke: Option<String>,
    /// What built and ran both sides.
    pub engine: Engine,
}

impl Default for ProofFile {
    fn default() -> Self {
        Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            command: "optimize".to_owned(),
            jettison_version: String::new(),
            dockerfile: String::new(),
            ignore_file: None,
            inputs: ProofInputs::default(),
            before: ProofSide::default(),
            after: ProofSide::default(),
            transforms: Vec::new(),
            convicted: Vec::new(),
            proof: Proof::default(),
            smoke: None,
            engine: Engine::default(),
        }
    }
}

/// A step that broke something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Convicted {
    /// Of the transform.
    pub id: String,
    /// Where a transform has several parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// The evidence.
    pub reason: String,
}

/// What went into both builds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProofInputs {
    /// Over paths, kinds, modes and contents of the whole context, ignored files too: `sha256:…`.
    pub context_fingerprint: String,
    /// `--build-arg`.
    #[serde(default)]
    pub build_args: Vec<BuildArg>,
    /// `--target`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// `linux/amd64`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Base images of both sides.
    #[serde(default)]
    pub bases: Vec<BaseImage>,
}

/// A build argument.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BuildArg {
    /// Its name.
    pub name: String,
    /// Absent where name or value look like a secret; then `jettison verify` has to be given it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl BuildArg {
    /// Keeps the value unless it looks like a secret: by its name, or as a URL with a password in it.
    pub fn new(name: &str, value: &str) -> Self {
        let value = (!looks_secret(name, value)).then(|| value.to_owned());
        Self { name: name.to_owned(), value }
    }
}

fn looks_secret(name: &str, value: &str) -> bool {
    const WORDS: [&str; 8] = ["TOKEN", "SECRET", "PASS", "KEY", "CREDENTIAL", "AUTH", "PWD", "PRIVATE"];
    let name = name.to_ascii_uppercase();
    let host = value.split_once("://").and_then(|(_, rest)| rest.split('/').next());
    WORDS.iter().any(|word| name.contains(word)) || host.is_some_and(|host| host.contains('@'))
}

/// A base image as it was when the proof was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BaseImage {
    /// As in the FROM.
    pub reference: String,
    /// Absent where the engine does not know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// One side: its files in full and its numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProofSide {
    /// Hexadecimal.
    pub dockerfile_sha256: String,
    /// The Dockerfile in full.
    pub dockerfile: Content,
    /// Hexadecimal; absent if there is no ignore file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_sha256: Option<String>,
    /// The ignore file in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore: Option<Content>,
    /// What was measured.
    pub numbers: Side,
}

/// The bytes of a file: as text where they are UTF-8, else in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// UTF-8.
    Text(String),
    /// Two digits a byte.
    Hex(String),
}

impl Default for Content {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Content {
    /// Of any bytes.
    pub fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Hex(bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
        }
    }

    /// The bytes again; none if the digits are broken.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Self::Text(text) => Some(text.clone().into_bytes()),
            Self::Hex(digits) => digits
                .as_bytes()
                .chunks(2)
                .map(|pair| match pair {
                    [high, low] => Some(nibble(*high)? * 16 + nibble(*low)?),
                    _ => None,
                })
                .collect(),
        }
    }
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Why a proof file cannot be used.
#[derive(Debug)]
pub enum ProofError {
    /// No JSON, or a field is missing; the cause with line and column.
    Broken(String),
    /// Written in a form that this program does not know.
    Version(String),
}

impl std::fmt::Display for ProofError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Broken(cause) => write!(f, "no proof file of jettison: {cause}"),
            Self::Version(version) => {
                write!(f, "the proof file has schema version {version}, this jettison reads {SCHEMA_VERSION}")
            }
        }
    }
}

impl std::error::Error for ProofError {}

impl ProofFile {
    /// Reads a proof file of the same major version.
    pub fn parse(bytes: &[u8]) -> Result<Self, ProofError> {
        let document: serde_json::Value =
            serde_json::from_slice(bytes).map_err(|error| ProofError::Broken(error.to_string()))?;
        let version = document.get("schema_version").and_then(serde_json::Value::as_str).unwrap_or("unknown");
        if version.split('.').next() != SCHEMA_VERSION.split('.').next() {
            return Err(ProofError::Version(version.to_owned()));
        }
        serde_json::from_value(document).map_err(|error| ProofError::Broken(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_any_bytes_of_a_file() {
        for bytes in [&b"FROM app\r\n"[..], b"", b"# caf\xe9\n"] {
            let content = Content::of(bytes);
            let json = serde_json::to_string(&content).unwrap();
            assert_eq!(serde_json::from_str::<Content>(&json).unwrap().bytes().unwrap(), bytes);
        }
        assert_eq!(Content::Hex("0".to_owned()).bytes(), None);
        assert_eq!(Content::Hex("zz".to_owned()).bytes(), None);
    }

    #[test]
    fn values_that_look_secret_are_left_out() {
        for (name, value) in [("NPM_TOKEN", "x"), ("db_password", "x"), ("INDEX", "https://me:pw@host/simple")] {
            assert_eq!(BuildArg::new(name, value).value, None, "{name}");
        }
        assert_eq!(BuildArg::new("VERSION", "1.2").value.as_deref(), Some("1.2"));
        assert_eq!(BuildArg::new("INDEX", "https://host/@scope").value.as_deref(), Some("https://host/@scope"));
    }

    #[test]
    fn comes_back_as_it_was_written() {
        let proof = ProofFile { smoke: Some("curl $URL".to_owned()), ..ProofFile::default() };
        assert_eq!(ProofFile::parse(crate::json::pretty(&proof).as_bytes()).unwrap(), proof);
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert!(matches!(ProofFile::parse(b"{"), Err(ProofError::Broken(_))));
        assert!(matches!(ProofFile::parse(b"{}"), Err(ProofError::Version(_))));
        assert!(
            matches!(ProofFile::parse(br#"{"schema_version":"2.0.0"}"#), Err(ProofError::Version(v)) if v == "2.0.0")
        );
        assert!(matches!(ProofFile::parse(br#"{"schema_version":"1.9.0"}"#), Err(ProofError::Broken(_))));
    }
}
