//! `jettison explore`: whether there is a terminal, then the screen.

use std::io::IsTerminal;

use crate::cli::ExploreArgs;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::tui;

/// Runs the command; its exit code.
pub fn run(args: &ExploreArgs, environment: &Environment) -> Result<u8, Failure> {
    let images = args.images();
    let next = match images[..] {
        [a, b] => format!("jettison diff {a} {b}"),
        _ => format!("jettison analyze {}", args.image),
    };
    let missing = |what: &str| Failure::new(format!("explore needs a terminal, and {what} is none")).next(&next);
    if images.iter().filter(|image| **image == "-").count() > 1 {
        return Err(Failure::new("only one image can come from stdin"));
    }
    if !environment.terminals.0 {
        return Err(missing("stdout"));
    }
    // of an image on stdin, keys are read from the terminal itself
    if !images.contains(&"-") && !std::io::stdin().is_terminal() {
        return Err(missing("stdin"));
    }
    if environment.dumb {
        return Err(missing("TERM=dumb"));
    }
    tui::run(args, environment)
}
