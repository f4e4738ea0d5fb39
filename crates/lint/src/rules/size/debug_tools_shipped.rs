//! # debug-tools-shipped
//!
//! ## What it does
//! Finds editors, debuggers and network tools that a shipped stage installs.
//!
//! ## Why is this bad?
//! They ship, and serve whoever gets in.
//!
//! ## Example
//! ```dockerfile bad
//! FROM debian:12
//! RUN apt-get update && apt-get install -y vim nginx && rm -rf /var/lib/apt/lists/*
//! ```
//! ```dockerfile good
//! FROM debian:12
//! RUN apt-get update && apt-get install -y nginx && rm -rf /var/lib/apt/lists/*
//! ```
//!
//! ## Fix safety
//! No fix here: `jettison optimize` looks for what calls them, and proves that the program works without.
//!
//! ## References
//! <https://docs.docker.com/build/building/best-practices/#dont-install-unnecessary-packages>

use super::super::prelude::*;
use crate::sheet::weights;

pub(super) const RULE: RuleInfo = RuleInfo {
    aliases: &["t:php/no-xdebug-in-final-image"],
    roles: Roles::SHIPPED,
    ..RuleInfo::new("debug-tools-shipped", Category::Size, Severity::Info, "editors and debuggers ship")
};

const TOOLS: [&str; 22] = [
    "vim",
    "vim-tiny",
    "vim-nox",
    "nano",
    "emacs",
    "emacs-nox",
    "neovim",
    "strace",
    "ltrace",
    "gdb",
    "tcpdump",
    "telnet",
    "net-tools",
    "man-db",
    "htop",
    "tmux",
    "screen",
    "iputils-ping",
    "dnsutils",
    "nmap",
    "lsof",
    "mc",
];

pub(super) fn check(sheet: &Sheet<'_>, sink: &mut Sink<'_>) {
    for (step, call) in sheet.calls() {
        let system = matches!(call.tool, Some(Tool::Apt | Tool::Apk | Tool::Dnf | Tool::Yum | Tool::Zypper));
        let arguments = Arguments::of(call);
        if !system || !arguments.does(&["install", "add", "in"]) {
            continue;
        }
        let tools: Vec<&&Arg<'_>> = arguments
            .rest()
            .iter()
            .filter(|arg| TOOLS.contains(&arg.text().split('=').next().unwrap_or_default()))
            .collect();
        if let Some(first) = tools.first() {
            let names: Vec<String> = tools.iter().map(|arg| format!("`{}`", arg.text())).collect();
            let verb = if names.len() == 1 { "ships" } else { "ship" };
            let wanted: Vec<&str> = tools.iter().map(|arg| arg.text().split('=').next().unwrap_or_default()).collect();
            let among = system_packages(call);
            let bytes = step.stage.and_then(|stage| weights::debian_packages(sheet, stage, &wanted, &among));
            let found = Found::at(step, first.span(), format!("{} {verb}, for people only", names.join(", ")));
            sink.push(found.likely().costs_modelled(bytes.map(|(installed, _)| installed)));
        }
    }
}
