//! What fixes must never do, over generated files: break a file that was not broken, change on a second run, touch what no
//! finding is about, mix line ends.

use jettison_dockerfile::expand::Env;
use jettison_dockerfile::stages::StageGraph;
use jettison_dockerfile::{dispatch, parse};
use jettison_facts::Nowhere;
use jettison_lint::{Fixed, Profile, Settings, check, fix};
use jettison_model::FixSafety;
use proptest::prelude::*;

/// Pieces that rules are about, with traps of the syntax among them.
const PIECES: &[&str] = &[
    "FROM debian:12\n",
    "FROM alpine:3.22 as Build\n",
    "from --platform=$TARGETPLATFORM node:22 AS web\n",
    "FROM Build\n",
    "FROM scratch\n",
    "ARG VERSION=1\n",
    "MAINTAINER Ada <ada@example.com>\n",
    "MAINTAINER \"Ada\"\n",
    "ENV MODE fast and good\n",
    "ENV A=1 \\\n    B=$A\n",
    "LABEL key value\n",
    "run apt-get update && apt-get install curl\n",
    "RUN apt-get update && \\\n    # the tools\n    apt-get install curl \\\n      wget\n",
    "RUN apt update; apt install -y vim  # all\n",
    "RUN sudo apt-get update && sudo apt-get install git || true\n",
    "RUN echo a && \\\n\n    echo b\n",
    "RUN <<EOF\napt-get update\napt-get install -y curl\nEOF\n",
    "RUN <<-EOF\n\tapk add curl\n\tEOF\n",
    "RUN <<EOF bash\nset -e\nyum install httpd\nEOF\n",
    "RUN apk add --update curl && \\\n  pip install flask\n",
    "RUN --mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir flask\n",
    "RUN ['a', 'b']\n",
    "RUN dnf install httpd &\n",
    "RUN rm -rf /var/lib/apt/lists/*\n",
    "RUN curl -fsSL https://example.com/a | tar xz\n",
    "RUN sh -c 'apt-get update && apt-get install curl'\n",
    "RUN [\"apt-get\", \"install\", \"curl\"]\n",
    "RUN yarn install; exit 0\n",
    "ONBUILD RUN apt-get update && apt-get install curl\n",
    "SHELL [\"/bin/bash\", \"-c\"]\n",
    "ADD app.py /srv/\n",
    "ADD a.tar.gz b /srv\n",
    "COPY a b /srv\n",
    "COPY --from=Build /a /b\n",
    "COPY --from=0 /a /b\n",
    "COPY <<EOF /etc/x\nRUN apt-get install curl\nEOF\n",
    "WORKDIR app\n",
    "WORKDIR /app\n",
    "EXPOSE 80/TCP 127.0.0.1:80:8080\n",
    "STOPSIGNAL QUIT\n",
    "USER root\n",
    "USER root\n",
    "CMD nginx -g \"daemon off;\"\n",
    "CMD ['nginx']\n",
    "ENTRYPOINT /run.sh $X\n",
    "# jettison: allow=latest-tag nobody\n",
    "# hadolint ignore=DL3008\n",
    "# a comment\n",
    "\n",
    "  RUN\tapt-get  install\tcurl \\  \n   git\n",
    "HEALTHCHECK CMD curl -f http://localhost/\n",
    "VOLUME [\"/data\"]\n",
    "RUNN make\n",
    "RUN apt-get update\n",
    "RUN apt-get install -y git vim\n",
    "ARG GIT_COMMIT\n",
    "RUN echo $GIT_COMMIT && go build -o /app ./cmd\n",
    "RUN --mount=type=cache,target=/c cargo build --release\n",
    "ENV DEBIAN_FRONTEND=noninteractive\n",
    "ENV VERSION=1\n",
    "ARG VERSION=2\n",
    "ENV MODE=${A:=b}\n",
    "COPY <<-EOF /run.sh\n\texec $UNKNOWN\n\tEOF\n",
    "RUN npm ci\n",
    "RUN uv sync --frozen && poetry install\n",
    "RUN apt-get install -y \\\n    zip \\\n    bzip2\n",
    "CMD [\"node\", \"a.js\"]\n",
    "USER 1000\n",
    "FROM eclipse-temurin:21-jdk\n",
    "# syntax=docker/dockerfile:1.2\n",
];

fn file() -> impl Strategy<Value = Vec<u8>> {
    let pieces = proptest::collection::vec(proptest::sample::select(PIECES), 1..12);
    (pieces, any::<bool>(), any::<bool>(), any::<bool>(), 0..4u8).prop_map(|(pieces, crlf, bom, cut, escape)| {
        let mut text = String::new();
        if bom {
            text.push('\u{feff}');
        }
        if escape == 0 {
            text.push_str("# escape=`\n");
        }
        text.push_str("FROM debian:12\n");
        for piece in pieces {
            text.push_str(&if escape == 0 { piece.replace('\\', "`") } else { piece.to_owned() });
        }
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        if cut {
            text.truncate(text.trim_end().len());
        }
        text.into_bytes()
    })
}

fn settings() -> impl Strategy<Value = Settings> {
    proptest::sample::select(vec![Profile::Default, Profile::Strict, Profile::Hadolint, Profile::Buildkit])
        .prop_map(|profile| Settings { profile, today: Some("2026-11-21".to_owned()), ..Settings::default() })
}

fn errors(source: &[u8]) -> usize {
    parse(source.to_vec())
        .diagnostics()
        .iter()
        .filter(|one| one.kind == jettison_dockerfile::DiagnosticKind::Error)
        .count()
}

fn graph(source: &[u8]) -> StageGraph {
    StageGraph::new(&parse(source.to_vec()), &Env::new(), "amd64")
}

fn fixed(source: &[u8], settings: &Settings) -> Fixed {
    fix(source, &Nowhere, settings, FixSafety::Unsafe)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fixes_break_nothing_and_are_stable(source in file(), settings in settings()) {
        let result = fixed(&source, &settings);
        prop_assert!(errors(&result.bytes) <= errors(&source), "{}", String::from_utf8_lossy(&result.bytes));
        let refused = parse(source.clone()).is_rejected() || !dispatch::refusals(&parse(source.clone()), &graph(&source)).is_empty();
        prop_assert!(refused || result.discarded.is_empty(), "{:?}\n{}", result.discarded, String::from_utf8_lossy(&source));
        let again = fixed(&result.bytes, &settings);
        prop_assert_eq!(
            String::from_utf8_lossy(&again.bytes), String::from_utf8_lossy(&result.bytes), "{:?}", again.applied
        );
    }

    #[test]
    fn a_file_without_fixable_findings_stays_as_it_is(source in file(), settings in settings()) {
        let findings = check(&parse(source.clone()), &Nowhere, &settings).findings;
        let result = fix(&source, &Nowhere, &settings, FixSafety::Safe);
        if findings.iter().all(|finding| finding.fix.as_ref().is_none_or(|fix| fix.safety != FixSafety::Safe)) {
            prop_assert_eq!(&result.bytes, &source);
            prop_assert!(result.applied.is_empty());
        }
    }

    #[test]
    fn line_ends_stay_of_one_kind(source in file(), settings in settings()) {
        let result = fixed(&source, &settings);
        let count = |text: &[u8], crlf: bool| {
            let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
            ends.filter(|(at, _)| (*at > 0 && text[*at - 1] == b'\r') == crlf).count()
        };
        if count(&source, true) == 0 {
            prop_assert_eq!(count(&result.bytes, true), 0);
        }
        if count(&source, false) == 0 {
            prop_assert_eq!(count(&result.bytes, false), 0, "{}", String::from_utf8_lossy(&result.bytes));
        }
    }

    #[test]
    fn spans_lie_in_the_file_on_character_boundaries(source in proptest::collection::vec(any::<u8>(), 0..300), settings in settings()) {
        for finding in check(&parse(source.clone()), &Nowhere, &settings).findings {
            prop_assert!(finding.span.start <= finding.span.end && finding.span.end as usize <= source.len());
        }
        let result = fixed(&source, &settings);
        prop_assert!(errors(&result.bytes) <= errors(&source));
    }
}

#[test]
fn comments_and_spacing_inside_of_an_instruction_stay() {
    let source =
        b"FROM debian:12\nRUN apt-get update && \\\n    # the tools\n    apt-get install -y  curl \\\n      wget\n";
    let result = fix(source, &Nowhere, &Settings::default(), FixSafety::Safe);
    let text = String::from_utf8(result.bytes).unwrap();
    assert!(text.starts_with(std::str::from_utf8(&source[..source.len() - 1]).unwrap()), "{text}");
    assert!(text.trim_end().ends_with("rm -rf /var/lib/apt/lists/*"), "{text}");
}
