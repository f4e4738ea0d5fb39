//! Which of `set`'s options are on where a command runs: from SHELL or the interpreter line on, through `set` in lists, groups
//! and branches. What a branch may or may not have set is not known. Reference: POSIX XCU, `set`.

use super::{Compound, Item, Join, Node, Script, Simple};

/// Options of the shell; none: not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// `-e`: a failing command ends the script.
    pub errexit: Option<bool>,
    /// `-x`: commands are printed.
    pub xtrace: Option<bool>,
    /// `-u`: unset variables are errors.
    pub nounset: Option<bool>,
    /// `-o pipefail`: a pipeline fails with any of its commands.
    pub pipefail: Option<bool>,
}

impl Default for Options {
    fn default() -> Self {
        let off = Some(false);
        Self { errexit: off, xtrace: off, nounset: off, pipefail: off }
    }
}

impl Options {
    /// What a shell is started with: `["-eo", "pipefail", "-c"]`.
    pub fn of_arguments<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Self {
        let mut options = Self::default();
        options.apply(arguments.into_iter().map(Some));
        options
    }

    /// What both have in common.
    fn or(self, other: Self) -> Self {
        let same = |one: Option<bool>, two: Option<bool>| if one == two { one } else { None };
        Self {
            errexit: same(self.errexit, other.errexit),
            xtrace: same(self.xtrace, other.xtrace),
            nounset: same(self.nounset, other.nounset),
            pipefail: same(self.pipefail, other.pipefail),
        }
    }

    /// Takes `set`'s arguments; one that is not literal may set anything.
    fn apply<'a>(&mut self, arguments: impl IntoIterator<Item = Option<&'a str>>) {
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let Some(argument) = argument else {
                *self = Self { errexit: None, xtrace: None, nounset: None, pipefail: None };
                return;
            };
            let on = match argument.bytes().next() {
                Some(b'-') if argument.len() > 1 && argument != "--" => true,
                Some(b'+') if argument.len() > 1 => false,
                _ => return,
            };
            for letter in argument.chars().skip(1) {
                match letter {
                    'o' => self.named(arguments.next().flatten(), on),
                    'e' => self.errexit = Some(on),
                    'x' => self.xtrace = Some(on),
                    'u' => self.nounset = Some(on),
                    _ => {}
                }
            }
        }
    }

    fn named(&mut self, name: Option<&str>, on: bool) {
        match name {
            Some("errexit") => self.errexit = Some(on),
            Some("xtrace") => self.xtrace = Some(on),
            Some("nounset") => self.nounset = Some(on),
            Some("pipefail") => self.pipefail = Some(on),
            _ => {}
        }
    }
}

/// Notes with every simple command the options in force; returns those behind the script.
pub(super) fn track(script: &mut Script, before: Options) -> Options {
    for inner in &mut script.substitutions {
        track(inner, before);
    }
    let mut now = before;
    for item in &mut script.items {
        let after = track_item(item, now);
        // What stands behind `||` or `&&` may not have run; that a `set` fails is not expected.
        now = match item.join {
            Join::Or => now.or(after),
            _ => after,
        };
    }
    now
}

fn track_item(item: &mut Item, now: Options) -> Options {
    let after = track_node(&mut item.node, now);
    if item.background { now } else { after }
}

fn track_node(node: &mut Node, now: Options) -> Options {
    match node {
        Node::Simple(simple) => track_simple(simple, now),
        Node::Pipeline(nodes) => {
            for node in nodes {
                track_node(node, now);
            }
            now
        }
        Node::Compound(kind, script) => {
            let after = track(script, now);
            match kind {
                Compound::Group => after,
                Compound::Subshell | Compound::Function => now,
                Compound::If | Compound::Loop | Compound::Case | Compound::Other => now.or(after),
            }
        }
    }
}

fn track_simple(simple: &mut Simple, now: Options) -> Options {
    simple.options = now;
    for inner in &mut simple.substitutions {
        track(inner, now);
    }
    let mut after = now;
    if simple.name() == Some("set") {
        after.apply(simple.args());
    }
    after
}
