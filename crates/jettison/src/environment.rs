//! The environment, read once and passed down as a value: nothing below the binary asks for it.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

use crate::cli::ColorChoice;

/// What of the environment matters.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// NO_COLOR is set and not empty. <https://no-color.org>
    pub no_color: bool,
    /// CLICOLOR_FORCE is set and not 0.
    pub force_color: bool,
    /// TERM=dumb, or none.
    pub dumb: bool,
    /// The locale can show UTF-8.
    pub unicode: bool,
    /// COLUMNS, if set.
    pub columns: Option<usize>,
    /// `$XDG_STATE_HOME/jettison` or `~/.local/state/jettison`: logs and what --undo restores.
    pub state: PathBuf,
    /// SSL_CERT_FILE.
    pub certificates: Option<PathBuf>,
    /// stdout and stderr are terminals.
    pub terminals: (bool, bool),
    /// `--color`.
    pub color: ColorChoice,
}

impl Environment {
    /// Reads it.
    pub fn read() -> Self {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|name| set(name))
            .map(|value| value.to_string_lossy().to_lowercase());
        let home = set("HOME").map(PathBuf::from).unwrap_or_else(env::temp_dir);
        Self {
            no_color: set("NO_COLOR").is_some(),
            force_color: set("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            dumb: set("TERM").is_none_or(|term| term == "dumb"),
            // containers and CI often have no locale at all: their logs are UTF-8 all the same
            unicode: locale.is_none_or(|locale| locale.contains("utf") || locale == "c" || locale == "posix"),
            columns: set("COLUMNS").and_then(|value| value.to_str().and_then(|text| text.parse().ok())),
            state: set("XDG_STATE_HOME")
                .map(PathBuf::from)
                .unwrap_or_else(|| home.join(".local/state"))
                .join("jettison"),
            certificates: set("SSL_CERT_FILE").map(PathBuf::from),
            terminals: (std::io::stdout().is_terminal(), std::io::stderr().is_terminal()),
            color: ColorChoice::Auto,
        }
    }

    /// The same with `--color`.
    pub fn with_color(&self, color: ColorChoice) -> Self {
        Self { color, ..self.clone() }
    }

    /// The value of a variable, for `--build-arg NAME`.
    pub fn variable(name: &str) -> Option<String> {
        env::var(name).ok()
    }

    /// All variables whose names and values are text, for Compose and Bake files.
    pub fn variables() -> BTreeMap<String, String> {
        let text = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
        env::vars_os().filter_map(text).collect()
    }

    /// Whether to colour what goes to a stream.
    pub fn colors(&self, terminal: bool) -> bool {
        match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => self.force_color || (terminal && !self.no_color && !self.dumb),
        }
    }
}
