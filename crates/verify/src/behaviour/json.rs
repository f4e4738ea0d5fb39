//! Two JSON documents, compared value by value; places are JSON pointers (RFC 6901). White space does not count, the order of
//! an object's keys does.

use serde_json::Value;

/// One place where two documents differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where; empty is the document itself.
    pub pointer: String,
    /// Only the order of the object's keys.
    pub order: bool,
    /// `"a" instead of "b"`
    pub detail: String,
}

/// Where `b` differs from `a`, in document order. The parser has bounded the depth.
pub fn differences(a: &Value, b: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", a, b, &mut found);
    found
}

fn compare(pointer: &str, a: &Value, b: &Value, found: &mut Vec<Difference>) {
    let mut add = |pointer: String, order, detail| found.push(Difference { pointer, order, detail });
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            if a.len() == b.len() && a.keys().all(|key| b.contains_key(key)) && !a.keys().eq(b.keys()) {
                add(pointer.to_owned(), true, "the keys are in another order".to_owned());
            }
            for key in a.keys().filter(|key| !b.contains_key(*key)) {
                add(below(pointer, key), false, "missing".to_owned());
            }
            for key in b.keys().filter(|key| !a.contains_key(*key)) {
                add(below(pointer, key), false, "not there before".to_owned());
            }
            for (key, a) in a {
                if let Some(b) = b.get(key) {
                    compare(&below(pointer, key), a, b, found);
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&format!("{pointer}/{index}"), a, b, found);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            add(pointer.to_owned(), false, format!("{} elements instead of {}", b.len(), a.len()));
        }
        (a, b) if a == b => {}
        (a, b) => add(pointer.to_owned(), false, format!("{} instead of {}", short(b), short(a))),
    }
}

fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    let cut: String = text.chars().take(40).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

/// Whether `pointer` is `masked` or below it.
pub fn is_at_or_below(pointer: &str, masked: &str) -> bool {
    pointer.strip_prefix(masked).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pointers(a: &Value, b: &Value) -> Vec<String> {
        differences(a, b).into_iter().map(|difference| difference.pointer).collect()
    }

    #[test]
    fn names_each_differing_place() {
        let a = json!({"a/b": 1, "list": [1, {"x": "y"}], "gone": null});
        let b = json!({"a/b": 2, "list": [1, {"x": "z"}], "new": true});
        assert_eq!(pointers(&a, &b), ["/gone", "/new", "/a~1b", "/list/1/x"]);
    }

    #[test]
    fn a_list_of_another_length_differs_as_a_whole() {
        assert_eq!(pointers(&json!({"l": [1]}), &json!({"l": [1, 2]})), ["/l"]);
    }

    #[test]
    fn the_order_of_keys_is_a_difference_of_its_own() {
        let found = differences(&json!({"a": 1, "b": 2}), &json!({"b": 2, "a": 1}));
        assert!(matches!(found.as_slice(), [Difference { order: true, .. }]), "{found:?}");
    }

    #[test]
    fn masks_reach_down_but_not_sideways() {
        assert!(is_at_or_below("/a/b", "/a"));
        assert!(is_at_or_below("/a", ""));
        assert!(!is_at_or_below("/ab", "/a"));
    }
}
