//! What the tests of plans share: an input, a plan, what is said of a step. Images are small: layer 0 is the base, the rest the app's.

use jettison_facts::memory::{MemoryImage, MemoryWorld};
use jettison_facts::{Observations, Options};
use jettison_plan::{Input, Policy, Proposal, Status, Without, propose};

pub fn input(dockerfile: &[u8], ignore: Option<Vec<u8>>) -> Input {
    Input {
        dockerfile: dockerfile.into(),
        ignore,
        dockerfile_name: "Dockerfile".into(),
        ignore_name: ".dockerignore".into(),
        mounts: true,
        pin: false,
        policy: Policy::default(),
        options: Options { arch: "amd64".into(), ..Options::default() },
    }
}

pub fn plan(dockerfile: &str, world: &MemoryWorld) -> Proposal {
    propose(&input(dockerfile.as_bytes(), None), world, &Without::new())
}

/// The proposed Dockerfile with nothing but one transform applied.
#[allow(clippy::allow_attributes, dead_code, reason = "not every test file reads it")]
pub fn only(id: &str, dockerfile: &str, world: &MemoryWorld) -> String {
    let all = plan(dockerfile, world);
    let without: Without = all
        .steps
        .iter()
        .map(|report| report.step.clone())
        .filter(|step| step.id != id && step.to_string() != id)
        .collect();
    let proposal = propose(&input(dockerfile.as_bytes(), None), world, &without);
    String::from_utf8(proposal.files.dockerfile).unwrap()
}

#[allow(clippy::allow_attributes, dead_code, reason = "not every test file reads it")]
pub fn status(dockerfile: &str, world: &MemoryWorld, id: &str) -> (Status, String) {
    let proposal = plan(dockerfile, world);
    let found = proposal.steps.iter().find(|step| step.step.id == id || step.step.to_string() == id);
    found.map(|step| (step.status, step.reason.clone())).unwrap_or_else(|| panic!("no step {id}"))
}

/// A Debian image whose layer 0 is the base and that runs `/usr/local/bin/python3.11`.
#[allow(clippy::allow_attributes, dead_code, reason = "not every test file reads it")]
pub fn image() -> MemoryImage {
    MemoryImage::new()
        .with_debian("12", "bookworm")
        .with_elf("/usr/bin/dash", None, &[])
        .with_link("/bin/sh", "/usr/bin/dash")
        .with_elf("/usr/local/bin/python3.11", None, &[])
        .with_link("/usr/local/bin/python", "python3.11")
        .with_file("/usr/include/stdio.h", 600_000_000)
        .in_layer(1)
        .with_file("/usr/local/lib/python3.11/site-packages/flask/app.py", 5_000_000)
        .with_file("/var/lib/leftover", 9_000_000)
        .in_layer(2)
        .with_file("/app/main.py", 100)
        .with_workdir("/app")
}

#[allow(clippy::allow_attributes, dead_code, reason = "not every test file reads it")]
pub fn observations(image: MemoryImage) -> Observations {
    let mut image = image.build();
    image.layers =
        (0..3).map(|_| jettison_image::Layer { unpacked_bytes: 800_000_000, ..Default::default() }).collect();
    Observations {
        image: image.into(),
        base_layers: 1,
        written: Vec::new(),
        ports: vec![8000],
        programs: vec!["/usr/local/bin/python3.11".into()],
        stayed_up: true,
    }
}
