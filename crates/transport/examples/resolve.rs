//! Says which digest a reference names now: `resolve IMAGE [ROOTS.pem]`. Static, it needs nothing of the container it is in.

use std::process::ExitCode;

use jettison_transport::{Registry, Roots};

#[allow(clippy::disallowed_methods, reason = "an example is a binary of its own")]
fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(reference) = arguments.next().and_then(|text| text.parse().ok()) else {
        eprintln!("usage: resolve IMAGE [ROOTS.pem]");
        return ExitCode::from(2);
    };
    match Registry::new(&Roots { file: arguments.next().map(Into::into) }).resolve(&reference) {
        Ok(digest) => println!("{digest}"),
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
