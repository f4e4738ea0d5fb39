//! Functions on lists and objects.

use std::collections::BTreeMap;

use super::{Call, Function, count};
use crate::bake::number::Number;
use crate::bake::types::distinct as set;
use crate::bake::value::{Fault, Value};

pub(super) const TABLE: &[(&str, Function)] = &[
    ("chunklist", chunklist),
    ("coalesce", |call| first(call, |value| *value != Value::Null)),
    ("coalescelist", |call| first(call, |value| matches!(value, Value::List(items) if !items.is_empty()))),
    ("compact", |call| {
        let [list] = call.exactly()?;
        let kept = list.list()?.iter().filter(|item| !matches!(item, Value::Text(text) if text.is_empty()));
        Ok(Value::List(kept.cloned().collect()))
    }),
    ("concat", concat),
    ("contains", |call| {
        let [list, value] = call.exactly()?;
        Ok(Value::Bool(list.list()?.contains(value)))
    }),
    ("distinct", distinct),
    ("element", element),
    ("flatten", flatten),
    ("hasindex", |call| {
        let [collection, key] = call.exactly()?;
        Ok(Value::Bool(collection.index(key).is_ok()))
    }),
    ("index", |call| {
        let [collection, key] = call.exactly()?;
        collection.index(key)
    }),
    ("indexof", |call| {
        let [list, value] = call.exactly()?;
        let at = list.list()?.iter().position(|item| item == value);
        at.map(Value::int).ok_or_else(|| Fault::Wrong("the list does not hold it".to_owned()))
    }),
    ("keys", |call| {
        let [map] = call.exactly()?;
        Ok(Value::List(map.map()?.keys().cloned().map(Value::Text).collect()))
    }),
    ("length", |call| {
        let [collection] = call.exactly()?;
        Ok(Value::int(match collection {
            Value::Map(entries) => entries.len(),
            other => other.list()?.len(),
        }))
    }),
    ("lookup", |call| match call.args {
        [map, key, default] => Ok(map.map()?.get(&key.print()?).unwrap_or(default).clone()),
        [map, key] => map.index(key),
        _ => Err(Fault::Wrong("takes an object, a key and a default".to_owned())),
    }),
    ("merge", |call| {
        let mut all = BTreeMap::new();
        for map in call.args.iter().filter(|map| **map != Value::Null) {
            all.extend(map.map()?.clone());
        }
        Ok(Value::Map(all))
    }),
    ("range", range),
    ("reverselist", |call| {
        let [list] = call.exactly()?;
        Ok(Value::List(list.list()?.iter().rev().cloned().collect()))
    }),
    ("sethaselement", |call| {
        let [list, value] = call.exactly()?;
        Ok(Value::Bool(list.list()?.contains(value)))
    }),
    ("setintersection", |call| sets(call, |sets, item| sets.iter().all(|set| holds(set, item)))),
    ("setproduct", setproduct),
    ("setsubtract", |call| {
        let [from, what] = call.exactly()?;
        let (from, mut what) = (from.list()?, keys(what.list()?));
        what.sort();
        let kept = from.iter().filter(|item| what.binary_search(&format!("{item:?}")).is_err());
        Ok(Value::List(set(kept.cloned().collect())))
    }),
    ("setsymmetricdifference", |call| sets(call, |sets, item| sets.iter().filter(|set| holds(set, item)).count() == 1)),
    ("setunion", |call| sets(call, |_, _| true)),
    ("slice", slice),
    ("sort", |call| {
        let [list] = call.exactly()?;
        let mut texts = list.list()?.iter().map(Value::print).collect::<Result<Vec<_>, _>>()?;
        texts.sort();
        Ok(Value::List(texts.into_iter().map(Value::Text).collect()))
    }),
    ("values", |call| {
        let [map] = call.exactly()?;
        Ok(Value::List(map.map()?.values().cloned().collect()))
    }),
    ("zipmap", |call| {
        let [keys, values] = call.exactly()?;
        let (keys, values) = (keys.list()?, values.list()?);
        if keys.len() != values.len() {
            return Err(Fault::Wrong(format!("{} keys, but {} values", keys.len(), values.len())));
        }
        let pairs = keys.iter().zip(values).map(|(key, value)| Ok((key.print()?, value.clone())));
        Ok(Value::Map(pairs.collect::<Result<_, Fault>>()?))
    }),
];

fn first(call: &Call<'_>, wanted: impl Fn(&Value) -> bool) -> Result<Value, Fault> {
    call.args.iter().find(|value| wanted(value)).cloned().ok_or_else(|| Fault::Wrong("no argument counts".to_owned()))
}

fn concat(call: &Call<'_>) -> Result<Value, Fault> {
    if call.args.is_empty() {
        return Err(Fault::Wrong("takes at least one list".to_owned()));
    }
    let mut all = Vec::new();
    for list in call.args {
        all.extend(list.list()?.iter().cloned());
    }
    Ok(Value::List(all))
}

fn chunklist(call: &Call<'_>) -> Result<Value, Fault> {
    let [list, size] = call.exactly()?;
    let list = list.list()?;
    let size = match usize::try_from(count(size)?) {
        Ok(0) => list.len().max(1),
        Ok(size) => size,
        Err(_) => return Err(Fault::Wrong("a size is not negative".to_owned())),
    };
    Ok(Value::List(list.chunks(size).map(|chunk| Value::List(chunk.to_vec())).collect()))
}

/// In the order in which they came first.
fn distinct(call: &Call<'_>) -> Result<Value, Fault> {
    let [list] = call.exactly()?;
    let mut there = std::collections::HashSet::new();
    let kept = list.list()?.iter().filter(|item| there.insert(format!("{item:?}")));
    Ok(Value::List(kept.cloned().collect()))
}

/// Counts on from the start where the list ends.
fn element(call: &Call<'_>) -> Result<Value, Fault> {
    let [list, at] = call.exactly()?;
    let (list, at) = (list.list()?, count(at)?);
    let length = i64::try_from(list.len()).unwrap_or(i64::MAX);
    if length == 0 {
        return Err(Fault::Wrong("the list is empty".to_owned()));
    }
    let at = usize::try_from(at.rem_euclid(length)).unwrap_or_default();
    list.get(at).cloned().ok_or_else(|| Fault::Wrong("there is no such element".to_owned()))
}

fn flatten(call: &Call<'_>) -> Result<Value, Fault> {
    fn into(items: &[Value], all: &mut Vec<Value>) {
        for item in items {
            match item {
                Value::List(inner) => into(inner, all),
                other => all.push(other.clone()),
            }
        }
    }
    let [list] = call.exactly()?;
    let mut all = Vec::new();
    into(list.list()?, &mut all);
    Ok(Value::List(all))
}

fn range(call: &Call<'_>) -> Result<Value, Fault> {
    const MOST: usize = 1024;
    let zero = Number::Int(0);
    let numbers = call.args.iter().map(Value::number).collect::<Result<Vec<_>, _>>()?;
    let (start, end, step) = match numbers[..] {
        [end] => (zero, end, None),
        [start, end] => (start, end, None),
        [start, end, step] => (start, end, Some(step)),
        _ => return Err(Fault::Wrong("takes one to three numbers".to_owned())),
    };
    let down = end.compare(start).is_lt();
    let step = step.unwrap_or(Number::Int(if down { -1 } else { 1 }));
    if step.compare(zero).is_lt() != down && start != end {
        return Err(Fault::Wrong("the step leads away from the end".to_owned()));
    }
    let mut all = Vec::new();
    let mut at = start;
    while if down { at.compare(end).is_gt() } else { at.compare(end).is_lt() } {
        if all.len() >= MOST {
            return Err(Fault::Wrong(format!("more than {MOST} values")));
        }
        all.push(Value::Number(at));
        at = at.add(step);
    }
    Ok(Value::List(all))
}

fn slice(call: &Call<'_>) -> Result<Value, Fault> {
    let [list, start, end] = call.exactly()?;
    let position =
        |value: &Value| usize::try_from(count(value)?).map_err(|_| Fault::Wrong("an index is not negative".to_owned()));
    let (start, end) = (position(start)?, position(end)?);
    let part = list.list()?.get(start..end).filter(|_| start <= end);
    part.map(|part| Value::List(part.to_vec())).ok_or_else(|| Fault::Wrong("the list does not reach so far".to_owned()))
}

fn setproduct(call: &Call<'_>) -> Result<Value, Fault> {
    let lists = call.args.iter().map(Value::list).collect::<Result<Vec<_>, _>>()?;
    let heaviest = call.args.iter().map(Value::weight).max().unwrap_or_default();
    let count = lists.iter().fold(1usize, |product, list| product.saturating_mul(list.len()));
    call.room(count.saturating_mul(lists.len()).saturating_mul(heaviest.min(1 << 12)))?;
    let mut all = vec![Vec::new()];
    for list in lists {
        let longer = |start: &Vec<Value>| {
            list.iter().map(|item| [&start[..], std::slice::from_ref(item)].concat()).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    Ok(Value::List(all.into_iter().map(Value::List).collect()))
}

fn keys(list: &[Value]) -> Vec<String> {
    let mut keys: Vec<String> = list.iter().map(|item| format!("{item:?}")).collect();
    keys.sort();
    keys
}

fn holds(keys: &[String], item: &Value) -> bool {
    keys.binary_search(&format!("{item:?}")).is_ok()
}

/// The items of all lists that are wanted, once each.
fn sets(call: &Call<'_>, wanted: impl Fn(&[Vec<String>], &Value) -> bool) -> Result<Value, Fault> {
    let lists = call.args.iter().map(Value::list).collect::<Result<Vec<_>, _>>()?;
    let sorted: Vec<Vec<String>> = lists.iter().map(|list| keys(list)).collect();
    let items = lists.into_iter().flatten().filter(|item| wanted(&sorted, item));
    Ok(Value::List(set(items.cloned().collect())))
}
