//! Requirements files.

use crate::memory::MemoryWorld;
use crate::requirements;

#[test]
fn follows_included_files() {
    let world = MemoryWorld::new()
        .with_file("req/dev.txt", "-r base.txt\n--constraint=../constraints.txt\npytest==8 # -r no.txt\n")
        .with_file(
            "req/base.txt",
            "flask==3 \\\n  --hash=sha256:00\n# ./local\nhttps://example.test/x.whl\n-r dev.txt\n",
        )
        .with_file("constraints.txt", "");
    let found = requirements(&world, "./req/dev.txt");
    assert_eq!(found.files, ["constraints.txt", "req/base.txt", "req/dev.txt"]);
    assert!(!found.local && !found.opaque);
}

#[test]
fn tells_local_requirements() {
    for line in ["-e .", ".", "./pkg[x]", "dist/x.whl", "-f wheels", "--editable=./a", "app @ file:///x"] {
        let world = MemoryWorld::new().with_file("requirements.txt", line);
        assert!(requirements(&world, "requirements.txt").local, "{line}");
    }
    for line in [
        "-e git+https://example.test/x#egg=x",
        "-i https://example.test",
        "--find-links=https://example.test",
        "a.b>=1",
    ] {
        let world = MemoryWorld::new().with_file("requirements.txt", line);
        assert!(!requirements(&world, "requirements.txt").local, "{line}");
    }
}

#[test]
fn what_cannot_be_read_is_opaque() {
    assert!(requirements(&MemoryWorld::new(), "requirements.txt").opaque);
    for line in ["-r missing.txt", "-r https://example.test/r.txt", "-r ../up.txt", "-r ${WHICH}.txt"] {
        let world = MemoryWorld::new().with_file("requirements.txt", line);
        assert!(requirements(&world, "requirements.txt").opaque, "{line}");
    }
}
