//! The sidecar alone, as small as it gets: what tests import instead of the whole binary.

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    std::process::exit(jettison_verify::behaviour::probe_main(&args));
}
