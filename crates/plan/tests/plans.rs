//! Plans as a user would read them: a world in memory in, the proposed files and what is said of every step out.

use jettison_facts::memory::{MemoryImage, MemoryWorld};
use jettison_facts::{Observations, Options};
use jettison_plan::{Input, Policy, Proposal, Status, Step, Without, propose};

/// A Python app that was built from one fat stage: layer 0 is the base, 1 the packages, 2 pip's, 3 the app.
fn python_image() -> MemoryImage {
    MemoryImage::new()
        .with_debian("12", "bookworm")
        .with_elf("/usr/bin/dash", Some("/lib64/ld-linux-x86-64.so.2"), &["libc.so.6"])
        .with_link("/bin/sh", "/usr/bin/dash")
        .with_elf("/lib64/ld-linux-x86-64.so.2", None, &[])
        .with_elf("/usr/lib/x86_64-linux-gnu/libc.so.6", None, &[])
        .with_elf("/usr/local/bin/python3.11", Some("/lib64/ld-linux-x86-64.so.2"), &["libc.so.6"])
        .with_file("/usr/local/lib/python3.11/os.py", 10)
        .with_file("/usr/local/lib/python3.11/site-packages/pip/__init__.py", 10)
        .with_file("/usr/include/stdio.h", 600_000_000)
        .in_layer(1)
        .with_file("/usr/bin/vim", 3_000_000)
        .with_package("vim", &["/usr/bin/vim"], &[])
        .with_file("/var/lib/dpkg/info/vim.list", 10)
        .with_file("/usr/bin/g++", 30_000_000)
        .with_package("build-essential", &["/usr/bin/g++"], &[])
        .with_file("/var/lib/apt/lists/packages", 19_000_000)
        .in_layer(2)
        .with_script("/usr/local/bin/gunicorn", "/usr/local/bin/python3.11")
        .with_file("/usr/local/lib/python3.11/site-packages/flask/app.py", 5_000_000)
        .with_elf("/usr/local/lib/python3.11/site-packages/psycopg2/_psycopg.so", None, &["libpq.so.5", "libc.so.6"])
        .with_file("/root/.cache/pip/http/x", 7_000_000)
        .in_layer(1)
        .with_elf("/usr/lib/x86_64-linux-gnu/libpq.so.5", None, &["libc.so.6"])
        .with_package("libpq5", &["/usr/lib/x86_64-linux-gnu/libpq.so.5"], &[])
        .with_file("/var/lib/dpkg/info/libpq5.list", 10)
        .in_layer(3)
        .with_file("/app/wsgi.py", 100)
        .with_workdir("/app")
}

fn slim_image() -> MemoryImage {
    MemoryImage::new()
        .with_debian("12", "bookworm")
        .with_link("/bin/sh", "/usr/bin/dash")
        .with_elf("/usr/bin/dash", Some("/lib64/ld-linux-x86-64.so.2"), &["libc.so.6"])
        .with_elf("/lib64/ld-linux-x86-64.so.2", None, &[])
        .with_elf("/usr/lib/x86_64-linux-gnu/libc.so.6", None, &[])
        .with_elf("/usr/local/bin/python3.11", Some("/lib64/ld-linux-x86-64.so.2"), &["libc.so.6"])
}

fn observations(image: MemoryImage) -> Observations {
    let mut image = image.build();
    image.layers =
        (0..4).map(|_| jettison_image::Layer { unpacked_bytes: 800_000_000, ..Default::default() }).collect();
    Observations {
        image: image.into(),
        base_layers: 1,
        written: vec!["/app".into(), "/app/notes.db".into()],
        ports: vec![8000],
        programs: vec!["/usr/local/bin/python3.11".into()],
        stayed_up: true,
    }
}

const PYTHON: &str = "\
FROM python:3.11

WORKDIR /app
COPY . .

RUN apt-get update
RUN apt-get install -y build-essential vim libpq-dev
RUN pip install -r requirements.txt

# what the server reads
ENV APP_ENV=production
EXPOSE 8000

CMD gunicorn --bind 0.0.0.0:8000 wsgi:app
";

fn python_world() -> MemoryWorld {
    MemoryWorld::new()
        .with_file("Dockerfile", PYTHON)
        .with_file("requirements.txt", "flask==3.0.3\n-c constraints.txt\n")
        .with_files(&["constraints.txt", "wsgi.py", ".git/HEAD", ".git/objects/aa", "logs/app.log"])
        .with_file(".env", "SECRET=1")
        .with_base("python:3.11-slim", slim_image().build())
        .with_observations(observations(python_image()))
}

fn input(dockerfile: &str, ignore: Option<&str>) -> Input {
    Input {
        dockerfile: dockerfile.into(),
        ignore: ignore.map(Into::into),
        dockerfile_name: "Dockerfile".into(),
        ignore_name: ".dockerignore".into(),
        mounts: true,
        pin: false,
        policy: Policy::default(),
        options: Options { arch: "amd64".into(), ..Options::default() },
    }
}

fn plan(dockerfile: &str, world: &MemoryWorld) -> Proposal {
    propose(&input(dockerfile, None), world, &Without::new())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn status(proposal: &Proposal, id: &str) -> (Status, String) {
    let found = proposal.steps.iter().find(|step| step.step.id == id || step.step.to_string() == id);
    found.map(|step| (step.status, step.reason.clone())).unwrap_or_else(|| panic!("no step {id}"))
}

#[test]
fn a_naive_python_app_is_split_slimmed_and_runs_as_a_user() {
    let proposal = plan(PYTHON, &python_world());
    insta::assert_snapshot!(text(&proposal.files.dockerfile));
    insta::assert_snapshot!(text(&proposal.files.ignore.clone().unwrap()));
    let said: String =
        proposal.steps.iter().map(|step| format!("{:?} {} ({})\n", step.status, step.step, step.reason)).collect();
    insta::assert_snapshot!(said);
}

#[test]
fn the_result_has_nothing_left_to_plan() {
    let world = python_world();
    let first = plan(PYTHON, &world);
    let again =
        Input { dockerfile: first.files.dockerfile.clone(), ignore: first.files.ignore.clone(), ..input("", None) };
    let mut sent = python_world();
    sent.ignore = first.files.ignore.clone().unwrap();
    let second = propose(&again, &sent, &Without::new());
    assert_eq!(text(&second.files.dockerfile), text(&first.files.dockerfile));
    assert_eq!(second.files.ignore, first.files.ignore);
}

#[test]
fn a_step_left_out_is_reported_and_its_effect_is_gone() {
    let step = Step { id: "slim-base".into(), part: None };
    let proposal = propose(&input(PYTHON, None), &python_world(), &Without::from([step]));
    assert_eq!(status(&proposal, "slim-base").0, Status::Dropped);
    assert!(!text(&proposal.files.dockerfile).contains("slim"));
}

#[test]
fn a_log_that_a_source_names_is_sent() {
    let world = python_world().with_file("wsgi.py", "seed = open('logs/app.log').read()\n");
    let proposal = plan(PYTHON, &world);
    let (status, reason) = status(&proposal, "context-ignore/logs");
    assert_eq!(status, Status::Refused);
    assert!(reason.contains("app.log") && reason.contains("wsgi.py:1"), "{reason}");
}

#[test]
fn an_env_file_that_a_loader_reads_is_sent() {
    let world = python_world().with_file("wsgi.py", "from dotenv import load_dotenv\n");
    assert_eq!(status(&plan(PYTHON, &world), "context-ignore/secrets").0, Status::Refused);
}

#[test]
fn a_file_that_a_copy_names_is_sent() {
    let dockerfile = "FROM python:3.11\nWORKDIR /app\nCOPY . .\nCOPY .env /app/.env\nCMD [\"python\", \"wsgi.py\"]\n";
    let proposal = plan(dockerfile, &python_world());
    assert_eq!(status(&proposal, "context-ignore/secrets"), (Status::Refused, "COPY names `.env`".to_owned()));
}

#[test]
fn history_is_sent_where_a_build_backend_reads_it() {
    let world = python_world().with_file("pyproject.toml", "[build-system]\nrequires = [\"setuptools_scm\"]\n");
    assert_eq!(status(&plan(PYTHON, &world), "context-ignore/version-control").0, Status::Refused);
}

#[test]
fn a_requirement_by_path_keeps_the_copy_where_it_is() {
    let world = python_world().with_file("requirements.txt", "-e .\n");
    let proposal = plan(PYTHON, &world);
    assert_eq!(status(&proposal, "copy-split").0, Status::Refused);
    let text = text(&proposal.files.dockerfile);
    assert!(text.find("COPY . .").unwrap() < text.find("pip install").unwrap());
}

#[test]
fn a_port_below_1024_keeps_root() {
    let mut world = python_world();
    let observed = Observations { ports: vec![80], ..observations(python_image()) };
    world.observations = Some(observed.into());
    let (status, reason) = status(&plan(&PYTHON.replace("8000", "80"), &world), "non-root");
    assert_eq!((status, reason.contains("port 80")), (Status::Refused, true));
}

#[test]
fn a_base_of_another_release_is_no_candidate() {
    let world = python_world().with_base("python:3.11-slim", slim_image().with_debian("13", "trixie").build());
    let (status, reason) = status(&plan(PYTHON, &world), "slim-base");
    assert_eq!((status, reason.contains("another release")), (Status::Refused, true), "{reason}");
}

#[test]
fn a_shell_line_stays_a_shell_line() {
    let dockerfile = PYTHON.replace("0.0.0.0:8000", "0.0.0.0:$PORT");
    assert_eq!(status(&plan(&dockerfile, &python_world()), "exec-form").0, Status::Refused);
}

#[test]
fn crlf_files_stay_crlf() {
    let dockerfile = PYTHON.replace('\n', "\r\n");
    let proposal = plan(&dockerfile, &python_world());
    let result = text(&proposal.files.dockerfile);
    assert!(result.contains("AS build\r\n"));
    assert_eq!(result.matches('\n').count(), result.matches("\r\n").count());
}

#[test]
fn without_a_built_image_nothing_is_said_that_needs_one() {
    let mut world = python_world();
    world.observations = None;
    let proposal = plan(PYTHON, &world);
    for id in ["multi-stage", "slim-base", "non-root"] {
        assert_eq!(status(&proposal, id).0, Status::Refused, "{id}");
    }
    assert_eq!(status(&proposal, "copy-split").0, Status::Applied);
}

#[test]
fn places_are_lines_of_the_original() {
    let proposal = plan(PYTHON, &python_world());
    let line = |id: &str| {
        proposal.steps.iter().find(|step| step.step.id == id).and_then(|step| step.place.clone()).map(|(_, line)| line)
    };
    assert_eq!((line("copy-split"), line("multi-stage"), line("exec-form")), (Some(4), Some(1), Some(14)));
}

/// git in the fat base, for apps that call it.
fn with_git(world: MemoryWorld) -> MemoryWorld {
    let image =
        python_image().in_layer(0).with_elf("/usr/bin/git", None, &[]).with_package("git", &["/usr/bin/git"], &[]);
    world.with_observations(observations(image))
}

fn runtime_installs_git(proposal: &Proposal) -> bool {
    let text = text(&proposal.files.dockerfile);
    let runtime = text.split("FROM python:3.11-slim").nth(1).expect("a slim runtime stage");
    runtime.lines().any(|line| line.contains("install") && line.split_whitespace().any(|word| word == "git"))
}

#[test]
fn a_program_of_the_fat_base_that_a_source_starts_is_installed_on_the_slim_one() {
    let calls = "import subprocess\nsubprocess.run(['git', 'log'])\n";
    let proposal = plan(PYTHON, &with_git(python_world().with_file("wsgi.py", calls)));
    assert!(runtime_installs_git(&proposal), "{}", text(&proposal.files.dockerfile));
    let silent = plan(PYTHON, &with_git(python_world().with_file("wsgi.py", "a = 'git is a word here'\n")));
    assert!(!runtime_installs_git(&silent));
}

#[test]
fn a_program_of_the_fat_base_that_the_health_check_needs_is_installed_on_the_slim_one() {
    let dockerfile = PYTHON.replace("EXPOSE 8000", "EXPOSE 8000\nHEALTHCHECK CMD git --version || exit 1");
    let proposal = plan(&dockerfile, &with_git(python_world()));
    assert!(runtime_installs_git(&proposal), "{}", text(&proposal.files.dockerfile));
}
