//! Commands and their options, as far as one must know them to find the verb and the operands of a call. Constants, not rows of a
//! data file: they follow the manual pages, which change seldom, and nothing has to be read before a file is judged.

/// A command whose arguments we can take apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Tool {
    Apk,
    Apt,
    Bundle,
    Cargo,
    Composer,
    Conda,
    Curl,
    Dnf,
    Gem,
    Git,
    Go,
    Ln,
    Npm,
    Npx,
    Pacman,
    Pip,
    Pipenv,
    Pipx,
    Pnpm,
    Poetry,
    Python,
    Rm,
    Useradd,
    Uv,
    Wget,
    Yarn,
    Yum,
    Zypper,
}

/// Options of pip that take the next word.
#[rustfmt::skip]
const PIP: &[&str] = &[
    "--abi", "--build", "--cache-dir", "--cert", "--client-cert", "--config-settings", "--constraint", "--editable",
    "--exists-action", "--extra-index-url", "--find-links", "--global-option", "--group", "--hash",
    "--implementation", "--index-url", "--install-option", "--keyring-provider", "--log", "--no-binary",
    "--only-binary", "--platform", "--prefix", "--progress-bar", "--proxy", "--pypi-url", "--python",
    "--python-version", "--report", "--requirement", "--resume-retries", "--retries", "--root",
    "--root-user-action", "--src", "--target", "--timeout", "--trusted-host", "--upgrade-strategy",
    "--use-deprecated", "--use-feature", "-r", "-c", "-e", "-t", "-i", "-f", "-C", "-b", "-d", "--dest", "-w",
    "--wheel-dir",
];

#[rustfmt::skip]
const RPM: &[&str] = &[
    "-c", "--config", "-d", "--debuglevel", "-e", "--errorlevel", "-x", "--exclude", "--excludepkgs",
    "--installroot", "--releasever", "--enablerepo", "--disablerepo", "--setopt", "--repo", "--repoid",
    "--rpmverbosity", "--color", "--comment", "--disableplugin", "--enableplugin", "--repofrompath", "--advisory",
    "--bz", "--cve", "--forcearch", "--downloaddir", "--destdir", "-R", "--randomwait", "--sec-severity",
];

#[rustfmt::skip]
const NODE: &[&str] = &[
    "--cache", "--include", "--loglevel", "--omit", "--only", "--registry", "--userconfig", "--network-timeout",
    "--cache-folder", "--reporter", "--fetch-retries", "--fetch-timeout", "--maxsockets", "--mutex", "--prefix",
    "-C", "--dir", "--cwd", "-w", "--workspace", "--filter", "-F", "--modules-folder", "--store-dir", "--location",
    "--tag", "--script-shell", "--arch", "--platform", "--target", "--depth", "--install-strategy",
];

#[rustfmt::skip]
const CURL: &[&str] = &[
    "-o", "--output", "-H", "--header", "-d", "--data", "--data-binary", "--data-raw", "--data-urlencode", "-X",
    "--request", "-u", "--user", "-A", "--user-agent", "-e", "--referer", "-b", "--cookie", "-c", "--cookie-jar",
    "-m", "--max-time", "-x", "--proxy", "-F", "--form", "-T", "--upload-file", "-w", "--write-out", "-K",
    "--config", "-E", "--cert", "--cacert", "--capath", "--key", "-C", "--continue-at", "-D", "--dump-header", "-r",
    "--range", "-y", "-Y", "-z", "--time-cond", "--retry", "--retry-delay", "--retry-max-time", "--connect-timeout",
    "--limit-rate", "--output-dir", "--url", "--resolve", "--ciphers", "--tls-max", "--max-redirs", "--proto",
    "--speed-limit", "--speed-time", "--interface", "--create-file-mode", "--proto-default", "--max-filesize",
    "--oauth2-bearer",
];

#[rustfmt::skip]
const WGET: &[&str] = &[
    "-O", "--output-document", "-o", "--output-file", "-a", "--append-output", "-P", "--directory-prefix", "-U",
    "--user-agent", "--header", "-t", "--tries", "-T", "--timeout", "-w", "--wait", "-i", "--input-file",
    "--post-data", "--user", "--password", "--http-user", "--http-password", "-e", "--execute", "-A", "--accept",
    "-R", "--reject", "-D", "--domains", "-l", "--level", "--cut-dirs", "--progress", "--ca-certificate",
    "--secure-protocol", "--limit-rate", "--referer", "-Q", "--retry-connrefused-wait", "--waitretry",
    "--dns-timeout", "--connect-timeout", "--read-timeout", "-B", "--base", "--load-cookies", "--save-cookies",
    "--method", "--body-data",
];

#[rustfmt::skip]
const USERADD: &[&str] = &[
    "-u", "--uid", "-g", "--gid", "-G", "--groups", "-d", "--home-dir", "--home", "-s", "--shell", "-c",
    "--comment", "-b", "--base-dir", "-e", "--expiredate", "-f", "--inactive", "-k", "--skel", "-K", "--key", "-p",
    "--password", "-R", "--root", "-P", "--prefix", "-Z", "--selinux-user",
];

#[rustfmt::skip]
const ZYPPER: &[&str] = &[
    "-R", "--root", "-p", "--plus-repo", "--config", "--reposd-dir", "-C", "--cache-dir", "--plus-content", "-t",
    "--type", "-r", "--repo", "--from", "--capability", "--name", "--installroot", "--gpg-auto-import",
    "--solver-focus",
];

impl Tool {
    /// The tool that a command's name (without folder) starts.
    pub fn of(name: &str) -> Option<Self> {
        Some(match name {
            "apk" => Self::Apk,
            "apt-get" | "apt" | "aptitude" => Self::Apt,
            "bundle" | "bundler" => Self::Bundle,
            "cargo" => Self::Cargo,
            "composer" | "composer.phar" => Self::Composer,
            "conda" | "mamba" | "micromamba" => Self::Conda,
            "curl" => Self::Curl,
            "dnf" | "dnf5" | "dnf-3" | "microdnf" | "tdnf" => Self::Dnf,
            "gem" => Self::Gem,
            "git" => Self::Git,
            "go" => Self::Go,
            "ln" => Self::Ln,
            "npm" => Self::Npm,
            "npx" => Self::Npx,
            "pacman" => Self::Pacman,
            "pipenv" => Self::Pipenv,
            "pipx" => Self::Pipx,
            "pnpm" => Self::Pnpm,
            "poetry" => Self::Poetry,
            "rm" => Self::Rm,
            "useradd" => Self::Useradd,
            "uv" => Self::Uv,
            "wget" => Self::Wget,
            "yarn" | "yarnpkg" => Self::Yarn,
            "yum" => Self::Yum,
            "zypper" => Self::Zypper,
            _ if is_version_of(name, "pip") => Self::Pip,
            _ if is_version_of(name, "python") => Self::Python,
            _ => return None,
        })
    }

    /// Options that take the next word where no `=` gives the value.
    #[rustfmt::skip]
    pub const fn with_value(self) -> &'static [&'static str] {
        match self {
            Self::Apk => &[
                "-X", "--repository", "-p", "--root", "-t", "--virtual", "--arch", "--cache-dir", "--cache-max-age",
                "--keys-dir", "--repositories-file", "--wait", "--timeout", "--progress-fd",
            ],
            Self::Apt => &[
                "-o", "--option", "-c", "--config-file", "-t", "--target-release", "--default-release", "-a",
                "--host-architecture",
            ],
            Self::Bundle => &["--jobs", "-j", "--retry", "--path", "--without", "--with", "--gemfile", "--binstubs"],
            Self::Cargo => &[
                "--version", "--vers", "--git", "--branch", "--tag", "--rev", "--path", "--root", "--features",
                "-F", "--target", "--target-dir", "--bin", "-p", "--package", "--profile", "-j", "--jobs",
                "--config", "--manifest-path", "--registry", "--index", "-Z",
            ],
            Self::Composer => &["-d", "--working-dir", "--prefer-install", "--ignore-platform-req"],
            Self::Conda => &["-n", "--name", "-p", "--prefix", "-c", "--channel", "-f", "--file", "--solver"],
            Self::Curl => CURL,
            Self::Dnf | Self::Yum => RPM,
            Self::Gem => &[
                "-v", "--version", "-i", "--install-dir", "-n", "--bindir", "--platform", "-P", "--trust-policy",
                "--document", "-s", "--source", "-g", "--file", "-p", "--http-proxy", "--without", "--build-root",
            ],
            Self::Git => &["-C", "-c", "--git-dir", "--work-tree", "-b", "--branch", "--depth", "-o", "--origin", "-j"],
            Self::Go => &[
                "-o", "-p", "-ldflags", "-tags", "-mod", "-modfile", "-gcflags", "-asmflags", "-buildmode", "-exec",
                "-installsuffix", "-pkgdir", "-C", "-toolexec", "-overlay",
            ],
            Self::Ln => &["-S", "--suffix", "-t", "--target-directory"],
            Self::Npm | Self::Npx | Self::Pnpm | Self::Yarn => NODE,
            Self::Pacman => &["-b", "--dbpath", "-r", "--root", "--cachedir", "--config", "--arch", "--ignore"],
            Self::Pip => PIP,
            Self::Pipenv => &["--python", "-r", "--requirements", "--categories", "-i", "--index", "--pypi-mirror"],
            Self::Pipx => &["--pip-args", "--python", "--index-url", "-i", "--suffix"],
            Self::Poetry => {
                &["--with", "--without", "--only", "-E", "--extras", "-C", "--directory", "-P", "--project"]
            }
            Self::Python => &["-m", "-c", "-W", "-X"],
            Self::Rm => &[],
            Self::Useradd => USERADD,
            Self::Uv => &["--python", "-p", "--extra", "--group", "--index-url", "--cache-dir", "--directory", "-r"],
            Self::Wget => WGET,
            Self::Zypper => ZYPPER,
        }
    }

    /// Whether long options begin with one dash.
    pub const fn has_single_dashes(self) -> bool {
        matches!(self, Self::Go)
    }
}

/// `pip`, `pip3`, `pip3.12`.
fn is_version_of(name: &str, tool: &str) -> bool {
    let rest = name.strip_prefix(tool);
    rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}

#[cfg(test)]
mod tests {
    use super::Tool;

    #[test]
    fn names_with_versions_are_the_same_tool() {
        assert_eq!(
            (Tool::of("pip3.12"), Tool::of("python3"), Tool::of("pipx")),
            (Some(Tool::Pip), Some(Tool::Python), Some(Tool::Pipx))
        );
        assert_eq!(Tool::of("pipeline"), None);
    }
}
