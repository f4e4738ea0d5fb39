//! The texts as people see them, at the narrowest and at a common width, without and with colour.

use jettison_report::text::{Style, optimize, verify};
use jettison_report::{
    Check, Claim, Engine, Estimate, Evidence, FileChange, Found, OptimizeReport, Outcome, Place, Proof, Side, Status,
    Transform, VerifyReport, diff,
};

const BEFORE: &[u8] =
    b"FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD python app.py\n";
const AFTER: &[u8] = b"FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nUSER app\nCMD [\"python\", \"app.py\"]\n";

fn baseline() -> Side {
    Side {
        image_digest: Some(format!("sha256:{}", "0a".repeat(32))),
        unpacked_bytes: Some(1_270_400_000),
        compressed_bytes: Some(442_100_000),
        layers: Some(12),
        context_bytes: Some(48_200_000),
        context_files: Some(1_204),
        cold_build_seconds: Some(41.3),
        warm_build_seconds: Some(11.9),
        user: Some(String::new()),
        ports: vec![8000],
        secrets_found: vec![Found { path: "/app/.env".to_owned(), pattern: ".env".to_owned() }],
        junk: vec![
            Found { path: "/app/.git".to_owned(), pattern: ".git".to_owned() },
            Found { path: "/app/logs".to_owned(), pattern: "*.log".to_owned() },
        ],
        junk_bytes: 31_000_000,
        ..Side::default()
    }
}

fn result() -> Side {
    Side {
        layers: Some(5),
        unpacked_bytes: Some(221_000_000),
        compressed_bytes: Some(70_300_000),
        context_bytes: Some(31_234),
        cold_build_seconds: Some(22.8),
        warm_build_seconds: Some(0.3),
        user: Some("app".to_owned()),
        ..Side::default()
    }
}

fn transform(id: &str, title: &str, status: Status, reason: &str, line: u32) -> Transform {
    let place = (line > 0).then(|| Place { path: "Dockerfile".to_owned(), line });
    let (id, title, reason) = (id.to_owned(), title.to_owned(), reason.to_owned());
    Transform { id, part: None, title, status, reason, place, estimate: None, measured: None }
}

fn gain(bytes: Option<i64>, seconds: Option<f64>, evidence: Evidence) -> Option<Estimate> {
    Some(Estimate { bytes, seconds, evidence })
}

fn transforms() -> Vec<Transform> {
    let applied = Status::Applied;
    let ignore_place = Some(Place { path: ".dockerignore".to_owned(), line: 0 });
    vec![
        Transform {
            estimate: gain(Some(-612_000_000), None, Evidence::Modelled),
            ..transform("multi-stage", "multi-stage: build tools stay behind", applied, "", 1)
        },
        Transform {
            estimate: gain(Some(-370_200_000), None, Evidence::Modelled),
            ..transform("base-slim", "slim base, same Debian release", applied, "", 1)
        },
        Transform {
            measured: gain(Some(-48_100_000), None, Evidence::Measured),
            estimate: gain(Some(-50_000_000), None, Evidence::Modelled),
            place: ignore_place,
            ..transform("context-ignore", ".dockerignore: .git, logs, .env", applied, "", 0)
        },
        Transform {
            estimate: gain(None, Some(-11.5), Evidence::Guessed),
            ..transform("copy-split", "dependencies before sources", applied, "", 3)
        },
        transform("non-root", "non-root user app (uid 10001)", applied, "", 24),
        transform(
            "base-distroless",
            "distroless base",
            Status::Dropped,
            "`entrypoint.sh` needs /bin/sh (log: builds/4, line 212)",
            1,
        ),
        transform(
            "exec-form",
            "exec-form entry command",
            Status::Refused,
            "the command uses `$PORT`, which only a shell expands, and nothing says that the value is the same in every deployment",
            5,
        ),
        transform("pip-cache", "cache mount for pip", Status::NotApplicable, "dependencies have their own layer", 0),
        part("secrets", ".dockerignore: secrets"),
        part("logs", ".dockerignore: logs"),
        part("editors", ".dockerignore: editor files"),
    ]
}

fn part(part: &str, title: &str) -> Transform {
    let whole = transform("context-ignore", title, Status::NotApplicable, "none are sent", 0);
    Transform { part: Some(part.to_owned()), ..whole }
}

fn check(name: &str, passed: bool, detail: &str) -> Check {
    Check { name: name.to_owned(), passed, detail: detail.to_owned() }
}

fn verified() -> OptimizeReport {
    let checks = [check("builds", true, ""), check("starts", true, ""), check("ports", true, "8000")];
    let probes = ["GET /", "GET /health", "GET /api/items", "POST /api/items", "GET /nope", "HEAD /"];
    OptimizeReport {
        context: "examples/py-flask".to_owned(),
        dockerfile: "Dockerfile".to_owned(),
        outcome: Outcome::Verified,
        baseline: Some(baseline()),
        result: Some(result()),
        proof: Proof {
            level: 4,
            required_level: 4,
            verified: true,
            checks: checks.into_iter().chain(probes.map(|name| check(name, true, "equal"))).collect(),
            not_checked: vec!["outbound calls".to_owned(), "behaviour after 30 s".to_owned()],
        },
        transforms: transforms(),
        files: vec![
            FileChange {
                path: "Dockerfile".to_owned(),
                diff: diff::unified("Dockerfile", Some(BEFORE), AFTER),
                ..FileChange::default()
            },
            FileChange {
                path: ".dockerignore".to_owned(),
                diff: diff::unified(".dockerignore", None, b".git\n*.log\n.env\n"),
                ..FileChange::default()
            },
        ],
        builds: 5,
        elapsed_seconds: 192.4,
        engine: Some(Engine { name: "docker".to_owned(), version: "28.5.2".to_owned() }),
        cache_growth_bytes: Some(1_203_100_000),
        next: Some("jettison optimize examples/py-flask --write".to_owned()),
        ..OptimizeReport::default()
    }
}

fn nothing_to_gain() -> OptimizeReport {
    OptimizeReport {
        outcome: Outcome::NothingToGain,
        baseline: Some(Side { secrets_found: vec![], junk: vec![], ..Side { ports: vec![8000], ..result() } }),
        result: None,
        transforms: transforms().into_iter().filter(|transform| transform.status == Status::NotApplicable).collect(),
        files: vec![],
        next: None,
        builds: 0,
        ..verified()
    }
}

fn nothing_proven() -> OptimizeReport {
    let mut report = verified();
    report.outcome = Outcome::NothingProven;
    report.result = None;
    report.files.clear();
    report.next = None;
    report.cut_short = Some("the limit of 20 builds is reached".to_owned());
    report.transforms.retain(|transform| transform.status != Status::NotApplicable);
    for transform in &mut report.transforms {
        transform.status = Status::Dropped;
        transform.reason = "GET /report: 500 instead of 200 (log: builds/4, line 212)".to_owned();
    }
    report
}

fn unverified() -> OptimizeReport {
    let mut report = verified();
    report.outcome = Outcome::Unverified;
    report.proof.level = 2;
    report.proof.verified = false;
    report.proof.checks = vec![check("ports", false, "none instead of 8000")];
    report.context = "a/rather/long/path/to/a/context/in/some/monorepo/with/services/py-flask".to_owned();
    report.next = Some("jettison optimize examples/py-flask --write --unverified".to_owned());
    report.warnings = vec!["the working tree has changes that are not committed: `jettison optimize --undo` will bring back what is there now".to_owned()];
    report
}

fn plan_only() -> OptimizeReport {
    let modelled = |side: Side| Side {
        evidence: Evidence::Modelled,
        cold_build_seconds: None,
        warm_build_seconds: None,
        compressed_bytes: None,
        ..side
    };
    let mut report = verified();
    report.outcome = Outcome::PlanOnly;
    report.baseline = Some(modelled(baseline()));
    report.result = Some(modelled(result()));
    report.proof = Proof::default();
    report.engine = None;
    report.transforms.iter_mut().for_each(|transform| transform.measured = None);
    report.next = Some("jettison optimize examples/py-flask".to_owned());
    report
}

fn written() -> OptimizeReport {
    let written = vec!["Dockerfile".to_owned(), ".dockerignore".to_owned(), "jettison.proof.json".to_owned()];
    OptimizeReport {
        written,
        next: Some("jettison optimize examples/py-flask --undo".to_owned()),
        files: vec![],
        ..verified()
    }
}

fn worse() -> OptimizeReport {
    let mut report = written();
    report.result = Some(Side { unpacked_bytes: Some(1_400_000_000), cold_build_seconds: Some(60.0), ..baseline() });
    report
}

/// Colour codes as readable marks.
fn marked(text: &str) -> String {
    text.replace("\x1b[0m", "⟨/⟩")
        .replace("\x1b[1m", "⟨b⟩")
        .replace("\x1b[2m", "⟨dim⟩")
        .replace("\x1b[32m", "⟨good⟩")
        .replace("\x1b[31m", "⟨bad⟩")
}

fn snapshot(name: &str, render: impl Fn(&Style) -> String) {
    for width in [80, 120] {
        let style = Style { width, ..Style::default() };
        let text = render(&style);
        for line in text.lines().filter(|line| !line.starts_with("   +") && !line.starts_with("   -")) {
            assert!(line.chars().count() <= width, "wraps at {width}: {line}");
            assert_eq!(line.trim_end(), line, "blanks at the end: {line:?}");
        }
        insta::assert_snapshot!(format!("{name}_{width}"), text);
    }
    let color = Style { color: true, width: 80, unicode: true };
    let plain = render(&Style { color: false, ..color });
    let colored = render(&color);
    insta::assert_snapshot!(format!("{name}_color"), marked(&colored));
    let mut stripped = marked(&colored);
    for mark in ["⟨/⟩", "⟨b⟩", "⟨dim⟩", "⟨good⟩", "⟨bad⟩"] {
        stripped = stripped.replace(mark, "");
    }
    assert_eq!(stripped, plain, "colour must only add colour");
}

#[test]
fn a_verified_result() {
    snapshot("verified", |style| optimize(&verified(), style));
}

#[test]
fn nothing_left_to_gain() {
    snapshot("nothing_to_gain", |style| optimize(&nothing_to_gain(), style));
}

#[test]
fn no_candidate_could_be_proven() {
    snapshot("nothing_proven", |style| optimize(&nothing_proven(), style));
}

#[test]
fn a_level_too_low() {
    snapshot("unverified", |style| optimize(&unverified(), style));
}

#[test]
fn a_plan_without_proof() {
    snapshot("plan_only", |style| optimize(&plan_only(), style));
}

#[test]
fn written_files() {
    snapshot("written", |style| optimize(&written(), style));
}

#[test]
fn numbers_that_got_worse() {
    snapshot("worse", |style| optimize(&worse(), style));
}

#[test]
fn ascii_only() {
    let text = optimize(&verified(), &Style { unicode: false, ..Style::default() });
    assert!(text.is_ascii(), "{text}");
    insta::assert_snapshot!("verified_ascii", text);
}

#[test]
fn an_empty_report_is_still_a_text() {
    for outcome in [Outcome::Verified, Outcome::NothingToGain, Outcome::PlanOnly] {
        let text = optimize(&OptimizeReport { outcome, ..OptimizeReport::default() }, &Style::default());
        assert!(text.ends_with("Nothing was changed.\n"), "{text}");
    }
}

#[test]
fn hostile_text_cannot_speak_to_the_terminal() {
    let mut report = verified();
    report.context = "x\x1b]0;owned\x07".to_owned();
    report.transforms[5].reason = "\x1b[2Jgone".to_owned();
    report.files[0].diff = "+\x1b[2J\n".to_owned();
    assert!(!optimize(&report, &Style::default()).contains('\x1b'));
}

#[test]
fn verify_names_the_claims_that_fail() {
    let claim = |name: &str, passed, detail: &str| Claim { name: name.to_owned(), passed, detail: detail.to_owned() };
    let mut report = VerifyReport {
        proof_file: "examples/py-flask/jettison.proof.json".to_owned(),
        holds: true,
        claims: vec![
            claim("inputs", true, "Dockerfile, .dockerignore and context as recorded"),
            claim("image, unpacked", true, "÷ 5.7: 1,270.4 MB → 221.0 MB"),
            claim("level", true, "4: builds, starts, same ports, same answers on 6 probes"),
        ],
        proof: Proof { level: 4, ..Proof::default() },
        elapsed_seconds: 95.0,
        engine: Some(Engine { name: "docker".to_owned(), version: "28.5.2".to_owned() }),
        warnings: vec!["python:3.12-slim has another digest than when the proof was made".to_owned()],
        ..VerifyReport::default()
    };
    snapshot("verify_holds", |style| verify(&report, style));
    report.holds = false;
    report.claims.push(claim(
        "GET /report",
        false,
        "recorded: 200 text/html, 1,204 bytes; now: 500 application/json with another body altogether",
    ));
    snapshot("verify_fails", |style| verify(&report, style));
}
