//! Keeps secrets out of what is shown: values of arguments whose name looks secret, passwords in addresses, and values
//! registered as secret wherever they turn up.

/// What stands for a secret.
const MASK: &str = "***";
/// Parts of names whose values are not shown.
const SECRET_NAMES: &[&str] = &[
    "SECRET",
    "TOKEN",
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "CREDENTIAL",
    "APIKEY",
    "API_KEY",
    "PRIVATE",
    "AUTH",
    "_KEY",
    "_PWD",
    "_PAT",
];
/// Shorter values are masked only where they stand behind their name: replacing them everywhere would garble texts.
const SHORTEST: usize = 4;

/// Whether a variable of this name likely holds a secret.
pub fn looks_secret(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    upper == "KEY" || upper == "PAT" || SECRET_NAMES.iter().any(|part| upper.contains(part))
}

/// Values to hide.
#[derive(Clone, Debug, Default)]
pub struct Masker {
    values: Vec<String>,
}

impl Masker {
    /// Hides this value from now on.
    pub fn add(&mut self, value: &str) {
        if value.len() >= SHORTEST && !self.values.iter().any(|known| known == value) {
            self.values.push(value.to_string());
            // Longest first: a value that contains another must go as a whole.
            self.values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        }
    }

    /// The text without the registered values and without passwords in addresses.
    pub fn text(&self, text: &str) -> String {
        let mut out = text.to_string();
        for value in &self.values {
            out = out.replace(value.as_str(), MASK);
        }
        mask_userinfo(&out)
    }

    /// One argument as shown: `NAME=***` where the name looks secret.
    pub fn argument(&self, argument: &str) -> String {
        match argument.split_once('=') {
            Some((name, _)) if is_name(name) && looks_secret(name) => format!("{name}={MASK}"),
            _ => self.text(argument),
        }
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `https://user:password@host` → `https://user:***@host`.
fn mask_userinfo(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        out.push_str(before);
        out.push_str("://");
        let end = after.find(|c: char| c == '/' || c == '"' || c == '\'' || c.is_whitespace()).unwrap_or(after.len());
        let (authority, tail) = after.split_at(end);
        match authority.rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host))) {
            Some((user, host)) => out.push_str(&format!("{user}:{MASK}@{host}")),
            None => out.push_str(authority),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_values_behind_secret_names_only() {
        let masker = Masker::default();
        assert_eq!(masker.argument("NPM_TOKEN=abc"), "NPM_TOKEN=***");
        assert_eq!(masker.argument("db_password="), "db_password=***");
        assert_eq!(masker.argument("VERSION=1.2"), "VERSION=1.2");
        assert_eq!(masker.argument("KEYBOARD=us"), "KEYBOARD=us");
        assert_eq!(masker.argument("--label=TOKEN=x"), "--label=TOKEN=x");
    }

    #[test]
    fn masks_registered_values_anywhere_longest_first() {
        let mut masker = Masker::default();
        masker.add("hunter2");
        masker.add("hunter2-long");
        masker.add("abc");
        assert_eq!(masker.text("x hunter2-long y hunter2 abc"), "x *** y *** abc");
    }

    #[test]
    fn masks_passwords_in_addresses() {
        let masker = Masker::default();
        assert_eq!(
            masker.text("get https://me:pw@host/x and http://h:80/ too"),
            "get https://me:***@host/x and http://h:80/ too"
        );
        assert_eq!(masker.text("https://"), "https://");
    }
}
