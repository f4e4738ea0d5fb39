//! `jettison check`, `jettison rules`, `jettison explain`, `jettison config`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};

use super::FormatTo;
use super::format::split;
use crate::config::{Source, Values, check_value, keys};

const RULES: &str = "Rules";
const BUILD: &str = "What is known of the build";
const FIX: &str = "Fixes";
const RESULT: &str = "Result";
const CONFIG: &str = "Configuration";

/// Find what is wrong, slow, large or unsafe in Dockerfiles, and fix it
///
/// A file is judged as it stands; a folder as a project: its Dockerfiles (those that git ignores left out) with the targets,
/// arguments and contexts that its Compose and Bake files give them. Findings wear what they cost, where that can be known; the most
/// worth comes first. Settings come from jettison.toml beside the file or above it, else from .hadolint.yaml; comments of hadolint,
/// BuildKit and others hide what they hid there.
///
/// Exit codes: 0 nothing at or above --fail-on, 1 something, 2 a file could not be checked (or the command line is wrong).
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Dockerfiles, Compose and Bake files, folders; - for a Dockerfile on stdin
    #[arg(default_value = ".", value_name = "PATH", hide_default_value = true)]
    pub paths: Vec<PathBuf>,
    /// Judge the history of an image, whose Dockerfile need not be there: a name, an archive, a folder
    #[arg(long, value_name = "IMAGE", conflicts_with_all = ["paths", "stdin_filename", "fix", "unsafe_fixes", "diff", "context", "target"])]
    pub image: Option<String>,
    /// The name of the file that comes on stdin
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<PathBuf>,
    /// Files to look at in parallel [default: one a processor]
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<usize>,

    /// Rules to say besides the profile's: ids, categories, other tools' codes (may repeat)
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = RULES)]
    pub select: Vec<String>,
    /// Rules not to say; wins over everything (may repeat)
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = RULES)]
    pub ignore: Vec<String>,
    /// Only these rules (may repeat)
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = RULES)]
    pub only: Vec<String>,
    /// The rules and severities to start from
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(keys::PROFILES), help_heading = RULES)]
    pub profile: Option<String>,
    /// Judge the scripts of RUN with this ShellCheck, instead of without one
    #[arg(long, value_name = "PATH", help_heading = RULES)]
    pub shellcheck: Option<PathBuf>,
    /// Behave like this version: rules that came later are not said
    #[arg(long, value_name = "VERSION", help_heading = RULES)]
    pub as_of: Option<String>,

    /// Apply the fixes that keep the meaning; with - the fixed file goes to stdout
    #[arg(long, help_heading = FIX)]
    pub fix: bool,
    /// Apply fixes that may change the meaning too
    #[arg(long, help_heading = FIX)]
    pub unsafe_fixes: bool,
    /// Ask the registries for the digests that tags have now, and add them (with --fix, --diff)
    #[arg(long, help_heading = FIX)]
    pub pin: bool,
    /// Show what the fixes would change; alone it writes nothing
    #[arg(long, help_heading = FIX)]
    pub diff: bool,

    /// The build context, to judge what is copied and what is ignored [default: what Compose and Bake files say]
    #[arg(long, value_name = "DIR", help_heading = BUILD)]
    pub context: Option<PathBuf>,
    /// The stage that is built (may repeat)
    #[arg(long, value_name = "STAGE", help_heading = BUILD)]
    pub target: Vec<String>,
    /// A build argument: NAME=value, or NAME to take it from the environment (may repeat)
    #[arg(long, value_name = "NAME[=VALUE]", help_heading = BUILD)]
    pub build_arg: Vec<String>,
    /// The platform that is built for (may repeat)
    #[arg(long, value_name = "OS/ARCH", help_heading = BUILD)]
    pub platform: Vec<String>,

    /// Exit with 1 if anything is found that is at least so bad [default: warning]
    #[arg(long, value_name = "SEVERITY", value_parser = PossibleValuesParser::new(keys::THRESHOLDS), help_heading = RESULT)]
    pub fail_on: Option<String>,
    /// Guesses count for the exit code too
    #[arg(long, help_heading = RESULT)]
    pub strict: bool,
    /// Exit with 0 whatever is found
    #[arg(long, help_heading = RESULT)]
    pub exit_zero: bool,
    #[arg(long, value_name = "F[:FILE]", help = FORMATS, help_heading = RESULT)]
    pub format: Vec<CheckTo>,
    /// How often each rule found something, instead of what
    #[arg(long, help_heading = RESULT)]
    pub statistics: bool,
    /// Known findings, which are not reported
    #[arg(long, value_name = "FILE", help_heading = RESULT)]
    pub baseline: Option<PathBuf>,
    /// Write all findings to the baseline, and exit with 0
    #[arg(long, requires = "baseline", help_heading = RESULT)]
    pub write_baseline: bool,

    /// The configuration file, instead of those that are found
    #[arg(long, value_name = "FILE", help_heading = CONFIG)]
    pub config: Option<PathBuf>,
    /// No configuration but the command line
    #[arg(long, conflicts_with = "config", help_heading = CONFIG)]
    pub no_config: bool,
}

impl CheckArgs {
    /// What the command line says of settings; an error where it names what is not there.
    pub fn values(&self) -> Result<Values, String> {
        let mut values = Values::default();
        let lists = [("select", &self.select), ("ignore", &self.ignore), ("only", &self.only)];
        let words = [("profile", &self.profile), ("as-of", &self.as_of), ("fail-on", &self.fail_on)];
        let words = words.into_iter().flat_map(|(name, word)| word.iter().map(move |word| (name, word)));
        for (name, word) in
            lists.into_iter().flat_map(|(name, list)| list.iter().map(move |word| (name, word))).chain(words)
        {
            if let Some(key) = keys::find(name) {
                check_value(key, "", word.trim()).map_err(|what| format!("--{name}: {what}"))?;
                values.say(name, word.trim(), Source::Option(key.name));
            }
        }
        for (name, flag) in [("strict", self.strict), ("statistics", self.statistics)] {
            if flag {
                values.say(name, "true", Source::Option(name));
            }
        }
        if let Some(path) = &self.baseline {
            values.say("baseline", path.to_string_lossy(), Source::Option("baseline"));
        }
        Ok(values)
    }
}

const FORMATS: &str = "text, concise, gnu, tty (hadolint's), json, jsonl, sarif, github, gitlab, sonarqube, codacy, checkstyle, junit or \
                       markdown, optionally to a file: sarif:out.sarif (may repeat)";

/// A form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckForm {
    /// For people.
    Text,
    /// A line a finding.
    Concise,
    /// As compilers write.
    Gnu,
    /// As hadolint writes.
    Tty,
    /// The document.
    Json,
    /// A document a finding.
    JsonLines,
    /// For code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// GitLab's code quality.
    Gitlab,
    /// SonarQube's generic issues.
    Sonarqube,
    /// Codacy's.
    Codacy,
    /// XML.
    Checkstyle,
    /// XML.
    Junit,
    /// For pull requests.
    Markdown,
}

/// Their names.
const FORMS: [(&str, CheckForm); 14] = [
    ("text", CheckForm::Text),
    ("concise", CheckForm::Concise),
    ("gnu", CheckForm::Gnu),
    ("tty", CheckForm::Tty),
    ("json", CheckForm::Json),
    ("jsonl", CheckForm::JsonLines),
    ("sarif", CheckForm::Sarif),
    ("github", CheckForm::Github),
    ("gitlab", CheckForm::Gitlab),
    ("sonarqube", CheckForm::Sonarqube),
    ("codacy", CheckForm::Codacy),
    ("checkstyle", CheckForm::Checkstyle),
    ("junit", CheckForm::Junit),
    ("markdown", CheckForm::Markdown),
];

/// A form and where to put it; none = stdout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckTo {
    /// Which.
    pub form: CheckForm,
    /// Where.
    pub file: Option<PathBuf>,
}

impl FromStr for CheckTo {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (form, file) = split(text, &FORMS)?;
        Ok(Self { form, file })
    }
}

/// List the rules of `jettison check`
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// text, json or markdown, optionally to a file (may repeat)
    #[arg(long, value_name = "F[:FILE]", value_parser = FormatTo::listed)]
    pub format: Vec<FormatTo>,
}

/// Print the page of a rule: what it finds, why that is bad, how it is fixed
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// An id, or another tool's code: apt-cache-kept, DL3009
    #[arg(value_name = "RULE")]
    pub rule: String,
    /// text, json or markdown, optionally to a file (may repeat)
    #[arg(long, value_name = "F[:FILE]", value_parser = FormatTo::listed)]
    pub format: Vec<FormatTo>,
}

/// Show what is configured, and where
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ConfigCommand,
}

/// The commands of `jettison config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print every setting that holds for a file, and where it was said
    Show(ConfigShowArgs),
    /// Print the JSON Schema of jettison.toml
    Schema,
}

/// `jettison config show`
#[derive(Debug, Args)]
pub struct ConfigShowArgs {
    /// The file, or a folder for what lies in it
    #[arg(default_value = ".", value_name = "PATH")]
    pub path: PathBuf,
    /// The configuration file, instead of those that are found
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// text or json, optionally to a file (may repeat)
    #[arg(long, value_name = "F[:FILE]")]
    pub format: Vec<FormatTo>,
}
