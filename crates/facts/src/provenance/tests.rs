//! Histories as builders wrote them, and the Dockerfiles they came from. Each layer has the line that made it, or none.

use jettison_image::ImageConfig;
use jettison_model::HistoryEntry;

use super::*;

/// `!` in front: no layer. A comment may follow after ` ;; `.
fn history(entries: &[&str]) -> ImageConfig {
    let entry = |text: &&str| {
        let (text, comment) = text.split_once(" ;; ").unwrap_or((text, ""));
        let created_by = text.strip_prefix('!').unwrap_or(text).to_owned();
        HistoryEntry { created_by, comment: comment.to_owned(), empty_layer: text.starts_with('!'), created: None }
    };
    ImageConfig { history: entries.iter().map(entry).collect(), ..ImageConfig::default() }
}

fn matched_with(dockerfile: &str, config: &ImageConfig, options: &Options) -> Provenance {
    let dockerfile = jettison_dockerfile::parse(dockerfile.as_bytes());
    let layers = config.history.iter().filter(|entry| !entry.empty_layer).count();
    provenance(config, layers, Some(&Recipe { dockerfile: &dockerfile, options, base: None }))
}

/// The line of each layer: 0 for the base, -1 for unknown.
fn lines(provenance: &Provenance) -> Vec<i64> {
    let line = |origin: &Origin| match &origin.place {
        Place::Base => 0,
        Place::Line(line) => i64::from(line.line),
        Place::Unknown(_) => -1,
    };
    provenance.layers.iter().map(line).collect()
}

fn of(dockerfile: &str, entries: &[&str]) -> Vec<i64> {
    lines(&matched_with(dockerfile, &history(entries), &Options::default()))
}

const BASE: [&str; 2] =
    ["ADD bookworm-slim.tar / # buildkit ;; buildkit.dockerfile.v0", "!CMD [\"bash\"] ;; buildkit.dockerfile.v0"];

fn on_base<'e>(entries: &[&'e str]) -> Vec<&'e str> {
    BASE.iter().chain(entries).copied().collect()
}

const MANY: &str = r#"ARG BASE=debian:bookworm-slim
FROM ${BASE} AS parent
LABEL a=b "c d"="e f"
ENV OLD style value
ARG V=3
ARG W
ONBUILD RUN echo triggered $V
ONBUILD COPY src /onbuild
WORKDIR /app
WORKDIR sub
RUN echo one \
    # comment
    && echo two \
    && echo "$V" > /v
FROM parent AS final
ARG T=5
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN echo "in bash" | cat
RUN ["/bin/sh", "-c", "echo exec"]
COPY --chown=1:1 --chmod=755 src ./copied/
COPY ["b c", "/with space/"]
ADD src/a $X/added
COPY --from=parent /etc/passwd /pw
RUN <<EOF
echo heredoc $V
touch /h1
EOF
RUN --mount=type=cache,target=/c <<EOF bash
echo piped
EOF
RUN <<EOF
#!/bin/bash
echo shebang
EOF
RUN cat <<A && cat <<B
first
A
second
B
COPY <<EOF /file.txt
content $V
EOF
COPY <<-one <<-two /dir/
	1
one
	2
two
RUN --network=none ls /m
EXPOSE 8080 9090/udp
HEALTHCHECK --interval=5s CMD curl -f http://localhost/ || exit 1
CMD echo hello   world
RUN echo 'a \
b'
RUN true
RUN true
COPY . .
"#;

#[test]
fn buildkit_histories_find_every_line() {
    let entries = on_base(&[
        "!LABEL a=b c d=e f",
        "!ENV OLD=style value",
        "!ARG V=3",
        "!ARG W=given",
        "!ONBUILD RUN echo triggered $V",
        "!ONBUILD COPY src /onbuild",
        "WORKDIR /app",
        "WORKDIR /app/sub",
        "RUN |2 V=3 W=given /bin/sh -c echo one     && echo two     && echo \"$V\" > /v # buildkit",
        "RUN |2 V=3 W=given /bin/sh -c echo triggered $V # buildkit",
        "COPY src /onbuild # buildkit",
        "!ARG T=5",
        "!SHELL [/bin/bash -o pipefail -c]",
        "RUN |3 V=3 W=given T=5 /bin/bash -o pipefail -c echo \"in bash\" | cat # buildkit",
        "RUN |3 V=3 W=given T=5 /bin/sh -c echo exec # buildkit",
        "COPY --chown=1:1 --chmod=755 src ./copied/ # buildkit",
        "COPY b c /with space/ # buildkit",
        "ADD src/a 1/added # buildkit",
        "COPY /etc/passwd /pw # buildkit",
        "RUN |3 V=3 W=given T=5 /bin/bash -o pipefail -c echo heredoc $V\ntouch /h1\n # buildkit",
        "RUN |3 V=3 W=given T=5 /bin/bash -o pipefail -c <<EOF bash\necho piped\nEOF # buildkit",
        "RUN |3 V=3 W=given T=5 /bin/bash -o pipefail -c /dev/pipes/EOF # buildkit",
        "RUN |3 V=3 W=given T=5 /bin/bash -o pipefail -c cat <<A && cat <<B\nfirst\nA\nsecond\nB # buildkit",
        "COPY <<EOF /file.txt # buildkit",
        "COPY <<one <<two /dir/ # buildkit",
        "RUN |3 V=3 W=given T=5 /bin/bash -o pipefail -c ls /m # buildkit",
        "!EXPOSE [8080/tcp 9090/udp]",
        "!HEALTHCHECK &{[\"CMD-SHELL\" \"curl -f http://localhost/ || exit 1\"] \"5s\" \"0s\" \"0s\" \"0s\" '\\x00'}",
        "!CMD [\"/bin/bash\" \"-o\" \"pipefail\" \"-c\" \"echo hello   world\"]",
        "RUN |3 V=3 W=given T=5 /bin/bash -o pipefail -c echo 'a b' # buildkit",
        "RUN |3 V=3 W=given T=5 /bin/bash -o pipefail -c true # buildkit",
        "RUN |3 V=3 W=given T=5 /bin/bash -o pipefail -c true # buildkit",
        "COPY . . # buildkit",
    ]);
    let found = matched_with(MANY, &history(&entries), &Options::default());
    let expected = [0, 9, 10, 11, 7, 8, 18, 19, 20, 21, 22, 23, 24, 28, 31, 35, 40, 43, 48, 52, 54, 55, 56];
    assert_eq!(lines(&found), expected);
    assert_eq!(found.stage, Some(1));
    assert_eq!(found.layers[3].line().map(|line| line.end_line), Some(14));
    assert_eq!(found.entries.iter().filter(|entry| entry.is_some()).count(), 33);
}

const PLAIN: &str = r#"FROM busybox AS parent
LABEL a=b "c d"="e f"
ARG V=3
ARG W
WORKDIR /app
WORKDIR sub
RUN echo one \
    && echo "$V" > /v
FROM parent
ARG T=5
SHELL ["/bin/sh", "-e", "-c"]
RUN ["/bin/sh", "-c", "echo exec"]
COPY --chown=1:1 src ./copied/
COPY src/a src/b /multi/
ADD src/a $X/added
USER 1000:1000
RUN true
RUN true
COPY . .
"#;

#[test]
fn classic_histories_find_every_line() {
    let hash = "373ec0eec1f0107ca4daa46152b0c37f6eca4f56be2e3eefb83318e4097203f7";
    let copies =
        [("COPY --chown=1:1 dir", "./copied/"), ("COPY multi", "/multi/"), ("ADD file", "1/added"), ("COPY dir", ".")];
    let copies = copies.map(|(what, to)| format!("/bin/sh -e -c #(nop) {what}:{hash} in {to} "));
    let entries = on_base(&[
        "!/bin/sh -c #(nop)  LABEL a=b c d=e f",
        "!/bin/sh -c #(nop)  ARG V=3",
        "!/bin/sh -c #(nop)  ARG W",
        "/bin/sh -c #(nop) WORKDIR /app",
        "/bin/sh -c #(nop) WORKDIR /app/sub",
        "|2 V=3 W=given /bin/sh -c echo one     && echo \"$V\" > /v",
        "!/bin/sh -c #(nop)  ARG T=5",
        "!/bin/sh -e -c #(nop)  SHELL [/bin/sh -e -c]",
        "|1 T=5 /bin/sh -c echo exec",
        &copies[0],
        &copies[1],
        &copies[2],
        "!/bin/sh -e -c #(nop)  USER 1000:1000",
        "!|1 T=5 /bin/sh -e -c true",
        "|1 T=5 /bin/sh -e -c true",
        &copies[3],
    ]);
    assert_eq!(of(PLAIN, &entries), [0, 5, 6, 7, 12, 13, 14, 15, 18, 19]);
}

/// As buildah 1.28 wrote it; without intermediate layers only the last entry of a stage has one.
fn buildah(layers: bool) -> Vec<String> {
    let hash = "8b90749aca897c0019f51194d80c25fc0ae08fbe93b1e8a0c0872d0a12429356";
    let nop = |text: &str| format!("!/bin/sh -c #(nop) {text}");
    let files = |text: String, last: bool| match layers || last {
        true => format!("{text} ;; FROM 30c7079fecc3"),
        false => format!("!{text}"),
    };
    let copy = |what: &str, to: &str, last| files(format!("/bin/sh -c #(nop) {what}:{hash} in {to} "), last);
    vec![
        nop("LABEL a=b \"c d\"=\"e f\""),
        nop("ARG V"),
        nop("ARG V W"),
        nop("WORKDIR /app"),
        nop("WORKDIR sub"),
        files("|2 V=3 W=given /bin/sh -c echo one     && echo \"$V\" > /v".to_owned(), true),
        nop("ARG T"),
        nop("SHELL [\"/bin/sh\", \"-e\", \"-c\"]"),
        files("|1 T=5 /bin/sh -c [\"/bin/sh\", \"-c\", \"echo exec\"]".to_owned(), false),
        copy("COPY dir", "./copied/", false),
        copy("COPY multi", "/multi/", false),
        copy("ADD file", "$X/added", false),
        nop("USER 1000:1000"),
        files("|1 T=5 /bin/sh -c true".to_owned(), false),
        files("|1 T=5 /bin/sh -c true".to_owned(), false),
        copy("COPY dir", ".", true),
    ]
}

#[test]
fn buildah_histories_find_every_line() {
    let entries = buildah(true);
    let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
    assert_eq!(of(PLAIN, &on_base(&entries)), [0, 7, 12, 13, 14, 15, 17, 18, 19]);
}

#[test]
fn a_stage_in_one_layer_has_no_line_of_its_own() {
    let entries = buildah(false);
    let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
    assert_eq!(of(PLAIN, &on_base(&entries)), [0, 7, -1]);
}

const SMALL: &str = "FROM debian\nRUN make a\nCOPY x /x\nENV A=1\nRUN make b\n";

#[test]
fn a_file_changed_since_says_only_what_is_certain() {
    let entries = ["RUN /bin/sh -c make a # buildkit", "COPY x /x # buildkit", "RUN /bin/sh -c make b # buildkit"];
    let built = on_base(&[entries[0], entries[1], "!ENV A=1", entries[2]]);
    assert_eq!(of(SMALL, &built), [0, 2, 3, 5]);
    // A line more, a line less, a line changed, in the file.
    assert_eq!(of("FROM debian\nRUN make a\nCOPY x /x\nENV A=1\nENV B=1\nRUN make b\nRUN new\n", &built), [0, 2, 3, 6]);
    assert_eq!(of("FROM debian\nCOPY x /x\nENV A=1\nRUN make b\nRUN new\n", &built), [0, 0, 2, 4]);
    assert_eq!(of("FROM debian\nRUN make a\nCOPY y /y\nENV A=1\nRUN make b\n", &built), [0, 2, -1, 5]);
    // Nothing of it.
    assert_eq!(of("FROM alpine\nRUN other\nCOPY z /z\n", &built), [-1, -1, -1, -1]);
}

#[test]
fn the_same_command_twice_is_told_apart_only_where_its_place_says_which() {
    let twice = "FROM debian\nRUN make\nRUN make\n";
    let make = "RUN /bin/sh -c make # buildkit";
    assert_eq!(of(twice, &on_base(&[make, make])), [0, 2, 3]);
    assert_eq!(
        of("FROM debian\nRUN make\nRUN other\nRUN make\n", &on_base(&[make, "RUN /bin/sh -c gone # buildkit"])),
        [-1, -1, -1]
    );
}

#[test]
fn a_part_of_a_command_is_another_command() {
    let built = on_base(&["RUN /bin/sh -c make && true # buildkit"]);
    assert_eq!(of("FROM debian\nRUN true\n", &built), [-1, -1]);
    assert_eq!(of("FROM debian\nRUN make && true\n", &built), [0, 2]);
}

#[test]
fn kaniko_leaves_out_what_makes_no_layer() {
    let built = on_base(&["RUN make a", "COPY x /x", "RUN make b"]);
    assert_eq!(of(SMALL, &built), [0, 2, 3, 5]);
}

#[test]
fn arguments_of_the_build_that_nobody_told_us_are_no_other_file() {
    let file = "FROM debian\nARG V=1\nCOPY app-$V.jar /app/$V/\nRUN make\n";
    let built = on_base(&["!ARG V=2", "COPY app-2.jar /app/2/ # buildkit", "RUN |1 V=2 /bin/sh -c make # buildkit"]);
    assert_eq!(of(file, &built), [0, 3, 4]);
    assert_eq!(
        of(file, &on_base(&["!ARG V=2", "COPY lib-2.jar /app/2/ # buildkit", "RUN |1 V=2 /bin/sh -c make # buildkit"])),
        [-1, -1, 4]
    );
}

#[test]
fn the_stage_is_the_one_that_fits() {
    let file = "FROM debian AS one\nRUN make a\nFROM debian AS two\nRUN make b\n";
    let built = history(&on_base(&["RUN /bin/sh -c make a # buildkit"]));
    let found = matched_with(file, &built, &Options::default());
    assert_eq!((found.stage, lines(&found)), (Some(0), vec![0, 2]));
    let told = matched_with(file, &built, &Options { target: Some("two".to_owned()), ..Options::default() });
    assert_eq!((told.stage, lines(&told)), (None, vec![-1, -1]));
}

#[test]
fn scratch_has_no_base() {
    let file = "FROM debian AS build\nRUN make\nFROM scratch\nCOPY --from=build /x /x\n";
    assert_eq!(of(file, &["COPY /x /x # buildkit"]), [4]);
    assert_eq!(of(file, &["ADD rootfs.tar / # buildkit", "COPY /x /x # buildkit"]), [-1, 4]);
}

#[test]
fn known_layers_of_the_base_are_the_bases() {
    let mut config = history(&on_base(&["RUN /bin/sh -c make # buildkit", "RUN /bin/sh -c make # buildkit"]));
    config.diff_ids = ["a", "b", "c"].map(str::to_owned).to_vec();
    let dockerfile = jettison_dockerfile::parse(&b"FROM mine\nRUN make\n"[..]);
    let base = ["a".to_owned(), "b".to_owned()];
    let options = Options::default();
    let recipe = Recipe { dockerfile: &dockerfile, options: &options, base: Some(&base) };
    assert_eq!(lines(&provenance(&config, 3, Some(&recipe))), [0, 0, 2]);
    assert_eq!(lines(&provenance(&config, 3, None)), [-1, -1, -1]);
}

#[test]
fn what_does_not_fit_together_is_not_guessed() {
    let config = history(&["RUN /bin/sh -c make # buildkit"]);
    let dockerfile = jettison_dockerfile::parse(&b"FROM scratch\nRUN make\n"[..]);
    let options = Options::default();
    let recipe = Recipe { dockerfile: &dockerfile, options: &options, base: None };
    let found = provenance(&config, 2, Some(&recipe));
    assert_eq!(found.layers, vec![Origin { history: None, place: Place::Unknown(MISMATCH) }; 2]);
    let none = provenance(&ImageConfig::default(), 1, Some(&recipe));
    assert_eq!(none.layers[0].place, Place::Unknown(NO_HISTORY));
    let squashed = history(&["!RUN /bin/sh -c make # buildkit", " ;; merge sha256:a to sha256:b"]);
    assert_eq!(lines(&provenance(&squashed, 1, Some(&recipe))), [-1]);
}

#[test]
fn instructions_are_shown_as_one_writes_them() {
    for (created_by, shown) in [
        ("RUN |4 V=3 W=given Q=x y T=5 /bin/bash -o pipefail -c make  all # buildkit", "RUN make all"),
        ("/bin/sh -c apt-get update", "RUN apt-get update"),
        ("|1 A=-c /bin/sh -c make -c x", "RUN make -c x"),
        (
            "/bin/sh -c #(nop) COPY dir:373ec0eec1f0107ca4daa46152b0c37f6eca4f56be2e3eefb83318e4097203f7 in /app ",
            "COPY … /app",
        ),
        ("/bin/sh -c #(nop)  CMD [\"bash\"]", "CMD [\"bash\"]"),
        ("COPY . . # buildkit", "COPY . ."),
        ("RUN make", "RUN make"),
        ("bazel build ...", "bazel build ..."),
        ("cmd /S /C dir", "RUN dir"),
        ("", ""),
    ] {
        assert_eq!(shown_instruction(created_by), shown, "{created_by}");
    }
}

#[test]
fn names_of_packages_are_those_behind_install() {
    let named = |command: &str| {
        let found = named_packages(&format!("RUN |1 A=b /bin/sh -c {command} # buildkit"));
        found.into_iter().map(|named| format!("{}:{}", named.kind.as_str(), named.name)).collect::<Vec<_>>()
    };
    assert_eq!(
        named(
            "apt-get update && apt-get install -y --no-install-recommends curl=7.88* gcc:amd64 -t x git && rm -rf /x"
        ),
        ["deb:curl", "deb:gcc", "deb:git"]
    );
    assert_eq!(named("apk add --no-cache -t .build gcc 'musl-dev>1'"), ["apk:gcc", "apk:musl-dev"]);
    assert_eq!(named("dnf -y install httpd && yum install -y make"), ["rpm:httpd", "rpm:make"]);
    assert_eq!(
        named("pip install --no-cache-dir flask==3 'uvicorn[standard]>=0.2' -r x.txt"),
        ["python:flask", "python:uvicorn"]
    );
    assert_eq!(named("npm install -g typescript@5 @nestjs/cli@10"), ["npm:typescript", "npm:@nestjs/cli"]);
    assert_eq!(named("gem install bundler:2.4 rake"), ["gem:bundler", "gem:rake"]);
    assert_eq!(named("set -eux; if true; then apt-get install -y make; fi"), ["deb:make"]);
    assert_eq!(named_packages("/bin/sh -c #(nop) CMD apt-get install x"), []);
    let commands = named_packages("/bin/sh -c apt-get install -y a b");
    assert_eq!(commands[1].command, "apt-get install -y");
}
