//! Bases without shell: what is taken along, and what keeps the shell. And what makes them possible: programs that are started
//! directly, dependencies and sources that stay behind.

mod setup;

use jettison_facts::Observations;
use jettison_facts::memory::{MemoryImage, MemoryWorld};
use jettison_image::ImageSummary;
use jettison_plan::Status;

use setup::{observations, only, status};

const PYTHON: &str = "\
FROM python:3.11 AS build
WORKDIR /app
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY . .

FROM python:3.11-slim
ENV APP_ENV=production
RUN apt-get update \\
    && apt-get install -y --no-install-recommends libpq5 \\
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /usr/local/bin /usr/local/bin
COPY --from=build /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages
COPY --from=build /app /app
EXPOSE 8000
USER 10001:10001
CMD [\"gunicorn\", \"wsgi:app\"]
";

fn with_libc(image: MemoryImage) -> MemoryImage {
    image.with_debian("12", "bookworm").with_elf("/lib64/ld-linux-x86-64.so.2", None, &[]).with_elf(
        "/usr/lib/x86_64-linux-gnu/libc.so.6",
        None,
        &[],
    )
}

/// python:3.11-slim, as the official one is laid out.
fn slim() -> MemoryImage {
    with_libc(MemoryImage::new())
        .with_elf("/usr/bin/dash", Some("/lib64/ld-linux-x86-64.so.2"), &["libc.so.6"])
        .with_link("/bin/sh", "/usr/bin/dash")
        .with_elf("/usr/bin/perl", Some("/lib64/ld-linux-x86-64.so.2"), &["libc.so.6"])
        .with_elf("/usr/local/bin/python3.11", Some("/lib64/ld-linux-x86-64.so.2"), &["libpython3.11.so.1.0"])
        .with_link("/usr/local/bin/python3", "python3.11")
        .with_link("/usr/local/bin/python", "python3")
        .with_elf("/usr/local/lib/libpython3.11.so.1.0", None, &["libz.so.1", "libc.so.6"])
        .with_text("/etc/ld.so.conf", "/usr/local/lib\n")
        .with_file("/etc/ld.so.cache", 10)
        .with_link("/usr/lib/x86_64-linux-gnu/libz.so.1", "libz.so.1.2.13")
        .with_elf("/usr/lib/x86_64-linux-gnu/libz.so.1.2.13", None, &["libc.so.6"])
        .with_folder("/usr/local/lib/python3.11")
        .with_file("/usr/local/lib/python3.11/os.py", 1000)
        .with_file("/usr/local/lib/python3.11/test/test_os.py", 30_000_000)
        .with_folder("/usr/local/lib/python3.11/site-packages")
        .with_file("/usr/local/lib/python3.11/site-packages/pip/__init__.py", 20_000_000)
        .with_file("/usr/share/doc/everything", 60_000_000)
}

fn fat() -> Observations {
    observations(fat_image())
}

fn fat_image() -> MemoryImage {
    slim()
        .with_file("/usr/include/stdio.h", 600_000_000)
        .in_layer(1)
        .with_script("/usr/local/bin/gunicorn", "/usr/local/bin/python3.11")
        .with_file("/usr/local/lib/python3.11/site-packages/flask/app.py", 5_000_000)
        .with_elf("/usr/local/lib/python3.11/site-packages/psycopg2/_psycopg.so", None, &["libpq.so.5"])
        .with_elf("/usr/lib/x86_64-linux-gnu/libpq.so.5", None, &["libc.so.6"])
        .with_package("libpq5", &["/usr/lib/x86_64-linux-gnu/libpq.so.5"], &[])
        .with_file("/var/lib/dpkg/info/libpq5.list", 10)
        .in_layer(2)
        .with_file("/app/wsgi.py", 100)
        .with_workdir("/app")
}

fn bare() -> MemoryImage {
    with_libc(MemoryImage::new()).with_file("/etc/ssl/certs/ca-certificates.crt", 200_000)
}

fn sized(image: MemoryImage, unpacked: u64) -> ImageSummary {
    let mut image = image.build();
    image.sizes.unpacked = unpacked;
    image
}

fn world() -> MemoryWorld {
    MemoryWorld::new()
        .with_file("requirements.txt", "flask\n")
        .with_file("wsgi.py", "from flask import Flask\napp = Flask(__name__)\n")
        .with_base("python:3.11-slim", sized(slim(), 150_000_000))
        .with_base("gcr.io/distroless/base-nossl-debian12", sized(bare(), 8_000_000))
        .with_observations(fat())
}

#[test]
fn the_program_its_interpreter_and_their_libraries_are_taken_along() {
    let result = only("bare-base/lean", PYTHON, &world());
    let expected = "\
FROM python:3.11-slim AS runtime
RUN apt-get update \\
    && apt-get install -y --no-install-recommends libpq5 \\
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /usr/local/bin /usr/local/bin
COPY --from=build /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages

# what runs, and nothing else
RUN cd / \\
    && mkdir /runtime \\
    && cp -a --parents /etc/ld.so.cache /usr/lib/*-linux-gnu/libpq.so.5* /usr/lib/*-linux-gnu/libz.so.1* \\
        /usr/local/bin /usr/local/lib/libpython3.11.so.1.0* /usr/local/lib/python3.11 /runtime \\
    && rm -rf /runtime/usr/local/lib/python3.11/config-* /runtime/usr/local/lib/python3.11/ensurepip \\
";
    assert!(result.contains(expected), "{result}");
    assert!(result.contains("/runtime/usr/local/lib/python3.11/site-packages/pip"), "{result}");
    let last = "
FROM gcr.io/distroless/base-nossl-debian12
ENV APP_ENV=production
COPY --from=runtime /runtime/ /
WORKDIR /app
COPY --from=build /app /app
EXPOSE 8000
USER 10001:10001
CMD [\"gunicorn\", \"wsgi:app\"]
";
    assert!(result.ends_with(last), "{result}");
}

#[test]
fn what_an_unneeded_package_made_is_not_asked_for() {
    // the recommendations were installed in the baseline, and are not any more
    let image = fat_image()
        .in_layer(2)
        .with_folder("/etc/lighttpd")
        .with_file("/etc/lighttpd/conf-enabled/90-alias.conf", 10)
        .with_file("/etc/libpq/made-by-its-script", 10)
        .with_package("javascript-common", &["/etc/lighttpd"], &[]);
    let mut seen = observations(image);
    let mut built = (*seen.image).clone();
    built.layers[2].created_by = "RUN /bin/sh -c apt-get update && apt-get install -y libpq5 # buildkit".to_owned();
    seen.image = built.into();
    let result = only("bare-base/lean", PYTHON, &world().with_observations(seen));
    assert!(!result.contains("lighttpd") && result.contains("/etc/libpq"), "{result}");
}

#[test]
fn what_installs_packages_stays_where_the_project_names_it() {
    let world = world().with_file("plugins.py", "import pkg_resources\n");
    let result = only("bare-base/lean", PYTHON, &world);
    assert!(result.contains("FROM gcr.io/distroless") && !result.contains("site-packages/pip"), "{result}");
    let with_installers = only("bare-base/with-installers", PYTHON, &self::world());
    assert!(with_installers.contains("FROM gcr.io/distroless"), "{with_installers}");
    assert!(!with_installers.contains("site-packages/pip"), "{with_installers}");
}

#[test]
fn a_bare_base_is_not_planned_twice() {
    let once = only("bare-base/lean", PYTHON, &world());
    assert_ne!(once, PYTHON);
    let (status, reason) = status(&once, &world(), "bare-base/lean");
    assert_eq!(status, Status::NotApplicable, "{reason}");
}

#[track_caller]
fn refuses(dockerfile: &str, world: &MemoryWorld, because: &str) {
    // what other transforms would do to it is not the point
    let result = only("bare-base", dockerfile, world);
    assert_eq!(result, dockerfile);
    let proposal = jettison_plan::propose(
        &setup::input(dockerfile.as_bytes(), None),
        world,
        &setup::plan(dockerfile, world)
            .steps
            .into_iter()
            .map(|step| step.step)
            .filter(|step| step.id != "bare-base")
            .collect(),
    );
    let step = proposal.steps.iter().find(|step| step.step.id == "bare-base").expect("a step");
    assert_eq!(step.status, Status::Refused, "{}", step.reason);
    assert!(step.reason.contains(because), "{}", step.reason);
}

#[test]
fn a_shell_that_is_needed_keeps_the_base() {
    let shell = PYTHON.replace("[\"gunicorn\", \"wsgi:app\"]", "gunicorn wsgi:app $OPTIONS");
    refuses(&shell, &world(), "needs a shell");
    let check = PYTHON.replace("EXPOSE 8000", "HEALTHCHECK CMD python -c pass || exit 1");
    refuses(&check, &world(), "needs a shell");
    let calls = world().with_file("jobs.py", "import os\nos.system('ls')\n");
    refuses(PYTHON, &calls, "jobs.py:2 starts a shell");
    let script = world().with_observations(observations(
        slim().in_layer(2).with_script("/app/start.sh", "/bin/sh").with_workdir("/app"),
    ));
    refuses(&PYTHON.replace("[\"gunicorn\", \"wsgi:app\"]", "[\"./start.sh\"]"), &script, "is a shell script");
}

#[test]
fn a_stage_that_builds_as_well_keeps_its_base() {
    let builds = PYTHON.replace("EXPOSE 8000", "RUN python -m compileall /app");
    refuses(&builds, &world(), "the RUN at line 16");
}

#[test]
fn where_no_bare_base_is_to_be_had_nothing_happens() {
    let world = MemoryWorld::new().with_base("python:3.11-slim", sized(slim(), 150_000_000)).with_observations(fat());
    assert_eq!(only("bare-base", PYTHON, &world), PYTHON);
}

const NODE: &str = "\
FROM node:20
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
CMD npm start
";

fn node(scripts: &str) -> MemoryWorld {
    let manifest = format!("{{\"scripts\": {{{scripts}}}, \"devDependencies\": {{\"typescript\": \"5\"}}}}");
    let image = MemoryImage::new()
        .with_debian("12", "bookworm")
        .with_elf("/usr/local/bin/node", None, &[])
        .in_layer(1)
        .with_text("/app/package.json", &manifest)
        .with_file("/app/node_modules/typescript/tsc.js", 20_000_000)
        .with_file("/app/dist/server.js", 100)
        .with_workdir("/app");
    MemoryWorld::new()
        .with_file("package.json", manifest)
        .with_file("package-lock.json", "{\"lockfileVersion\": 3}")
        .with_observations(observations(image))
}

#[test]
fn a_plain_start_script_is_started_without_npm() {
    let result = only("start-script", NODE, &node("\"start\": \"node dist/server.js --port 80\""));
    assert!(result.ends_with("CMD node dist/server.js --port 80\n"), "{result}");
    let exec = NODE.replace("npm start", "[\"npm\", \"run\", \"serve\"]");
    let result = only("start-script", &exec, &node("\"serve\": \"node 'my server.js'\""));
    assert!(result.ends_with("CMD [\"node\", \"my server.js\"]\n"), "{result}");
}

#[test]
fn a_start_script_that_does_more_is_left_to_npm() {
    for scripts in [
        "\"start\": \"NODE_ENV=production node server.js\"",
        "\"start\": \"node a.js && node b.js\"",
        "\"start\": \"node a.js\", \"prestart\": \"node migrate.js\"",
        "\"start\": \"next start\"",
        "\"start\": \"node $FILE\"",
        "\"serve\": \"node a.js\"",
    ] {
        assert_eq!(only("start-script", NODE, &node(scripts)), NODE, "{scripts}");
    }
}

const NODE_STAGES: &str = "\
FROM node:20 AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:20-slim
WORKDIR /app
COPY --from=build /app /app
CMD [\"node\", \"dist/server.js\"]
";

#[test]
fn development_dependencies_are_pruned_once_the_build_is_done() {
    let world = node("\"start\": \"node dist/server.js\"");
    let result = only("npm-prune", NODE_STAGES, &world);
    assert!(result.contains("RUN npm run build\nRUN npm prune --omit=dev\n\nFROM node:20-slim"), "{result}");
    assert_eq!(only("npm-prune", &result, &world), result, "once");
}

#[test]
fn development_dependencies_stay_where_something_may_use_them() {
    let world = node("\"start\": \"node dist/server.js\"");
    let test = NODE_STAGES.replace("\nFROM node:20-slim", "\nFROM build AS test\nRUN npm test\n\nFROM node:20-slim");
    for dockerfile in [
        NODE_STAGES.replace("\"node\", ", "\"tsx\", "),
        NODE_STAGES.replace("RUN npm ci", "RUN npm ci --omit=dev"),
        NODE_STAGES.replace("WORKDIR /app\nCOPY package", "WORKDIR /app\nENV NODE_ENV=production\nCOPY package"),
        test,
    ] {
        assert_eq!(only("npm-prune", &dockerfile, &world), dockerfile);
    }
}

const SITE: &str = "\
FROM node:20 AS build
WORKDIR /app
COPY . .
RUN npm run build && cp -r dist /srv/site

FROM debian:bookworm-slim
WORKDIR /app
COPY --from=build /srv/site /srv/site
COPY --from=build /app /app
CMD [\"httpd\", \"-h\", \"/srv/site\"]
";

fn site() -> MemoryWorld {
    let image = MemoryImage::new()
        .with_debian("12", "bookworm")
        .with_elf("/usr/sbin/httpd", None, &[])
        .in_layer(1)
        .with_file("/srv/site/index.html", 100)
        .with_file("/app/server.js", 100)
        .with_workdir("/app");
    let mut observed = observations(image);
    observed.programs = vec!["/usr/sbin/httpd".to_owned()];
    MemoryWorld::new().with_observations(observed)
}

#[test]
fn sources_that_nothing_running_reads_stay_behind() {
    let result = only("unused-workdir", SITE, &site());
    assert_eq!(result, SITE.replace("COPY --from=build /app /app\n", ""));
}

#[test]
fn sources_that_something_names_stay() {
    let named = site().with_file("httpd.conf", "home /app/public\n");
    assert_eq!(only("unused-workdir", SITE, &named), SITE);
    let command = SITE.replace("[\"httpd\", \"-h\", \"/srv/site\"]", "[\"httpd\", \"server.js\"]");
    assert_eq!(only("unused-workdir", &command, &site()), command);
    let language = SITE.replace("debian:bookworm-slim", "node:20-slim");
    assert_eq!(only("unused-workdir", &language, &site()), language);
}

#[test]
fn of_a_jdk_the_modules_that_the_program_names_are_linked() {
    let loader = Some("/lib64/ld-linux-x86-64.so.2");
    let jdk = || {
        with_libc(MemoryImage::new())
            .with_elf("/usr/bin/dash", loader, &["libc.so.6"])
            .with_link("/bin/sh", "/usr/bin/dash")
            .with_env("PATH", "/opt/jdk/bin:/usr/bin:/bin")
            .with_link("/opt/jdk", "/opt/java/openjdk")
            .with_elf("/opt/java/openjdk/bin/java", loader, &["libz.so.1", "libc.so.6"])
            .with_elf("/opt/java/openjdk/bin/jar", loader, &["libc.so.6"])
            .with_elf("/opt/java/openjdk/bin/jdeps", loader, &["libc.so.6"])
            .with_elf("/opt/java/openjdk/bin/jlink", loader, &["libc.so.6"])
            .with_file("/opt/java/openjdk/jmods/java.base.jmod", 30_000_000)
            .with_file("/opt/java/openjdk/lib/modules", 130_000_000)
            .with_elf("/usr/lib/x86_64-linux-gnu/libz.so.1", None, &["libc.so.6"])
            .with_file("/usr/share/doc/everything", 300_000_000)
    };
    let built = jdk().in_layer(1).with_file("/app/target/a.jar", 1_000_000).with_workdir("/app");
    let mut observed = observations(built);
    observed.programs = vec!["/opt/java/openjdk/bin/java".into()];
    let world = MemoryWorld::new()
        .with_files(&["pom.xml"])
        .with_base("maven:3", sized(jdk(), 500_000_000))
        .with_base("gcr.io/distroless/base-nossl-debian12", sized(bare(), 8_000_000))
        .with_observations(observed);
    let dockerfile = "FROM maven:3 AS build\nWORKDIR /app\nCOPY . .\nRUN mvn package\n\nFROM maven:3\nWORKDIR /app\n\
                      COPY --from=build /app/target/a.jar /app/target/\nCMD [\"java\", \"-jar\", \"target/a.jar\"]\n";
    let text = only("bare-base/lean", dockerfile, &world);
    assert!(
        text.contains("RUN --mount=type=bind,from=build,source=/app/target/a.jar,target=/tmp/app.jar cd /"),
        "{text}"
    );
    assert!(text.contains("jlink --add-modules \"$modules,jdk.crypto.ec"), "{text}");
    assert!(text.contains("--output /runtime/opt/java/openjdk \\\n"), "{text}");
    assert!(
        text.contains("ldd $(find /runtime/opt/java/openjdk -name '*.so')"),
        "what its modules name is taken: {text}"
    );
    assert!(!text.contains("cp -a --parents /opt/java"), "{text}");
    assert!(text.contains("ENV PATH=/opt/java/openjdk/bin:$PATH\n"), "{text}");
    assert!(text.contains("/usr/lib/*-linux-gnu/libz.so.1*"), "what the launcher names is taken: {text}");
}

#[test]
fn a_program_that_needs_nothing_changes_its_base_alone() {
    let image = MemoryImage::new()
        .with_debian("12", "bookworm")
        .with_elf("/usr/bin/dash", None, &[])
        .with_file("/usr/share/doc/everything", 60_000_000)
        .in_layer(1)
        .with_elf("/app/links", None, &[])
        .with_workdir("/app");
    let mut observed = observations(image);
    observed.programs = vec!["/app/links".into()];
    let slim = MemoryImage::new().with_debian("12", "bookworm").with_elf("/usr/bin/dash", None, &[]);
    let world = MemoryWorld::new()
        .with_files(&["go.mod"])
        .with_base("debian:bookworm-slim", sized(slim, 80_000_000))
        .with_base("gcr.io/distroless/static-debian12", sized(MemoryImage::new(), 2_000_000))
        .with_observations(observed);
    let dockerfile = "FROM golang:1.24 AS build\nWORKDIR /app\nCOPY . .\nRUN go build\n\nFROM debian:bookworm-slim\nWORKDIR /app\n\
                      COPY --from=build /app/links /app/\nUSER 10001:10001\nCMD [\"./links\"]\n";
    let expected = dockerfile.replace("FROM debian:bookworm-slim", "FROM gcr.io/distroless/static-debian12");
    assert_eq!(only("bare-base/lean", dockerfile, &world), expected);
}
