//! XML is well-formed, whatever stands in it. The checker knows what these documents need of XML 1.0: elements, attributes,
//! references, text.

use jettison_report::check::{checkstyle, junit};

use crate::samples::{clean, hostile, ordinary};

/// What is wrong with a document; the names of its elements in order.
fn parse(text: &str) -> Result<Vec<String>, String> {
    let mut rest = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").ok_or("no declaration")?;
    let (mut open, mut names) = (Vec::new(), Vec::new());
    while let Some(at) = rest.find('<') {
        check_text(&rest[..at])?;
        let end = rest[at..].find('>').ok_or("a tag without end")? + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let opened: String = open.pop().ok_or("nothing is open")?;
            if opened != name {
                return Err(format!("{opened} ends as {name}"));
            }
            continue;
        }
        let (inner, closed) = tag.strip_suffix('/').map_or((tag, false), |inner| (inner, true));
        let name = inner.split(' ').next().unwrap_or_default().to_owned();
        attributes(inner[name.len()..].trim_start())?;
        names.push(name.clone());
        if !closed {
            open.push(name);
        }
    }
    if !open.is_empty() || !rest.trim().is_empty() {
        return Err(format!("not closed: {open:?} {rest}"));
    }
    Ok(names)
}

fn attributes(mut rest: &str) -> Result<(), String> {
    let mut seen = Vec::new();
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"").ok_or_else(|| format!("no attribute: {rest}"))?;
        let (value, after) = after.split_once('"').ok_or("a value without end")?;
        if !name.chars().all(char::is_alphanumeric) || seen.contains(&name) {
            return Err(format!("attribute {name}"));
        }
        seen.push(name);
        check_text(value)?;
        rest = after.trim_start();
    }
    Ok(())
}

fn check_text(text: &str) -> Result<(), String> {
    let allowed =
        |sign: char| matches!(sign, '\n' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..) && sign != '>';
    if let Some(bad) = text.chars().find(|sign| !allowed(*sign)) {
        return Err(format!("{bad:?} in {text:?}"));
    }
    let known = ["amp;", "lt;", "gt;", "quot;", "apos;", "#10;"];
    let wrong = text.split('&').skip(1).find(|after| !known.iter().any(|name| after.starts_with(name)));
    wrong.map_or(Ok(()), |after| Err(format!("a bare & before {after:?}")))
}

#[test]
fn the_checker_sees_what_is_wrong() {
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    for wrong in ["<a>", "<a></b>", "<a b=\"&x;\"/>", "<a b=\"1\" b=\"2\"/>", "<a>\u{1b}</a>", "</a>"] {
        assert!(parse(&format!("{head}{wrong}")).is_err(), "{wrong}");
    }
    assert_eq!(parse(&format!("{head}<a b=\"&lt;\">x&amp;<c/></a>\n")).unwrap(), ["a", "c"]);
}

#[test]
fn reports_are_well_formed() {
    for report in [ordinary(), hostile(), clean()] {
        let names = parse(&checkstyle(&report)).unwrap();
        assert_eq!(names[0], "checkstyle");
        let names = parse(&junit(&report)).unwrap();
        let count = |wanted: &str| names.iter().filter(|name| *name == wanted).count();
        assert_eq!((names[0].as_str(), count("testsuite")), ("testsuites", report.files.len()));
        assert_eq!(count("failure") as u64, report.summary.findings);
        assert_eq!(count("error") as u64, report.summary.unreadable);
    }
}
