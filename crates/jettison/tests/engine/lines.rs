//! Lines of layers, on what builders really write: each instruction makes a file that is named by its own line, and `why` must
//! say that line. BuildKit and the classic builder.

use std::process::Command;

use serde_json::Value;

use crate::{Lab, program, succeeds};

/// What both builders take. Line 12 and 13 are the same command.
const PLAIN: &str = r#"ARG TAG=latest
FROM busybox:${TAG} AS parent
ARG V=one
ENV A=b
LABEL some="thing to say"
ONBUILD RUN mkdir -p /l && touch /l/6
RUN mkdir -p /l && \
    # a comment
    echo "$V" > /l/7
FROM parent
ARG W=two
RUN touch /l/next && echo >> /l/count
RUN touch /l/next && echo >> /l/count
COPY page.txt /l/14
COPY ["page.txt", "other file", "/l/15/"]
ADD page.txt $A/16
WORKDIR /l/17
USER 0:0
SHELL ["/bin/sh", "-e", "-c"]
RUN echo "$W" > /l/20
RUN ["/bin/touch", "/l/21"]
EXPOSE 80
CMD ["sh"]
COPY --from=parent /l/7 /l/24
"#;

/// What BuildKit takes besides.
const HEREDOCS: &str = r#"RUN <<EOF
touch /l/25
EOF
RUN cat <<A >/l/28 && cat <<B >>/l/28
a
A
b
B
COPY <<EOF /l/33
$V
EOF
COPY --link page.txt /l/36
RUN --mount=type=bind,source=page.txt,target=/page cp /page /l/37
"#;

#[test]
fn buildkit_layers_have_their_lines() {
    let expected = [6, 7, 14, 15, 17, 20, 21, 24, 25, 28, 33, 36, 37];
    check(&format!("{PLAIN}{HEREDOCS}"), "1", &expected);
}

#[test]
fn classic_layers_have_their_lines() {
    check(PLAIN, "0", &[6, 7, 14, 15, 17, 20, 21, 24]);
}

fn check(dockerfile: &str, buildkit: &str, expected: &[u64]) {
    let Some(lab) = Lab::with(&["busybox:latest"]) else { return };
    let lab = lab.file("app/Dockerfile", dockerfile).file("app/page.txt", "x\n").file("app/other file", "y\n");
    let tag = format!("jettison-test-lines-{buildkit}-{}", std::process::id());
    let _image = Tag(&tag);
    let archive = lab.place.at("image.tar");
    let mut build = Command::new("docker");
    build.args(["build", "-q", "-t", &tag]).arg(lab.place.at("app")).env("DOCKER_BUILDKIT", buildkit);
    let built = build.output().expect("docker");
    let said = String::from_utf8_lossy(&built.stderr).into_owned();
    if !built.status.success() && buildkit == "0" && !said.contains("Step") {
        eprintln!("skipped: this engine has no classic builder");
        return;
    }
    assert!(built.status.success(), "{said}");
    assert!(succeeds(Command::new("docker").args(["save", &tag, "-o"]).arg(&archive)), "docker save");

    let wrong: Vec<(u64, Vec<u64>)> =
        expected.iter().map(|line| (*line, lines(&lab, *line))).filter(|(line, said)| *said != [*line]).collect();
    assert!(wrong.is_empty(), "line, and what was said: {wrong:?}");
    let twice = answer(&lab, "/l/next");
    let said: Vec<&Value> = layers(&twice).iter().map(|layer| &layer["dockerfile_line"]).collect();
    assert_eq!(said, [12, 13], "{twice:#}");
}

/// The lines of the layers that have a part in the file that line `line` makes.
fn lines(lab: &Lab, line: u64) -> Vec<u64> {
    let answer = answer(lab, &format!("/l/{line}"));
    layers(&answer).iter().filter_map(|layer| layer["dockerfile_line"].as_u64()).collect()
}

fn layers(answer: &Value) -> &[Value] {
    answer["answers"][0]["layers"].as_array().map_or(&[], Vec::as_slice)
}

fn answer(lab: &Lab, path: &str) -> Value {
    let arguments = format!("why docker-archive:image.tar {path} --dockerfile app/Dockerfile --format json");
    let ran = program::run(&mut lab.place.jettison(&arguments));
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    serde_json::from_str(&ran.stdout).expect("JSON")
}

/// An image of this test's own, removed whatever happens.
struct Tag<'t>(&'t str);

impl Drop for Tag<'_> {
    fn drop(&mut self) {
        succeeds(Command::new("docker").args(["image", "rm", "-f", self.0]));
    }
}
