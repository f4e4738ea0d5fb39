//! The forms of `jettison check`'s report: each against a text on record, the machines' forms against their rules as well.

mod forms;
mod samples;
mod sarif;
mod text;
mod xml;
