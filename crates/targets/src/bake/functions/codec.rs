//! Functions between forms of text: JSON, Base64, URLs, digests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::Function;
use crate::bake::types;
use crate::bake::value::{Fault, Value};

pub(super) const TABLE: &[(&str, Function)] = &[
    ("base64decode", |call| {
        let [text] = call.texts()?;
        let bytes = STANDARD.decode(text).map_err(|error| Fault::Wrong(error.to_string()))?;
        String::from_utf8(bytes).map(Value::Text).map_err(|_| Fault::Wrong("the result is no text".to_owned()))
    }),
    ("base64encode", |call| call.texts().map(|[text]| Value::Text(STANDARD.encode(text)))),
    ("jsondecode", |call| {
        let [text] = call.texts()?;
        call.room(text.len())?;
        let document: serde_json::Value =
            serde_json::from_str(&text).map_err(|error| Fault::Wrong(error.to_string()))?;
        Ok(types::json(&document))
    }),
    ("jsonencode", |call| {
        let [value] = call.exactly()?;
        let mut out = String::new();
        encode(value, &mut out)?;
        Ok(Value::Text(out))
    }),
    ("md5", |call| call.texts().map(|[text]| Value::Text(hex(&Md5::digest(text))))),
    ("sha1", |call| call.texts().map(|[text]| Value::Text(hex(&Sha1::digest(text))))),
    ("sha256", |call| call.texts().map(|[text]| Value::Text(hex(&Sha256::digest(text))))),
    ("sha512", |call| call.texts().map(|[text]| Value::Text(hex(&Sha512::digest(text))))),
    ("urlencode", |call| call.texts().map(|[text]| Value::Text(url(&text)))),
];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// JSON as Go writes it: no blanks, and `<`, `>`, `&` escaped.
pub(super) fn encode(value: &Value, out: &mut String) -> Result<(), Fault> {
    match value {
        Value::Null | Value::Opaque(_) => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.print()?),
        Value::Text(text) => quote(text, out),
        Value::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                encode(item, out)?;
            }
            out.push(']');
        }
        Value::Map(entries) => {
            out.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                quote(key, out);
                out.push(':');
                encode(value, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn quote(text: &str, out: &mut String) {
    let plain = serde_json::Value::from(text).to_string();
    let escaped = plain.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    out.push_str(&escaped.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029"));
}

/// As a query has it: a blank is `+`.
fn url(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
