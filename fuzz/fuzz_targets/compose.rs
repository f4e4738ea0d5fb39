//! Compose files and `.env` files: any text ends in builds or in an error that names its place, within bounds.
#![no_main]

use std::collections::BTreeMap;

use jettison_targets::{Environment, File, add_dotenv, load};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let environment = Environment::from([("A".to_owned(), "a".to_owned()), ("E".to_owned(), String::new())]);
    let _ = add_dotenv(&mut environment.clone(), ".env", text);
    // the text names itself: circles of `extends` and `include` come up by themselves
    let further = BTreeMap::from([("f.yaml".to_owned(), text.to_owned()), (".env".to_owned(), "B=${A}\n".to_owned())]);
    let once = [File::new("compose.yaml", text)];
    let over = [File::new("compose.yaml", text), File::new("over.yaml", text)];
    for files in [&once[..], &over[..]] {
        match load(files, &environment, &further) {
            Ok(all) => assert!(all.invocations.iter().all(|build| build.unknown().is_empty())),
            Err(error) => assert!(error.place.is_none_or(|place| place.line > 0 && place.column > 0)),
        }
    }
});
