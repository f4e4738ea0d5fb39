//! The environment, read once and passed down as a value: nothing below the binary asks for it.

mod registries;

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

use crate::cli::ColorChoice;
pub use registries::RegistryEnvironment;

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
    /// HOME.
    pub home: Option<PathBuf>,
    /// XDG_CONFIG_HOME, or `~/.config`.
    pub config: Option<PathBuf>,
    /// `HADOLINT_…`, sorted by name.
    pub hadolint: Vec<(String, String)>,
    /// SOURCE_DATE_EPOCH: seconds since 1970 that count as now. <https://reproducible-builds.org/specs/source-date-epoch/>
    pub epoch: Option<u64>,
    /// The terminal is one that is known to follow links.
    pub links: bool,
    /// SSL_CERT_FILE.
    pub certificates: Option<PathBuf>,
    /// Logins, mirrors and proxies.
    pub registries: RegistryEnvironment,
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
        let own_home = set("HOME").map(PathBuf::from);
        let home = own_home.clone().unwrap_or_else(env::temp_dir);
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
            config: set("XDG_CONFIG_HOME").map(PathBuf::from).or(own_home.as_ref().map(|home| home.join(".config"))),
            home: own_home,
            hadolint: hadolint(),
            epoch: set("SOURCE_DATE_EPOCH").and_then(|value| value.to_str().and_then(|text| text.parse().ok())),
            links: follows_links(&|name| set(name).and_then(|value| value.into_string().ok())),
            certificates: set("SSL_CERT_FILE").map(PathBuf::from),
            registries: RegistryEnvironment::read(&home),
            terminals: (std::io::stdout().is_terminal(), std::io::stderr().is_terminal()),
            color: ColorChoice::Auto,
        }
    }

    /// The same with `--color`.
    pub fn with_color(&self, color: ColorChoice) -> Self {
        Self { color, ..self.clone() }
    }

    /// The day it is, in UTC: `2026-11-21`.
    pub fn today(&self) -> String {
        let now = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let seconds = self.epoch.unwrap_or_else(|| now().map_or(0, |time| time.as_secs()));
        date(seconds / 86_400)
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

fn hadolint() -> Vec<(String, String)> {
    let text = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
    let mut all: Vec<_> = env::vars_os().filter_map(text).filter(|(name, _)| name.starts_with("HADOLINT_")).collect();
    all.sort();
    all
}

/// Terminals that follow OSC 8 links and say who they are. <https://github.com/Alhadis/OSC8-Adoption>
fn follows_links(variable: &dyn Fn(&str) -> Option<String>) -> bool {
    if let Some(forced) = variable("FORCE_HYPERLINK") {
        return forced != "0";
    }
    let is_one_of = |name: &str, known: &[&str]| variable(name).is_some_and(|value| known.contains(&value.as_str()));
    is_one_of("TERM_PROGRAM", &["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby"])
        || is_one_of("TERM", &["xterm-kitty", "xterm-ghostty", "alacritty", "foot", "foot-extra", "contour", "wezterm"])
        || variable("VTE_VERSION").and_then(|version| version.parse().ok()).is_some_and(|version: u32| version >= 5000)
        || ["WT_SESSION", "KONSOLE_VERSION", "DOMTERM"].iter().any(|name| variable(name).is_some())
}

/// The date of a day since 1970, in the Gregorian calendar: years begin in March, so that the leap day is the last.
fn date(days: u64) -> String {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_dates() {
        let dates = [(0, "1970-01-01"), (11_016, "2000-02-29"), (20_778, "2026-11-21"), (19_723, "2024-01-01")];
        for (days, expected) in dates {
            assert_eq!(date(days), expected);
        }
    }

    #[test]
    fn links_go_to_terminals_that_say_they_follow_them() {
        let of =
            |name: &'static str, value: &'static str| follows_links(&|asked| (asked == name).then(|| value.to_owned()));
        assert!(of("VTE_VERSION", "7600") && of("TERM", "xterm-kitty") && of("FORCE_HYPERLINK", "1"));
        assert!(!of("VTE_VERSION", "3405") && !of("TERM", "xterm") && !of("FORCE_HYPERLINK", "0"));
    }
}
