//! Whatever the file: no panic, no accepted file becomes a rejected one, and the result has nothing left to plan.

mod setup;

use jettison_facts::memory::MemoryWorld;
use jettison_plan::{Without, propose};
use proptest::prelude::*;
use setup::input;

fn command() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "apt-get update",
        "apt-get -qq update",
        "apt-get install -y curl git",
        "apt install vim",
        "apt-get install -y --no-install-recommends xz-utils",
        "rm -rf /var/lib/apt/lists/*",
        "set -ex",
        "pip install -r requirements.txt",
        "pip install --no-cache-dir flask",
        "npm install",
        "npm ci",
        "npm run build",
        "cd web",
        "echo \"a b\" > /x",
        "useradd -m app",
        "git describe",
        "make $WHAT",
    ])
}

fn joint() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![" && ", "; ", " \\\n    && ", " && \\\n\t", " \\\n # why\n  && ", " || ", " | "])
}

fn run() -> impl Strategy<Value = String> {
    let list = prop::collection::vec((command(), joint()), 1..5);
    (list, 0..4u8).prop_map(|(list, form)| {
        let last = list.len() - 1;
        let text: String = list
            .iter()
            .enumerate()
            .map(|(at, (command, joint))| if at == last { (*command).to_owned() } else { format!("{command}{joint}") })
            .collect();
        match form {
            0 => format!("RUN <<EOF\n{}\nEOF\n", list.iter().map(|(one, _)| *one).collect::<Vec<_>>().join("\n")),
            1 => format!("run {text} # note\n"),
            2 => format!("ONBUILD RUN {text}\n"),
            _ => format!("RUN {text}\n"),
        }
    })
}

fn line() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "FROM python:3.11\n",
        "FROM node:22 AS build\n",
        "FROM build\n",
        "FROM scratch\n",
        "COPY . .\n",
        "COPY package*.json ./\n",
        "COPY --from=0 /a /b\n",
        "ADD x.tar /\n",
        "WORKDIR /app\n",
        "ENV A=b \\\n  C=d\n",
        "ARG WHAT\n",
        "USER app\n",
        "# a comment\n",
        "\n",
        "EXPOSE 8000\n",
        "VOLUME /data\n",
        "HEALTHCHECK CMD curl -f http://localhost/\n",
        "CMD python main.py\n",
        "CMD [\"node\", \"index.js\"]\n",
        "ENTRYPOINT exec gunicorn app:app \\\n  --bind :8000\n",
        "BROKEN thing\n",
    ]);
    prop_oneof![2 => fixed.prop_map(str::to_owned), 1 => run()]
}

fn dockerfile() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec(line(), 0..14);
    (lines, any::<bool>(), any::<bool>()).prop_map(|(lines, crlf, ends)| {
        let mut text = format!("FROM debian:12\n{}", lines.concat());
        if !ends {
            text.truncate(text.trim_end_matches('\n').len());
        }
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

fn worlds() -> Vec<MemoryWorld> {
    let known = MemoryWorld::new()
        .with_file("package.json", "{}")
        .with_file("package-lock.json", "{\"lockfileVersion\": 3}")
        .with_file("requirements.txt", "flask\n")
        .with_file("main.py", "import flask\n")
        .with_files(&[".git/HEAD", ".env", "app.log", "node_modules/a/index.js", "x.tar", "index.js"]);
    let observed = known.clone().with_observations(setup::observations(setup::image()));
    vec![MemoryWorld::unknown(), known, observed]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn accepted_files_stay_accepted_and_plans_are_finished(text in dockerfile()) {
        for world in worlds() {
            let first = propose(&input(text.as_bytes(), None), &world, &Without::new());
            let before = jettison_dockerfile::parse(text.as_bytes());
            let after = jettison_dockerfile::parse(first.files.dockerfile.clone());
            prop_assert!(before.is_rejected() || !after.is_rejected(), "{}", String::from_utf8_lossy(&first.files.dockerfile));
            if before.is_rejected() {
                prop_assert_eq!(&first.files.dockerfile, text.as_bytes());
            }
            if world.observations.is_some() {
                continue; // what was observed is not what the new files would build
            }
            let sent = MemoryWorld { ignore: first.files.ignore.clone().unwrap_or_default(), ..world };
            let second = propose(&input(&first.files.dockerfile, first.files.ignore.clone()), &sent, &Without::new());
            prop_assert_eq!(
                String::from_utf8_lossy(&second.files.dockerfile), String::from_utf8_lossy(&first.files.dockerfile)
            );
            prop_assert_eq!(second.files.ignore, first.files.ignore);
        }
    }

    #[test]
    fn any_text_is_planned_without_panic(text in "(FROM a\n)?[A-Z]{0,5}[ -~\n\\\\]{0,80}") {
        for world in worlds() {
            let _ = propose(&input(text.as_bytes(), None), &world, &Without::new());
        }
    }

    #[test]
    fn line_ends_of_windows_are_kept(text in dockerfile()) {
        let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        for world in worlds() {
            let files = propose(&input(text.as_bytes(), None), &world, &Without::new()).files;
            let result = String::from_utf8_lossy(&files.dockerfile).into_owned();
            if text.contains('\n') {
                prop_assert_eq!(result.matches('\n').count(), result.matches("\r\n").count(), "{}", result);
            }
        }
    }
}
