//! `--mount` options once variables have values. Reference: BuildKit `instructions/commands_runmount.go`,
//! `dockerfile2llb/convert_runmount.go`, `convert_secrets.go`, `convert_ssh.go`.

use super::values::{boolean, is_id, is_size, octal};
use crate::syntax::csv;

/// A mount as its options say, in order.
#[derive(Debug, Default)]
pub(super) struct Mount {
    kind: Kind,
    pub from: String,
    source: String,
    pub target: String,
    /// Some value depends on what is not known: then the options are not judged together.
    pub has_unknown: bool,
    id: String,
    sharing: String,
    /// `mode`, `uid`, `gid`, whichever came first.
    owner: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Bind,
    Cache,
    Tmpfs,
    Secret,
    Ssh,
}

impl Kind {
    fn of(value: &str) -> Option<Self> {
        Some(match value.to_lowercase().as_str() {
            "bind" => Self::Bind,
            "cache" => Self::Cache,
            "tmpfs" => Self::Tmpfs,
            "secret" => Self::Secret,
            "ssh" => Self::Ssh,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Bind => "bind",
            Self::Cache => "cache",
            Self::Tmpfs => "tmpfs",
            Self::Secret => "secret",
            Self::Ssh => "ssh",
        }
    }
}

impl Mount {
    /// Reads a `--mount` value; `expand` gives an option's value, none if it is not known, and an error of its own.
    pub fn read<E: From<String>>(
        value: &str,
        mut expand: impl FnMut(&str) -> Result<Option<String>, E>,
    ) -> Result<Self, E> {
        let mut mount = Self::default();
        for field in csv::fields(value).unwrap_or_default() {
            match field.split_once('=') {
                None => mount.word(&field)?,
                Some((key, value)) => {
                    let value = expand(value)?;
                    mount.has_unknown |= value.is_none();
                    mount.option(&key.to_lowercase(), value.as_deref(), &field)?;
                }
            }
        }
        if !mount.has_unknown {
            mount.whole()?;
        }
        Ok(mount)
    }

    fn word(&self, field: &str) -> Result<(), String> {
        match field.to_lowercase().as_str() {
            "readonly" | "ro" | "readwrite" | "rw" => Ok(()),
            "required" => self.only("required", &[Kind::Secret, Kind::Ssh]),
            _ => Err(format!("invalid field '{field}' must be a key=value pair")),
        }
    }

    fn option(&mut self, key: &str, value: Option<&str>, field: &str) -> Result<(), String> {
        const KEYS: [&str; 19] = [
            "type",
            "from",
            "source",
            "src",
            "target",
            "dst",
            "destination",
            "readonly",
            "ro",
            "readwrite",
            "rw",
            "required",
            "size",
            "id",
            "sharing",
            "mode",
            "uid",
            "gid",
            "env",
        ];
        if !KEYS.contains(&key) {
            return Err(format!("unexpected key '{key}' in '{field}'"));
        }
        let Some(value) = value else { return Ok(()) };
        let valid = |holds: bool| if holds { Ok(()) } else { Err(format!("invalid value for {key}: {value}")) };
        let number = |holds: bool| if holds { Ok(()) } else { Err(format!("invalid value {value} for {key}")) };
        match key {
            "type" => self.kind = Kind::of(value).ok_or_else(|| format!("unsupported mount type {value:?}"))?,
            "from" => value.clone_into(&mut self.from),
            "source" | "src" => value.clone_into(&mut self.source),
            "target" | "dst" | "destination" => value.clone_into(&mut self.target),
            "readonly" | "ro" | "readwrite" | "rw" => valid(boolean(value).is_some())?,
            "required" => {
                self.only(key, &[Kind::Secret, Kind::Ssh])?;
                valid(boolean(value).is_some())?;
            }
            "size" => {
                self.only(key, &[Kind::Tmpfs])?;
                valid(is_size(value))?;
            }
            "id" => value.clone_into(&mut self.id),
            "sharing" => self.sharing = sharing(value)?,
            "mode" => number(octal(value).is_some()).map(|()| self.owner = self.owner.or(Some("mode")))?,
            "uid" => number(is_id(value)).map(|()| self.owner = self.owner.or(Some("uid")))?,
            "gid" => number(is_id(value)).map(|()| self.owner = self.owner.or(Some("gid")))?,
            _ => {}
        }
        Ok(())
    }

    fn only(&self, key: &str, kinds: &[Kind]) -> Result<(), String> {
        if kinds.contains(&self.kind) || self.has_unknown {
            return Ok(());
        }
        Err(format!("unexpected key '{key}' for mount type '{}'", self.kind.name()))
    }

    /// What the options together must be.
    fn whole(&self) -> Result<(), String> {
        let kind = self.kind.name();
        if let Some(key) = self.owner.filter(|_| matches!(self.kind, Kind::Bind | Kind::Tmpfs)) {
            return Err(format!("{key} not allowed for {kind:?} type mounts"));
        }
        if self.kind == Kind::Secret {
            let cause = match (self.from.is_empty(), self.sharing.is_empty()) {
                (false, _) => "secret mount should not have a from",
                (_, false) => "secret mount should not define sharing",
                _ if self.source.is_empty() && self.target.is_empty() && self.id.is_empty() => {
                    "invalid secret mount. one of source, target required"
                }
                _ if !self.source.is_empty() && !self.id.is_empty() => "both source and id can't be set",
                _ => "",
            };
            if !cause.is_empty() {
                return Err(cause.to_owned());
            }
        }
        if !self.sharing.is_empty() && self.kind != Kind::Cache {
            return Err(format!("invalid cache sharing set for {kind} mount"));
        }
        if self.kind == Kind::Ssh && !self.source.is_empty() {
            return Err("ssh does not support source".to_owned());
        }
        Ok(())
    }

    /// Whether it is mounted as a folder or file at its target, so that the target must not be the root.
    pub fn has_target(&self) -> bool {
        matches!(self.kind, Kind::Bind | Kind::Cache | Kind::Tmpfs)
    }
}

fn sharing(value: &str) -> Result<String, String> {
    let mode = value.to_lowercase();
    let is_known = matches!(mode.as_str(), "shared" | "private" | "locked");
    if is_known { Ok(mode) } else { Err(format!("unsupported sharing value {value:?}")) }
}
