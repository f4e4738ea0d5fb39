//! Numbers in tar headers: octal text, or base-256 where the first bit is set.

/// The value of a numeric field; none if it is neither octal nor base-256, or does not fit.
pub(super) fn number(field: &[u8]) -> Option<i64> {
    match field.first() {
        Some(first) if first & 0x80 != 0 => base_256(field),
        _ => octal(field),
    }
}

fn base_256(field: &[u8]) -> Option<i64> {
    let (first, rest) = field.split_first()?;
    let mut value: i64 = if *first == 0xff { -1 } else { i64::from(first & 0x7f) };
    for byte in rest {
        value = value.checked_mul(256)?.checked_add(i64::from(*byte))?;
    }
    Some(value)
}

fn octal(field: &[u8]) -> Option<i64> {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    let text = field.get(..end)?.trim_ascii();
    if text.is_empty() {
        return Some(0);
    }
    text.iter().try_fold(0i64, |value, byte| match byte {
        b'0'..=b'7' => value.checked_mul(8)?.checked_add(i64::from(byte - b'0')),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_octal_and_base_256() {
        assert_eq!(number(b"0000644\0"), Some(0o644));
        assert_eq!(number(b"    755 "), Some(0o755));
        assert_eq!(number(b"\0\0\0"), Some(0));
        assert_eq!(number(b"\x80\0\0\0\0\x20\0\0"), Some(1 << 21));
        assert_eq!(number(b"\xff\xff\xff\xff\xff\xff\xff\xfe"), Some(-2));
    }

    #[test]
    fn refuses_what_is_no_number_or_too_big() {
        assert_eq!(number(b"9999999\0"), None);
        assert_eq!(number(b"\x80\x40\0\0\0\0\0\0\0\0\0\0"), None);
        assert_eq!(number(&[b'7'; 24]), None);
    }
}
