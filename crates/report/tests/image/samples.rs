//! Hand-made documents that several tests render: an image with everything in it, hostile names among its files.

use jettison_report::image::{
    Advice, AnalyzeReport, Asked, Avoidable, AvoidableKind, Blob, Causes, ConfigChange, DiffReport, DiffSide,
    Directory, Dive, DockerfileMatch, Efficiency, FileCounts, Goes, HistoryEntry, HistoryReport, ImageHead, ImageSizes,
    InspectReport, Layer, LayerChange, Package, PackageChange, PackageStatus, Presence, TreeChange, TreeCounts,
    TreeStatus, Warning, Waste, Why, WhyLayer, WhyLink, WhyPackage, WhyReport,
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

fn side(reference: &str, factor: u64) -> DiffSide {
    let sizes = sizes();
    DiffSide {
        image: ImageHead { reference: reference.to_owned(), ..head() },
        sizes: ImageSizes {
            apparent_bytes: sizes.apparent_bytes / factor,
            unpacked_bytes: sizes.unpacked_bytes / factor,
            compressed_bytes: sizes.compressed_bytes.map(|bytes| bytes / factor),
            ..sizes
        },
        layers: 8 / factor as usize,
        packages: 431 / factor as usize,
        files: 31_310 / factor,
    }
}

fn tree_change(path: &str, status: TreeStatus, before: Option<u64>, after: Option<u64>, what: &[&str]) -> TreeChange {
    TreeChange {
        path: path.to_owned(),
        status,
        from: (status == TreeStatus::Renamed).then(|| "/srv/old/place/of/the/model.bin".to_owned()),
        before_bytes: before,
        after_bytes: after,
        what: what.iter().map(|text| (*text).to_owned()).collect(),
    }
}

/// Two images that differ in everything.
pub fn difference() -> DiffReport {
    let layer = |status, a, b, bytes, instruction: &str| LayerChange {
        status,
        a,
        b,
        diff_id: None,
        unpacked_bytes: bytes,
        compressed_bytes: Some(bytes / 3),
        instruction: instruction.to_owned(),
    };
    let package = |name: &str, status, before: Option<&str>, after: Option<&str>, bytes| PackageChange {
        name: name.to_owned(),
        kind: "deb".to_owned(),
        status,
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
        bytes,
    };
    DiffReport {
        jettison_version: "0.1.0".to_owned(),
        a: side("shop/api:1.4", 1),
        b: side("shop/api:1.5", 4),
        same: false,
        layers: vec![
            layer(Presence::Same, Some(0), Some(0), 116_500_000, "FROM python:3.12"),
            layer(
                Presence::Removed,
                Some(4),
                None,
                511_900_000,
                "RUN apt-get update && apt-get install -y build-essential",
            ),
            layer(Presence::Added, None, Some(1), 21_000_000, "COPY --from=build /opt/venv /opt/venv"),
        ],
        config: vec![
            ConfigChange {
                field: "Cmd".to_owned(),
                before: Some("python app.py".into()),
                after: Some(serde_json::json!(["python", "app.py"])),
            },
            ConfigChange { field: "User".to_owned(), before: None, after: Some("app".into()) },
        ],
        packages: vec![
            package("build-essential", PackageStatus::Removed, Some("12.9"), None, -21_000),
            package("gcc-12", PackageStatus::Removed, Some("12.2.0-14"), None, -88_000_000),
            package("libssl3", PackageStatus::Upgraded, Some("3.0.14-1~deb12u1"), Some("3.0.15-1~deb12u1"), 4_096),
            package("tini", PackageStatus::Added, None, Some("0.19.0-1"), 51_000),
        ],
        file_counts: FileCounts {
            added: 1,
            removed: 2,
            changed: 1,
            renamed: 1,
            metadata: 1,
            added_bytes: 51_000,
            removed_bytes: 33_100_257,
            changed_bytes: 12,
        },
        files: vec![
            tree_change("/app/.env", TreeStatus::Removed, Some(257), None, &[]),
            tree_change("/app/app.py", TreeStatus::Changed, Some(9_000), Some(9_012), &[]),
            tree_change(
                "/app/run.sh",
                TreeStatus::Metadata,
                Some(120),
                Some(120),
                &["mode 0644 → 0755", "owner 0:0 → 1000:1000"],
            ),
            tree_change("/srv/model.bin", TreeStatus::Renamed, Some(57_000_000), Some(57_000_000), &[]),
            tree_change("/usr/bin/tini", TreeStatus::Added, None, Some(51_000), &[]),
            tree_change("/usr/lib/gcc/cc1", TreeStatus::Removed, Some(33_100_000), None, &[]),
        ],
        asked: vec![
            Asked { fail_on: "larger".to_owned(), found: false, detail: "952.8 MB smaller, unpacked".to_owned() },
            Asked { fail_on: "config".to_owned(), found: true, detail: "2 fields differ: Cmd, User".to_owned() },
        ],
        ..DiffReport::default()
    }
}

/// The steps of a small image.
pub fn steps() -> HistoryReport {
    let step = |created_by: &str, layer: Option<usize>, bytes: u64| HistoryEntry {
        created: Some("2026-05-04T03:02:01.123456789Z".to_owned()),
        created_by: created_by.to_owned(),
        comment: "buildkit.dockerfile.v0".to_owned(),
        empty_layer: layer.is_none(),
        layer,
        file_bytes: bytes,
        unpacked_bytes: bytes + bytes / 20,
        compressed_bytes: layer.map(|_| bytes / 3),
        ..HistoryEntry::default()
    };
    HistoryReport {
        image: head(),
        sizes: sizes(),
        history: vec![
            step("CMD [\"gunicorn\" \"app:app\"]", None, 0),
            step(
                "RUN /bin/sh -c apt-get update \t && apt-get install -y --no-install-recommends build-essential curl git ca-certificates && rm -rf /var/lib/apt/lists/* # buildkit",
                Some(1),
                511_900_000,
            ),
            step("/bin/sh -c #(nop) ADD file:4b0f in / ", Some(0), 116_500_000),
        ],
        ..HistoryReport::default()
    }
}

/// Everything that inspect shows.
pub fn inspection() -> InspectReport {
    InspectReport {
        reference: "shop/api:1.4".to_owned(),
        source: "docker".to_owned(),
        id: format!("sha256:{}", "0a1b".repeat(16)),
        repo_tags: vec!["shop/api:1.4".to_owned(), "shop/api:latest".to_owned()],
        created: Some("2026-05-04T03:02:01Z".to_owned()),
        config: serde_json::json!({"Env": ["PATH=/usr/local/bin:/usr/bin", "LANG=C.UTF-8"], "Cmd": ["gunicorn", "app:app"],
            "WorkingDir": "/app", "ExposedPorts": {"8000/tcp": {}}, "Labels": {"maintainer": "shop"}, "User": "", "Tty": false}),
        architecture: "amd64".to_owned(),
        os: "linux".to_owned(),
        size: 1_170_200_000,
        platform: "linux/amd64".to_owned(),
        sizes: sizes(),
        layers: vec![Blob {
            digest: Some(format!("sha256:{}", "7d".repeat(32))),
            diff_id: None,
            media_type: Some("application/vnd.oci.image.layer.v1.tar+gzip".to_owned()),
            compressed_bytes: Some(48_400_000),
            unpacked_bytes: 116_500_000,
        }],
        ..InspectReport::default()
    }
}

/// Why a compiler is in an image.
pub fn reason() -> WhyReport {
    let link = |kind: &str, name: &str, how: Option<&str>| WhyLink {
        kind: kind.to_owned(),
        name: name.to_owned(),
        how: how.map(str::to_owned),
        ..WhyLink::default()
    };
    let instruction = WhyLink {
        layer: Some(4),
        dockerfile_line: Some(4),
        ..link("instruction", "RUN apt-get update && apt-get install -y build-essential", None)
    };
    WhyReport {
        image: head(),
        asked: "/usr/lib/gcc/x86_64-linux-gnu/12/cc1".to_owned(),
        dockerfile: Some("Dockerfile".to_owned()),
        answers: vec![Why {
            kind: "file".to_owned(),
            name: "/usr/lib/gcc/x86_64-linux-gnu/12/cc1".to_owned(),
            bytes: 33_100_000,
            compressed_bytes: Some(9_200_000),
            files: 1,
            layers: vec![
                WhyLayer {
                    layer: 4,
                    digest: None,
                    action: "added".to_owned(),
                    bytes: 33_100_000,
                    instruction: "RUN apt-get update && apt-get install -y build-essential".to_owned(),
                    dockerfile_line: Some(4),
                },
                WhyLayer {
                    layer: 7,
                    action: "modified".to_owned(),
                    instruction: "RUN chown -R app /usr".to_owned(),
                    dockerfile_line: Some(9),
                    ..WhyLayer::default()
                },
            ],
            package: Some(WhyPackage {
                name: "cpp-12".to_owned(),
                version: "12.2.0-14".to_owned(),
                kind: "deb".to_owned(),
            }),
            chain: vec![
                instruction,
                link("package", "build-essential", Some("installs")),
                link("package", "gcc", Some("depends")),
                link("package", "cpp-12", Some("recommends")),
                link("path", "/usr/lib/gcc/x86_64-linux-gnu/12/cc1", Some("owns")),
            ],
            goes: Some(Goes {
                packages: vec!["cpp-12".to_owned(), "gcc-12".to_owned()],
                bytes: 212_400_000,
                compressed_bytes: Some(70_000_000),
                evidence: Evidence::Modelled,
                blocked_by: vec!["build-essential".to_owned(), "g++".to_owned()],
            }),
            ..Why::default()
        }],
        ..WhyReport::default()
    }
}
