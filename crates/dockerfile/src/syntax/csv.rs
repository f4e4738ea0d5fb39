//! One line of comma-separated values, as RUN's `--mount` and `--device` take them. Reference: RFC 4180, as strict as
//! Go's `encoding/csv`.

/// The fields of `line`; an error for quotes that are misplaced or left open.
pub(crate) fn fields(line: &str) -> Result<Vec<String>, String> {
    let mut fields = Vec::new();
    let mut rest = line;
    if line.is_empty() {
        return Err("EOF".to_owned());
    }
    loop {
        let (field, behind) = if let Some(quoted) = rest.strip_prefix('"') {
            let (field, behind) = quoted_field(quoted)?;
            (field, behind)
        } else {
            let (field, behind) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
            if field.contains('"') {
                return Err("bare \" in non-quoted field".to_owned());
            }
            (field.to_owned(), behind)
        };
        fields.push(field);
        match behind.strip_prefix(',') {
            Some(next) => rest = next,
            None => return Ok(fields),
        }
    }
}

/// A field from behind its opening quote, and what follows the closing one: a comma or nothing.
fn quoted_field(text: &str) -> Result<(String, &str), String> {
    let mut field = String::new();
    let mut rest = text;
    loop {
        let Some(at) = rest.find('"') else { return Err("extraneous or missing \" in quoted-field".to_owned()) };
        field.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('"') {
            field.push('"');
            rest = behind;
        } else if rest.is_empty() || rest.starts_with(',') {
            return Ok((field, rest));
        } else {
            return Err("extraneous or missing \" in quoted-field".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn splits_at_commas_outside_of_quotes() {
        assert_eq!(fields("a,b=c,").unwrap(), ["a", "b=c", ""]);
        assert_eq!(fields("\"a,\"\"b\",c").unwrap(), ["a,\"b", "c"]);
        for bad in ["a\"b", "\"a", "\"a\"b"] {
            assert!(fields(bad).is_err(), "{bad}");
        }
    }
}
