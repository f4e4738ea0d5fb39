//! Scripts of which nothing can be said, told apart at the cost of one look over their bytes: commands that no code is about, with
//! arguments in which the shell has nothing to do, joined by `&&`. Many RUNs are like that.

/// Commands that no code is about, whatever plain arguments they get.
const COMMANDS: [&str; 72] = [
    "Rscript",
    "a2enmod",
    "add-apt-repository",
    "addgroup",
    "adduser",
    "apk",
    "apt",
    "apt-get",
    "apt-key",
    "apt-mark",
    "bower",
    "bundle",
    "cargo",
    "chgrp",
    "chmod",
    "chown",
    "cmake",
    "composer",
    "conda",
    "cp",
    "curl",
    "dnf",
    "docker-php-ext-configure",
    "docker-php-ext-enable",
    "docker-php-ext-install",
    "dotnet",
    "dpkg",
    "gem",
    "git",
    "go",
    "gradle",
    "groupadd",
    "install",
    "ldconfig",
    "ln",
    "locale-gen",
    "make",
    "mamba",
    "microdnf",
    "mkdir",
    "mv",
    "mvn",
    "ng",
    "node",
    "npm",
    "npx",
    "pear",
    "pecl",
    "php",
    "pip",
    "pip2",
    "pip3",
    "pipenv",
    "pnpm",
    "poetry",
    "python",
    "python2",
    "python3",
    "rm",
    "rpm",
    "rustup",
    "sleep",
    "tar",
    "touch",
    "true",
    "unzip",
    "useradd",
    "usermod",
    "uv",
    "wget",
    "yarn",
    "yum",
];

/// Whether nothing can be said of a script (without its interpreter line).
pub(crate) fn is_plain(script: &str) -> bool {
    let is_quiet = |byte: u8| byte.is_ascii_alphanumeric() || b" \t_./:+,@%^-=&".contains(&byte);
    let script = script.trim_ascii();
    !script.is_empty() && script.bytes().all(is_quiet) && commands(script)
}

/// Whether all commands are harmless; `cd` is where something follows that needs it to work.
fn commands(script: &str) -> bool {
    let mut commands = script.split("&&").peekable();
    while let Some(command) = commands.next() {
        let name = command.split_ascii_whitespace().next().unwrap_or_default();
        let is_known = COMMANDS.binary_search(&name).is_ok() || name == "cd" && commands.peek().is_some();
        if !is_known || command.contains('&') {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(COMMANDS.is_sorted());
    }

    #[test]
    fn only_commands_of_the_list_with_quiet_arguments_are_plain() {
        for script in [
            "apt-get update && apt-get install -y curl=7.88.1-10+deb12u5",
            " mkdir -p /srv/app && cd /srv/app && make  -j4 ",
            "npm install --unsafe-perm=true @scope/name@^1.2",
        ] {
            assert!(is_plain(script), "{script}");
        }
        for script in [
            "",
            "cd /srv",
            "make && cd /srv",
            "make & make",
            "make &&& make",
            "&& make",
            "make &&",
            "rm *.deb",
            "a=1 make",
            "mkdir $a",
            "make; make",
            "make | make",
            "ls /a",
            "make 'a'",
            "make\ncd /a",
            "make # a",
            "make ~",
            "mkdir {a,b}",
            "make > a",
            "source /a",
        ] {
            assert!(!is_plain(script), "{script}");
        }
    }
}
