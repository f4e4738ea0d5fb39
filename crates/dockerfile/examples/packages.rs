//! Lists what every RUN of a Dockerfile starts, with line numbers: `cargo run --example packages < Dockerfile`.
//! Shows parsing, diagnostics, scripts and the way from spans back to lines.

use std::io::Read;

use jettison_dockerfile::parse;
use jettison_dockerfile::shell::Parsed;
use jettison_model::LineIndex;

fn main() -> std::io::Result<()> {
    let mut source = Vec::new();
    std::io::stdin().read_to_end(&mut source)?;
    let lines = LineIndex::new(&source);
    let dockerfile = parse(source);
    for diagnostic in dockerfile.diagnostics() {
        println!("{}: {:?}: {}", lines.line(diagnostic.span.start), diagnostic.kind, diagnostic.message);
    }
    for instruction in dockerfile.instructions() {
        match instruction.script(&dockerfile) {
            Some(Parsed::Script(script)) => {
                for command in script.simple_commands() {
                    println!("{}: {}", lines.line(command.span.start), dockerfile.text_of(command.span));
                }
            }
            Some(Parsed::Foreign(shell)) => println!("{}: a script of {shell}", instruction.line),
            Some(Parsed::Opaque(reason)) => println!("{}: not understood: {reason}", instruction.line),
            None => {}
        }
    }
    Ok(())
}
