//! Every rule's page is its first test: `bad` examples are found, `good` ones are not, a `fixed` one is what the fix of the `bad`
//! one above it gives. Words behind `bad` and `good` say what is known or wanted: `context:a,b=text`, `ignore:a`,
//! `base:image=arm64`, `layers:9` (so many RUNs more), `trusted:x`, `label:a:text`.

use jettison_dockerfile::parse;
use jettison_facts::memory::{MemoryImage, MemoryWorld};
use jettison_lint::{FixKind, LabelType, RuleInfo, Selector, Settings, check, fix, id_of, named, rules};
use jettison_model::FixSafety;

/// One fenced example.
struct Example {
    kind: String,
    text: String,
    settings: Settings,
    world: MemoryWorld,
}

fn examples(rule: &RuleInfo) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut lines = rule.docs.lines();
    while let Some(line) = lines.next() {
        let Some(words) = line.strip_prefix("```dockerfile ") else { continue };
        let text: String = lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
        examples.push(example(rule, words, text));
    }
    examples
}

fn example(rule: &RuleInfo, words: &str, mut text: String) -> Example {
    let mut settings = Settings { only: Some(vec![Selector::rule(rule.id)]), ..Settings::default() };
    settings.today = Some("2026-11-21".to_owned());
    let mut world = MemoryWorld::unknown();
    let mut words = words.split_whitespace();
    let kind = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (key, value) = word.split_once(':').unwrap_or_else(|| panic!("{}: `{word}` has no value", rule.id));
        let values = value.split(',').map(str::to_owned);
        match key {
            "context" => world = values.fold(world, |world, file| with_file(world, &file)),
            "base" => {
                let (reference, architecture) = value.rsplit_once('=').unwrap();
                let mut image = MemoryImage::new().build();
                (image.config.os, image.config.architecture) = ("linux".into(), architecture.to_owned());
                world = world.with_base(reference, image);
            }
            "layers" => text.push_str(&"RUN true\n".repeat(value.parse().unwrap())),
            "ignore" => world = world.with_ignore(&values.collect::<Vec<_>>().join("\n")),
            "also" => settings.only.iter_mut().for_each(|only| only.extend(named(value))),
            "trusted" => settings.trusted_registries = values.collect(),
            "label" => {
                for pair in values {
                    let (key, kind) = pair.split_once(':').unwrap();
                    settings.labels.insert(key.to_owned(), LabelType::parse(kind).unwrap());
                }
            }
            _ => panic!("{}: what is `{key}`?", rule.id),
        }
    }
    Example { kind, text, settings, world }
}

/// `path`, `path=content` (`+` stands for a blank, `LF` and `CRLF` for a script with such lines), `path=0644:content`.
fn with_file(world: MemoryWorld, file: &str) -> MemoryWorld {
    let Some((path, content)) = file.split_once('=') else { return world.with_file(file, "content") };
    let (mode, content) = match content.split_once(':') {
        Some((mode, content)) if mode.len() == 4 => (u32::from_str_radix(mode, 8).ok(), content),
        _ => (None, content),
    };
    let content = match content {
        "LF" => "#!/bin/sh\ntrue\n".to_owned(),
        "CRLF" => "#!/bin/sh\r\ntrue\r\n".to_owned(),
        text => text.replace('+', " "),
    };
    match mode {
        Some(mode) => world.with_mode(path, content, mode),
        None => world.with_file(path, content),
    }
}

fn finds(rule: &RuleInfo, example: &Example) -> bool {
    let outcome = check(&parse(example.text.as_bytes()), &example.world, &example.settings);
    outcome.findings.iter().any(|finding| id_of(finding.rule) == rule.id)
}

#[test]
fn bad_examples_are_found_and_good_ones_are_not() {
    let mut wrong = Vec::new();
    for rule in rules() {
        let examples = examples(rule);
        for kind in ["bad", "good"] {
            if !examples.iter().any(|example| example.kind == kind) {
                wrong.push(format!("{}: no {kind} example", rule.id));
            }
        }
        for example in &examples {
            let found = finds(rule, example);
            if example.kind == "bad" && !found || example.kind != "bad" && found {
                wrong.push(format!("{}: {} example: found {found}\n{}", rule.id, example.kind, example.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn fixes_give_what_the_page_says() {
    let mut wrong = Vec::new();
    for rule in rules() {
        for pair in examples(rule).windows(2) {
            let [bad, fixed] = pair else { continue };
            if bad.kind == "bad" && fixed.kind == "fixed" {
                let result = fix(bad.text.as_bytes(), &bad.world, &bad.settings, FixSafety::Unsafe);
                let text = String::from_utf8_lossy(&result.bytes).into_owned();
                if text != fixed.text {
                    wrong.push(format!("{}:\n{text}instead of\n{}{:?}", rule.id, fixed.text, result.discarded));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_rule_that_fixes_shows_how() {
    for rule in rules().filter(|rule| rule.fix >= FixKind::Unsafe && rule.id != "loose-base-pin") {
        let shown = examples(rule).iter().any(|example| example.kind == "fixed");
        let exempt = [
            "argument-out-of-scope",
            "cleartext-download",
            "relative-workdir",
            "unknown-copy-source",
            "unknown-instruction",
            "apt-recommends-installed",
            "definition-comment-mismatch",
        ];
        assert!(shown || exempt.contains(&rule.id), "{} has no fixed example", rule.id);
    }
}

#[test]
fn pages_have_the_same_headings() {
    let headings = ["What it does", "Why is this bad?", "Example", "Fix safety", "References"];
    for rule in rules() {
        assert!(rule.docs.starts_with(&format!("# {}\n", rule.id)), "{}: {}", rule.id, rule.docs);
        let found: Vec<&str> = rule.docs.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(found, headings, "{}", rule.id);
        assert!(rule.docs.contains("<https://"), "{} has no reference", rule.id);
    }
}

#[test]
fn ids_are_unique_sorted_and_named_by_themselves() {
    let ids: Vec<&str> = rules().map(|rule| rule.id).collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(ids, sorted);
    for rule in rules() {
        assert_eq!(named(rule.id), [Selector::rule(rule.id)]);
        for part in rule.parts {
            let name = format!("{}/{}", rule.id, part.name);
            assert_eq!(named(&name), [Selector { id: rule.id, part: Some(part.name) }]);
        }
    }
}
