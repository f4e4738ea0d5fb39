//! `--mount` of RUN, field by field.

use jettison_model::Span;

use crate::syntax::csv;
use crate::{Flag, Str, Text};

/// One `--mount` of a RUN. Keys: BuildKit `frontend/dockerfile/instructions/commands_runmount.go`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mount {
    /// bind (default), cache, tmpfs, secret, ssh.
    pub kind: String,
    /// `target`, `dst`, `destination`.
    pub target: Option<String>,
    /// `source`, `src`.
    pub source: Option<String>,
    /// `from`.
    pub from: Option<String>,
    /// `id`.
    pub id: Option<String>,
    /// `sharing`.
    pub sharing: Option<String>,
    /// All other keys, as written.
    pub other: Vec<(String, Option<String>)>,
    /// All fields, in order, with their places.
    pub options: Vec<MountOption>,
}

/// One field of a `--mount`: `key=value` or a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MountOption {
    /// As written.
    pub key: Str,
    /// What follows the `=`.
    pub value: Option<Str>,
    /// The field; the whole list where that is quoted.
    pub span: Span,
}

impl Mount {
    /// Reads a `--mount` value; fields that are no `key=value` are kept in `other`, as is everything unknown. Of a value
    /// that is no list at all only `other` is filled.
    pub fn parse(value: &str) -> Self {
        Self::of(fields(&Str::from(value)), |_| Span::default())
    }

    /// Reads a `--mount` flag of an instruction whose text is `body`.
    pub(super) fn of_flag(flag: &Flag, body: &Text) -> Self {
        let list = flag.value_span.unwrap_or(flag.span);
        let value = flag.value.clone().unwrap_or_default();
        Self::of(fields(&value), |field| body.place_of(field).unwrap_or(list))
    }

    fn of(fields: Vec<Str>, place: impl Fn(&Str) -> Span) -> Self {
        let mut mount = Self { kind: "bind".to_owned(), ..Self::default() };
        for field in fields {
            let span = place(&field);
            let (key, value) = match field.find('=') {
                Some(at) => (field.slice(0..at), Some(field.slice(at + 1..field.len()))),
                None => (field, None),
            };
            mount.set(&key, value.as_deref());
            mount.options.push(MountOption { key, value, span });
        }
        mount
    }

    fn set(&mut self, key: &str, value: Option<&str>) {
        let Some(value) = value else { return self.other.push((key.to_owned(), None)) };
        let owned = value.to_owned();
        match key.to_lowercase().as_str() {
            "type" => self.kind = value.to_lowercase(),
            "target" | "dst" | "destination" => self.target = Some(owned),
            "source" | "src" => self.source = Some(owned),
            "from" => self.from = Some(owned),
            "id" => self.id = Some(owned),
            "sharing" => self.sharing = Some(owned),
            _ => self.other.push((key.to_owned(), Some(owned))),
        }
    }
}

/// The fields of a list, slices of it where none is quoted.
fn fields(value: &Str) -> Vec<Str> {
    if value.contains('"') {
        let fields = csv::fields(value);
        return fields.map_or_else(|_| vec![value.clone()], |fields| fields.into_iter().map(Str::from).collect());
    }
    let mut start = 0;
    let ends = value.match_indices(',').map(|(at, _)| at).chain([value.len()]);
    ends.map(|end| value.slice(std::mem::replace(&mut start, end + 1)..end)).collect()
}
