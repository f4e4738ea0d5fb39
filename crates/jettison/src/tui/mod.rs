//! `jettison explore`: an image, or two, looked through on the terminal. Events go into a pure state machine (`state`), a pure
//! view (`view`) makes cells of it, `screen` is the thin loop between them and the terminal, `worker` reads the images.

mod act;
mod arrive;
mod browse;
mod desk;
mod events;
mod extract;
mod grow;
mod input;
mod keys;
mod layout;
mod list;
mod mouse;
mod overview;
mod prompt;
mod screen;
mod search;
mod state;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod view;
mod viewer;
mod worker;

pub use screen::run;
