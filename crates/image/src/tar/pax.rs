//! Pax extended headers: `length key=value\n` records. POSIX.1-2017, pax, "pax Extended Header".

use std::collections::BTreeMap;

/// The records of one header, or of the global ones with the local ones laid over.
#[derive(Clone, Debug, Default)]
pub(super) struct Pax {
    values: BTreeMap<String, Vec<u8>>,
    /// `GNU.sparse.offset` and `GNU.sparse.numbytes` come once per segment (sparse format 0.0).
    pub(super) segments: Vec<u64>,
}

impl Pax {
    /// Adds the records in `body`; the error says what is wrong with them.
    pub(super) fn read(&mut self, mut body: &[u8]) -> Result<(), String> {
        while !body.is_empty() {
            let (record, rest) = split_record(body).ok_or("a pax record has a wrong length")?;
            body = rest;
            let equals = record.iter().position(|byte| *byte == b'=').ok_or("a pax record has no `=`")?;
            let (key, value) = record.split_at(equals);
            self.put(&String::from_utf8_lossy(key), value.get(1..).unwrap_or_default())?;
        }
        Ok(())
    }

    fn put(&mut self, key: &str, value: &[u8]) -> Result<(), String> {
        if matches!(key, "GNU.sparse.offset" | "GNU.sparse.numbytes") {
            self.segments.push(decimal(value).ok_or_else(|| format!("pax record `{key}` is no number"))?);
        } else if value.is_empty() {
            self.values.remove(key);
        } else {
            self.values.insert(key.to_owned(), value.to_vec());
        }
        Ok(())
    }

    /// This header's records laid over `globals`.
    pub(super) fn over(self, globals: &Pax) -> Pax {
        if globals.values.is_empty() {
            return self;
        }
        let mut values = globals.values.clone();
        values.extend(self.values);
        Pax { values, segments: self.segments }
    }

    /// Bytes held, roughly.
    pub(super) fn weight(&self) -> usize {
        self.values.iter().map(|(key, value)| key.len() + value.len()).sum()
    }

    pub(super) fn get(&self, key: &str) -> Option<&[u8]> {
        self.values.get(key).map(Vec::as_slice)
    }

    /// A decimal record; the error names it.
    pub(super) fn number(&self, key: &str) -> Result<Option<u64>, String> {
        let Some(value) = self.get(key) else { return Ok(None) };
        decimal(value).map(Some).ok_or_else(|| format!("pax record `{key}` is no number"))
    }

    /// As [`Pax::number`], but it may be negative.
    pub(super) fn signed(&self, key: &str) -> Result<Option<i64>, String> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let (sign, digits) = value.strip_prefix(b"-").map_or((1, value), |digits| (-1, digits));
        let number = decimal(digits).map(|number| sign * i64::try_from(number).unwrap_or(i64::MAX));
        number.map(Some).ok_or_else(|| format!("pax record `{key}` is no number"))
    }

    /// Extended attributes by name.
    pub(super) fn xattrs(&self) -> BTreeMap<String, Vec<u8>> {
        let named = self.values.iter().filter_map(|(key, value)| Some((key.strip_prefix("SCHILY.xattr.")?, value)));
        named.map(|(key, value)| (key.to_owned(), value.clone())).collect()
    }
}

fn split_record(body: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = body.iter().take(20).position(|byte| *byte == b' ')?;
    let length = usize::try_from(decimal(body.get(..space)?)?).ok()?;
    let record = body.get(space.checked_add(1)?..length.checked_sub(1)?)?;
    let newline = body.get(length.checked_sub(1)?)?;
    (*newline == b'\n').then_some((record, body.get(length..)?))
}

/// An unsigned decimal number.
pub(super) fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_records_with_binary_values() {
        let mut pax = Pax::default();
        pax.read(b"12 path=a/b\n31 SCHILY.xattr.security.x=\x01\n\0\n").unwrap();
        assert_eq!(pax.get("path"), Some(&b"a/b"[..]));
        assert_eq!(pax.xattrs()["security.x"], b"\x01\n\0");
    }

    #[test]
    fn refuses_lengths_that_lie() {
        for bad in [&b"99 path=a\n"[..], b"0 path=a\n", b"x path=a\n", b"9 path=ab\n", b"6 path\n7 pat\n"] {
            assert!(Pax::default().read(bad).is_err(), "{:?}", String::from_utf8_lossy(bad));
        }
    }
}
