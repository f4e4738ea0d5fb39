//! Hand-made documents that several tests render: an image with everything in it, hostile names among its files.

use jettison_report::image::{
    Advice, AnalyzeReport, Avoidable, AvoidableKind, Causes, Directory, Dive, DockerfileMatch, Efficiency, ImageHead,
    ImageSizes, Layer, Package, TreeCounts, Warning, Waste,
};
use jettison_report::{Budget, BudgetStatus, Evidence};

/// A name that tries to end a script, to colour a terminal, and to turn its own reading round.
pub const HOSTILE: &str = "/srv/\u{202e}gpj.</script><img src=x onerror=alert(1)>\u{1b}[2J|`x`\n.exe";

pub fn head() -> ImageHead {
    ImageHead {
        reference: "shop/api:1.4".to_owned(),
        source: "docker".to_owned(),
        digest: Some(format!("sha256:{}", "3f1c".repeat(16))),
        config_digest: Some(format!("sha256:{}", "0a1b".repeat(16))),
        media_type: Some("application/vnd.oci.image.manifest.v1+json".to_owned()),
        platform: "linux/amd64".to_owned(),
        created: Some("2026-05-04T03:02:01Z".to_owned()),
        user: String::new(),
        entrypoint: Vec::new(),
        cmd: vec!["gunicorn".to_owned(), "app:app".to_owned()],
        env: vec!["PATH=/usr/local/bin:/usr/bin".to_owned()],
        exposed_ports: vec!["8000/tcp".to_owned()],
        working_dir: "/app".to_owned(),
    }
}

pub fn sizes() -> ImageSizes {
    ImageSizes {
        apparent_bytes: 1_170_200_000,
        unpacked_bytes: 1_270_400_000,
        compressed_bytes: Some(442_100_000),
        compressed_evidence: Evidence::Measured,
        file_compressed_evidence: Evidence::Modelled,
    }
}

pub fn layer(index: usize, bytes: u64, line: Option<u32>, instruction: &str) -> Layer {
    Layer {
        index,
        digest: Some(format!("sha256:{index:064x}")),
        diff_id: Some(format!("sha256:{:064x}", index + 100)),
        media_type: Some("application/vnd.oci.image.layer.v1.tar+gzip".to_owned()),
        compressed_bytes: Some(bytes / 3),
        unpacked_bytes: bytes,
        file_bytes: bytes - bytes / 20,
        entries: 120,
        files_added: 100,
        created_by: format!("{instruction} # buildkit"),
        instruction: instruction.to_owned(),
        base: Some(line.is_none()),
        dockerfile_line: line,
        ..Layer::default()
    }
}

fn waste(path: &str, causes: Causes, count: u64, layer: usize) -> Waste {
    let bytes = causes.deleted + causes.overwritten + causes.metadata_only + causes.duplicate;
    Waste { path: path.to_owned(), causes, bytes, compressed_bytes: Some(bytes / 3), count, layers: vec![layer] }
}

fn avoidable(path: &str, kind: AvoidableKind, bytes: u64, line: u32) -> Avoidable {
    Avoidable {
        path: path.to_owned(),
        kind,
        bytes,
        compressed_bytes: Some(bytes - bytes / 20),
        layers: vec![5],
        dockerfile_line: Some(line),
        evidence: Evidence::Modelled,
    }
}

fn package(name: &str, version: &str, bytes: u64, exclusive: u64, with: &[&str]) -> Package {
    Package {
        name: name.to_owned(),
        version: version.to_owned(),
        kind: "deb".to_owned(),
        bytes,
        exclusive_bytes: exclusive,
        exclusive_packages: with.iter().map(|name| (*name).to_owned()).collect(),
        unreached: Some(true),
        layer: Some(4),
    }
}

fn directory(path: &str, depth: usize, bytes: u64, files: u64) -> Directory {
    Directory { path: path.to_owned(), depth, bytes, compressed_bytes: Some(bytes / 3), files }
}

fn advice(id: &str, message: &str, bytes: u64, see: &str) -> Advice {
    Advice {
        id: id.to_owned(),
        message: message.to_owned(),
        bytes,
        compressed_bytes: Some(bytes / 3),
        evidence: Evidence::Modelled,
        see: Some(see.to_owned()),
    }
}

fn layers() -> Vec<Layer> {
    let mut layers = vec![
        layer(0, 116_500_000, None, "FROM python:3.12"),
        layer(
            1,
            211_000_000,
            None,
            "RUN set -eux; apt-get update; apt-get install -y --no-install-recommends ca-certificates",
        ),
        layer(2, 75_300_000, None, "RUN set -eux; savedAptMark=\"$(apt-mark showmanual)\""),
        layer(3, 1_536, Some(3), "WORKDIR /app"),
        layer(4, 511_900_000, Some(4), "RUN apt-get update && apt-get install -y build-essential"),
        layer(5, 160_200_000, Some(7), "RUN pip install -r requirements.txt"),
        layer(6, 79_100_000, Some(8), "COPY . ."),
        layer(7, 116_398_464, Some(9), "RUN rm -rf /usr/share/doc && chown -R app /app"),
    ];
    layers[4].wasted_bytes = 61_200_000;
    layers[4].avoidable_bytes = 212_400_000;
    layers[5].avoidable_bytes = 61_000_000;
    layers[6].wasted_bytes = 57_200_000;
    layers
}

/// An image with something of everything.
pub fn analysis() -> AnalyzeReport {
    let causes = |deleted, metadata_only| Causes { deleted, metadata_only, ..Causes::default() };
    let mut wasted = vec![waste("/app/data/model.bin", causes(0, 57_000_000), 1, 6)];
    wasted.extend((0..120).map(|n| waste(&format!("/usr/share/doc/p{n:03}/copyright"), causes(510_000, 0), 1, 4)));
    wasted.push(waste(HOSTILE, causes(200_000, 0), 1, 6));
    AnalyzeReport {
        jettison_version: "0.1.0".to_owned(),
        image: head(),
        sizes: sizes(),
        layers: layers(),
        efficiency: Efficiency {
            score: 0.9081,
            total_file_bytes: 1_288_600_000,
            final_bytes: 1_170_200_000,
            wasted_bytes: 118_400_000,
            wasted_by_cause: causes(61_400_000, 57_000_000),
        },
        tree: TreeCounts { names: 31_310, regular_inodes: 31_204, directories: 4_102 },
        directories: vec![
            directory("/usr", 0, 812_400_000, 24_012),
            directory("/usr/lib/x86_64-linux-gnu", 1, 310_100_000, 2_100),
            directory("/usr/lib/gcc", 1, 212_400_000, 310),
            directory("/usr/local/lib/python3.12/site-packages", 1, 140_200_000, 8_800),
            directory("/app", 0, 79_000_000, 1_204),
            directory("/app/.git", 1, 31_000_000, 900),
        ],
        dive: Dive { efficiency: Some(0.9412), wasted_bytes: Some(171_000_000), user_wasted_percent: Some(0.19) },
        waste: wasted,
        avoidable: vec![
            avoidable("/usr/lib/gcc", AvoidableKind::BuildTool, 212_400_000, 4),
            avoidable("/root/.cache/pip", AvoidableKind::PackageCache, 61_000_000, 7),
            avoidable("/app/.git", AvoidableKind::Vcs, 31_000_000, 8),
            avoidable("/app/.env", AvoidableKind::Secret, 257, 8),
        ],
        packages: vec![
            package("build-essential", "12.9", 21_000, 402_100_000, &["gcc", "g++", "make", "dpkg-dev"]),
            package("gcc-12", "12.2.0-14+deb12u1", 88_000_000, 212_400_000, &["cpp-12"]),
            package("libc6", "2.36-9+deb12u10", 12_900_000, 12_900_000, &[]),
        ],
        findings: vec![
            advice("build-tools-shipped", "leave the build tools in a stage of their own", 402_100_000, "multi-stage"),
            advice("pip-cache-kept", "pip keeps its cache in the layer: use a cache mount", 61_000_000, "cache-mount"),
            advice("metadata-copy", "COPY --chown instead of chown in a layer of its own", 57_000_000, "copy-chown"),
        ],
        dockerfile: Some(DockerfileMatch {
            path: "Dockerfile".to_owned(),
            found: true,
            stage: None,
            matched_layers: 5,
            own_layers: 5,
        }),
        warnings: vec![Warning {
            class: "dangling_hardlink".to_owned(),
            layer: Some(6),
            path: Some("/app/node_modules/.bin/x".to_owned()),
        }],
        ..AnalyzeReport::default()
    }
}

/// What `--ci` asked of it.
pub fn budgets() -> Vec<Budget> {
    let budget = |rule: &str, from: &str, status, limit: &str, actual: &str| Budget {
        rule: rule.to_owned(),
        from: from.to_owned(),
        status,
        limit: limit.to_owned(),
        actual: actual.to_owned(),
        note: None,
    };
    let mut budgets = vec![
        budget("max-size", "--max-size", BudgetStatus::Failed, "≤ 500.0 MB", "1,270.4 MB unpacked"),
        budget("lowestEfficiency", ".dive-ci", BudgetStatus::Passed, "≥ 0.9", "0.9412"),
        budget("highestUserWastedPercent", ".dive-ci", BudgetStatus::Disabled, "disabled", "0.19"),
    ];
    budgets[1].note = Some("by dive's count; jettison's score is 90.8 %".to_owned());
    budgets
}
