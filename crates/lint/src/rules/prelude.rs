//! What nearly every rule uses.

pub(crate) use jettison_dockerfile::stages::Base;
pub(crate) use jettison_dockerfile::{Form, Instruction, Keyword};
pub(crate) use jettison_ecosystems::Tool;
pub(crate) use jettison_facts::steps::{Arg, Arguments, Call, Step};
pub(crate) use jettison_model::{Edit, FixSafety, Severity, Span};

pub(crate) use crate::info::{Category, FixKind, Part, Roles, RuleInfo};
pub(crate) use crate::settings::Role;
pub(crate) use crate::sheet::{
    Compiler, compiler, is_build_package, is_expensive, is_shell, name_of, reads, system_packages, words_of,
};
pub(crate) use crate::sheet::{Distro, Found, Sheet, Shell, Sink};
