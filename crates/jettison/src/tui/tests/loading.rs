//! While an image is being read: nothing waits, and what has been read can be looked at.

use std::sync::Arc;

use jettison_image::{LayerIndex, LayerReader, index_layer};
use jettison_testkit::LayerBuilder;

use super::{assert_screen, play, screen, shop, start};
use crate::failure::Failure;
use crate::tui::state::{Effect, Event, State, Told};
use crate::tui::view::Theme;

fn index(layer: &LayerBuilder) -> Arc<LayerIndex> {
    let tar = layer.tar();
    let reader = LayerReader { name: "test".to_owned(), blob: Box::new(&tar[..]) };
    Arc::new(index_layer(reader, &|_| false).unwrap())
}

fn told(state: &mut State, told: Told) -> Vec<Effect> {
    state.update(Event::Told(told))
}

#[test]
fn the_first_layer_can_be_looked_at_while_others_are_read() {
    let mut state = State::new(vec!["shop:1".to_owned()], (80, 24));
    told(&mut state, Told::Opening(0));
    told(&mut state, Told::Doing("reading".to_owned()));
    told(&mut state, Told::Bytes { read: 12_000_000, whole: 48_000_000 });
    told(&mut state, Told::Instructions(vec!["ADD rootfs.tar /".to_owned(), "RUN make".to_owned()]));
    let layer = index(&LayerBuilder::new().file("bin/sh", vec![1; 70_000]).whiteout("etc/motd"));
    let effects = told(&mut state, Told::Layer { place: Some(0), index: layer.clone() });
    let [Effect::Alone(0, _)] = &effects[..] else { panic!("{effects:?}") };
    let tree = crate::tui::grow::alone(&layer).unwrap();
    told(&mut state, Told::Tree(crate::tui::overview::Which::Arrived(0), Ok(Arc::new(tree))));
    struct Shown(State);
    impl Shown {
        fn screen(&self) -> String {
            screen(&self.0, Theme { color: true, unicode: true })
        }
    }
    let mut shown = Shown(state);
    assert_screen!(shown);
    for key in ["Tab", "Down", "Right", "2", "v", "/", "x", "Esc"] {
        shown.0.update(Event::Key(super::press(key)));
        shown.screen();
    }
}

#[test]
fn the_cursor_stays_on_a_layer_that_is_still_to_come() {
    let mut state = State::new(vec!["shop:1".to_owned()], (80, 24));
    told(&mut state, Told::Instructions(vec!["ADD a /".to_owned(), "RUN b".to_owned()]));
    state.update(Event::Key(super::press("Down")));
    assert_eq!(state.which(), None);
    for (place, name) in [(0, "a"), (1, "b")] {
        told(&mut state, Told::Layer { place: Some(place), index: index(&LayerBuilder::new().file(name, name)) });
        assert_eq!(state.list().cursor, 1);
    }
    assert_eq!(state.list().selected().unwrap().label, "RUN b");
    assert!(state.which().is_some());
}

#[test]
fn layers_of_a_stream_find_their_place_once_it_is_known() {
    let mut state = State::new(vec!["shop:1".to_owned()], (80, 24));
    let (upper, lower) = (index(&LayerBuilder::new().file("b", "2")), index(&LayerBuilder::new().file("a", "1")));
    told(&mut state, Told::Layer { place: None, index: upper.clone() });
    told(&mut state, Told::Layer { place: None, index: lower.clone() });
    assert_eq!(state.list().rows(0, 9).map(|entry| entry.lead.as_str()).collect::<Vec<_>>(), ["?", "?"]);
    told(&mut state, Told::Layer { place: Some(0), index: lower });
    told(&mut state, Told::Layer { place: Some(1), index: upper });
    assert_eq!(state.list().rows(0, 9).map(|entry| entry.lead.as_str()).collect::<Vec<_>>(), ["0", "1"]);
}

#[test]
fn the_layer_that_is_looked_at_stays_when_all_is_read() {
    let mut played = start(&[&shop()], (80, 24));
    while played.state.list().len() < 2 && played.state.overview.is_none() {
        let event = played.events.recv_timeout(std::time::Duration::from_secs(60)).unwrap();
        played.update(event);
    }
    played.update(Event::Key(super::press("Tab")));
    played.settle();
    assert!(played.state.browse().is_some());
    let other = play(&[&shop()], (80, 24));
    assert_eq!(other.state.list().len(), 6, "the image and five layers");
}

#[test]
fn what_cannot_be_read_ends_it() {
    let mut state = State::new(vec!["shop:1".to_owned()], (80, 24));
    let failure = Failure::new("no");
    assert_eq!(told(&mut state, Told::Failed(failure.clone())), [Effect::Fail(failure)]);
}

#[test]
fn an_answer_that_nobody_waits_for_is_not_shown() {
    let mut played = play(&[&shop()], (80, 24));
    let content = Ok((b"late".to_vec(), 4));
    played.update(Event::Told(Told::File { job: 77, name: "/x".to_owned(), content }));
    assert!(matches!(played.state.above, crate::tui::state::Above::Nothing));
    played.press(&["Tab", "v"]);
    let said = Told::File { job: played.state.job, name: "/x".to_owned(), content: Err("it is gone".to_owned()) };
    played.update(Event::Told(said));
    assert!(played.screen().contains("it is gone"), "{}", played.screen());
}
