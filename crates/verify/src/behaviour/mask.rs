//! What two runs of the original show to differ by itself: dates, ids, random numbers. Only those places may differ in a
//! candidate; everything else must be equal. DESIGN §6, *Levels*.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::text::Place;
use super::{Answer, Behaviour, json, text};

/// Port, method and path: what an answer is known by.
pub type Key = (u16, String, String);

/// Places that differ by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mask {
    /// It started once and did not another time, or ended with different codes.
    pub(super) start: bool,
    pub(super) ports: BTreeSet<u16>,
    pub(super) answers: BTreeMap<Key, AnswerMask>,
    pub(super) output: BodyMask,
    /// Of a failing program.
    pub(super) last_line: bool,
    /// The health check's exit code.
    pub(super) health: bool,
}

/// What differs by itself in one answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct AnswerMask {
    /// Even status or error differ, or it was asked only once.
    pub whole: bool,
    pub content_type: bool,
    pub location: bool,
    pub body: BodyMask,
}

/// What differs by itself in one body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct BodyMask {
    pub whole: bool,
    pub pointers: BTreeSet<String>,
    pub orders: BTreeSet<String>,
    pub places: BTreeSet<Place>,
}

impl BodyMask {
    /// How many places are masked.
    pub fn places(&self) -> usize {
        usize::from(self.whole) + self.pointers.len() + self.orders.len() + self.places.len()
    }

    fn merge(&mut self, other: Self) {
        self.whole |= other.whole;
        self.pointers.extend(other.pointers);
        self.orders.extend(other.orders);
        self.places.extend(other.places);
    }
}

impl Mask {
    /// Adds what another pair of runs of the original showed: something that changes seldom (a counter of seconds) may look
    /// constant in one pair.
    pub fn merge(&mut self, other: Self) {
        self.start |= other.start;
        self.ports.extend(other.ports);
        self.output.merge(other.output);
        self.last_line |= other.last_line;
        self.health |= other.health;
        for (key, answer) in other.answers {
            let own = self.answers.entry(key).or_default();
            own.whole |= answer.whole;
            own.content_type |= answer.content_type;
            own.location |= answer.location;
            own.body.merge(answer.body);
        }
    }
}

/// What differs between two runs of the same original.
pub fn mask(a: &Behaviour, b: &Behaviour) -> Mask {
    let ports = a.ports.iter().filter(|port| !b.ports.contains(port));
    let ports = ports.chain(b.ports.iter().filter(|port| !a.ports.contains(port))).copied().collect();
    Mask {
        start: (a.started, a.stayed_up, a.exit_code) != (b.started, b.stayed_up, b.exit_code),
        ports,
        answers: answers(a, b),
        output: body_mask(&output(a), &output(b)),
        last_line: last_line(a) != last_line(b),
        health: health(a) != health(b),
    }
}

fn answers(a: &Behaviour, b: &Behaviour) -> BTreeMap<Key, AnswerMask> {
    let (keyed_a, keyed_b) = (by_key(a), by_key(b));
    let keys: BTreeSet<&Key> = keyed_a.keys().chain(keyed_b.keys()).collect();
    let masks = keys.into_iter().map(|key| {
        let mask = match (keyed_a.get(key), keyed_b.get(key)) {
            (Some(one), Some(other)) => answer_mask((one, a), (other, b)),
            _ => AnswerMask { whole: true, ..AnswerMask::default() },
        };
        (key.clone(), mask)
    });
    masks.filter(|(_, mask)| *mask != AnswerMask::default()).collect()
}

fn answer_mask((a, in_a): (&Answer, &Behaviour), (b, in_b): (&Answer, &Behaviour)) -> AnswerMask {
    AnswerMask {
        whole: (a.status, &a.error, a.truncated) != (b.status, &b.error, b.truncated),
        content_type: media_type(&a.content_type) != media_type(&b.content_type),
        location: location(a, in_a) != location(b, in_b),
        body: body_mask(&Body::of(a, in_a), &Body::of(b, in_b)),
    }
}

/// Answers by what was asked; the first where something was asked twice.
pub(super) fn by_key(behaviour: &Behaviour) -> BTreeMap<Key, &Answer> {
    behaviour.answers.iter().rev().map(|answer| (key(answer), answer)).collect()
}

pub(super) fn key(answer: &Answer) -> Key {
    let request = &answer.request;
    (request.port.unwrap_or_default(), request.method.clone(), request.path.clone())
}

/// A body as it is compared: without the container's own names, parsed if it is JSON.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Body {
    Json(Value),
    Text(String),
    Binary(Vec<u8>),
}

impl Body {
    pub fn of(answer: &Answer, behaviour: &Behaviour) -> Self {
        let text = std::str::from_utf8(&answer.body).ok().filter(|text| !text.contains('\0'));
        let Some(text) = text else { return Self::Binary(answer.body.clone()) };
        let text = anonymous(text, &behaviour.identity);
        let says_json = answer.content_type.to_ascii_lowercase().contains("json");
        let looks_json = text.trim_start().starts_with(['{', '[']);
        match serde_json::from_str(&text) {
            Ok(value) if says_json || looks_json => Self::Json(value),
            _ => Self::Text(text),
        }
    }

    pub fn is_empty(&self) -> bool {
        match self {
            Self::Json(_) => false,
            Self::Text(text) => text.trim().is_empty(),
            Self::Binary(bytes) => bytes.is_empty(),
        }
    }
}

/// A program's whole output.
pub(super) fn output(behaviour: &Behaviour) -> Body {
    Body::Text(anonymous(&behaviour.logs, &behaviour.identity))
}

/// What a program said last, without what changes from run to run.
pub(super) fn last_line(behaviour: &Behaviour) -> Option<String> {
    behaviour.logs.lines().rev().map(text::skeleton).find(|line| !line.is_empty())
}

fn health(behaviour: &Behaviour) -> Option<Option<i32>> {
    behaviour.health.as_ref().map(|health| health.exit_code)
}

fn body_mask(a: &Body, b: &Body) -> BodyMask {
    let mut mask = BodyMask::default();
    match (a, b) {
        (Body::Json(a), Body::Json(b)) => {
            for difference in json::differences(a, b) {
                let into = if difference.order { &mut mask.orders } else { &mut mask.pointers };
                into.insert(difference.pointer);
            }
        }
        (Body::Text(a), Body::Text(b)) => match text::differences(a, b) {
            Some(places) => mask.places = text::mask_of(places, a),
            None => mask.whole = true,
        },
        (a, b) => mask.whole = a != b,
    }
    mask
}

/// `text/html; charset=utf-8` in one spelling: lower case, parameters sorted.
pub(super) fn media_type(content_type: &str) -> String {
    let lower = content_type.to_ascii_lowercase();
    let mut parts = lower.split(';').map(|part| part.trim().replace('"', ""));
    let media = parts.next().unwrap_or_default();
    let mut parameters: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parameters.sort();
    std::iter::once(media).chain(parameters).collect::<Vec<_>>().join("; ")
}

pub(super) fn location(answer: &Answer, behaviour: &Behaviour) -> Option<String> {
    answer.location.as_ref().map(|location| anonymous(location, &behaviour.identity))
}

/// `text` with each of `names` replaced where it stands as a word of its own.
fn anonymous(text: &str, names: &[String]) -> String {
    names.iter().filter(|name| name.len() >= 7).fold(text.to_owned(), |text, name| replace_word(&text, name))
}

fn replace_word(text: &str, name: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, from) = rest.split_at(at);
        let after = from.get(name.len()..).unwrap_or_default();
        let continues = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let whole = !continues(before.chars().next_back()) && !continues(after.chars().next());
        out.push_str(before);
        out.push_str(if whole { "<container>" } else { name });
        rest = after;
    }
    out + rest
}
