//! Package databases: what is installed, what it needs, what it owns.

use super::os_release::os_release;
use super::*;

const STATUS: &str = "\
Package: python3
Status: install ok installed
Installed-Size: 80
Version: 3.11.2-1+b1
Provides: python3-profiler, python3-supported-min (= 3.11)
Pre-Depends: python3-minimal (= 3.11.2-1+b1)
Depends: python3.11 (>= 3.11.2-1~), libpython3-stdlib:any |
 libpython3-other [amd64],
 mail-agent <!nocheck>
Recommends: ca-certificates

Package: gone
Status: deinstall ok config-files
Version: 1

Package: half
Status: install ok half-installed
Version: 1
";

#[test]
fn reads_installed_packages_only() {
    let packages = parse_dpkg_status(STATUS);
    assert_eq!(packages.iter().map(|package| package.name.as_str()).collect::<Vec<_>>(), ["python3"]);
    let python = &packages[0];
    assert_eq!((python.version.as_str(), python.installed_bytes), ("3.11.2-1+b1", 80 * 1024));
    assert_eq!(python.provides, ["python3-profiler", "python3-supported-min"]);
    let depends: Vec<Vec<&str>> =
        python.depends.iter().map(|names| names.iter().map(String::as_str).collect()).collect();
    assert_eq!(
        depends,
        [
            vec!["python3-minimal"],
            vec!["python3.11"],
            vec!["libpython3-stdlib", "libpython3-other"],
            vec!["mail-agent"]
        ]
    );
    assert_eq!(python.recommends, [["ca-certificates"]]);
}

#[test]
fn reads_apk_packages_with_their_files() {
    let text = "C:Q1x=\nP:musl\nV:1.2.4-r2\nI:622592\nD:so:libx.so.1 busybox>=1.36 !old\np:so:libc.musl-x86_64.so.1=1\nF:lib\nR:ld-musl-x86_64.so.1\nF:etc\n\nP:busybox\nV:1\nF:bin\nR:sh\n";
    let packages = parse_apk_installed(text);
    assert_eq!(packages.len(), 2);
    assert_eq!(packages[0].files, ["/etc", "/usr/lib", "/usr/lib/ld-musl-x86_64.so.1"]);
    assert_eq!(packages[0].depends, [["so:libx.so.1"], ["busybox"]]);
    assert_eq!((packages[0].provides[0].as_str(), packages[0].installed_bytes), ("so:libc.musl-x86_64.so.1", 622_592));
    assert_eq!(packages[1].files, ["/usr/bin", "/usr/bin/sh"]);
}

#[test]
fn reads_os_release_with_and_without_quotes() {
    let os = os_release(
        "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID='12'\nVERSION_CODENAME=bookworm\n# x\n",
    );
    assert_eq!((os.id.as_str(), os.version_id.as_str(), os.codename.as_str()), ("debian", "12", "bookworm"));
    assert_eq!(os.pretty, "Debian GNU/Linux 12 (bookworm)");
}
