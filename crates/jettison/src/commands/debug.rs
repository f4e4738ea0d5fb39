//! `jettison debug parse`: the syntax tree, what BuildKit would say to the file, and whether the tree prints as the file.

use std::path::Path;

use jettison_dockerfile::stages::StageGraph;
use jettison_dockerfile::{
    Diagnostic, DiagnosticKind, Dockerfile, Flag, Form, Heredoc, Instruction, Item, Phase, Word, dispatch, parse,
};
use jettison_model::{LineIndex, Span};
use serde_json::{Value, json};

use crate::cli::{DebugArgs, DebugCommand, ParseArgs, TreeFormat};
use crate::failure::Failure;
use crate::output;

/// Version of the document of `--format json`.
const SCHEMA_VERSION: &str = "1.0.0";

/// Runs it. An unreadable file counts more than a refused one, and both are found out for all files.
pub fn run(args: &DebugArgs) -> Result<u8, Failure> {
    let DebugCommand::Parse(args) = &args.command;
    let (mut code, mut documents) = (0, Vec::new());
    let mut failure = None;
    for path in &args.files {
        match std::fs::read(path) {
            Ok(source) => {
                let file = File::new(path, source);
                code = code.max(u8::from(file.is_refused()));
                failure = file.say(args, &mut documents)?.or(failure);
            }
            Err(error) => failure = Some(Failure::new(format!("{}: {error}", path.display()))),
        }
    }
    if args.format == TreeFormat::Json {
        let document = json!({"schema_version": SCHEMA_VERSION, "command": "debug parse", "files": documents});
        output::stdout(&format!("{document:#}\n"))?;
    }
    failure.map_or(Ok(code), Err)
}

struct File<'a> {
    path: &'a Path,
    source: Vec<u8>,
    dockerfile: Dockerfile,
    /// All phases.
    diagnostics: Vec<Diagnostic>,
    lines: LineIndex,
}

impl<'a> File<'a> {
    fn new(path: &'a Path, source: Vec<u8>) -> Self {
        let dockerfile = parse(&source[..]);
        let graph = StageGraph::new(&dockerfile, &Default::default(), "amd64");
        let mut diagnostics = dockerfile.diagnostics().to_vec();
        diagnostics.extend(dispatch::refusals(&dockerfile, &graph));
        let lines = LineIndex::new(&source);
        Self { path, source, dockerfile, diagnostics, lines }
    }

    fn is_refused(&self) -> bool {
        self.diagnostics.iter().any(|one| one.kind == DiagnosticKind::Error)
    }

    /// Prints what was asked for; the failure is a tree that does not print as its file.
    fn say(&self, args: &ParseArgs, documents: &mut Vec<Value>) -> Result<Option<Failure>, Failure> {
        let printed = self.dockerfile.print();
        let differs = printed != self.source;
        if args.roundtrip {
            output::bytes(&printed)?;
        } else if args.format == TreeFormat::Json {
            documents.push(self.document());
        } else {
            output::stdout(&self.text(args.files.len() > 1))?;
        }
        let what =
            || Failure::new(format!("{}: the tree does not print as the file; this is a bug", self.path.display()));
        Ok(differs.then(what))
    }

    fn text(&self, with_name: bool) -> String {
        let name = if with_name { format!("{}\n", self.path.display()) } else { String::new() };
        let found = self.diagnostics.iter().filter(|one| one.phase == Phase::Dispatch);
        let found: String = found
            .map(|one| format!("{:?}: {} {}..{}\n", one.kind, one.message, one.span.start, one.span.end))
            .collect();
        format!("{name}{}{found}", self.dockerfile.tree())
    }

    fn document(&self) -> Value {
        let items: Vec<Value> = self.dockerfile.items().iter().map(|item| self.item(item)).collect();
        let directives = self.dockerfile.directives().iter();
        let directives: Vec<Value> =
            directives.map(|one| self.node(one.span, json!({"name": one.name, "value": one.value}))).collect();
        json!({
            "path": self.path.display().to_string(),
            "refused": self.is_refused(),
            "escape": self.dockerfile.escape().to_string(),
            "diagnostics": self.diagnostics.iter().map(|one| self.diagnostic(one)).collect::<Vec<_>>(),
            "directives": directives,
            "items": items,
        })
    }

    fn diagnostic(&self, diagnostic: &Diagnostic) -> Value {
        let severity = if diagnostic.kind == DiagnosticKind::Error { "error" } else { "warning" };
        let phase = match diagnostic.phase {
            Phase::Parse => "parse",
            Phase::Instructions => "instructions",
            Phase::Dispatch => "dispatch",
        };
        let head = json!({"severity": severity, "phase": phase, "message": diagnostic.message});
        self.node(diagnostic.span, head)
    }

    /// `head` with its place behind it.
    fn node(&self, span: Span, mut head: Value) -> Value {
        let line = self.lines.line(span.start);
        head["line"] = json!(line);
        head["column"] = json!(self.lines.column(&self.source, span.start));
        head["start_byte"] = json!(span.start);
        head["end_byte"] = json!(span.end);
        head
    }

    fn item(&self, item: &Item) -> Value {
        let kind = match item {
            Item::Instruction(index, _) => {
                return match self.dockerfile.instructions().get(*index) {
                    Some(instruction) => self.instruction(instruction, item.span()),
                    None => Value::Null,
                };
            }
            Item::Comment(_) => "comment",
            Item::Blank(_) => "blank",
            Item::Error(_) => "error",
        };
        self.node(item.span(), json!({"kind": kind}))
    }

    fn instruction(&self, instruction: &Instruction, span: Span) -> Value {
        let form = if matches!(instruction.form, Form::Exec(_)) { "exec" } else { "shell" };
        let mut node = json!({
            "kind": "instruction",
            "keyword": instruction.keyword.as_str(),
            "form": form,
            "flags": instruction.flags.iter().map(|flag| self.flag(flag)).collect::<Vec<_>>(),
            "words": instruction.words.iter().map(|word| self.word(word)).collect::<Vec<_>>(),
            "heredocs": instruction.heredocs.iter().map(|heredoc| self.heredoc(heredoc)).collect::<Vec<_>>(),
            "end_line": instruction.end_line,
        });
        if let Some(trigger) = &instruction.trigger {
            node["trigger"] = self.instruction(trigger, trigger.span);
        }
        self.node(span, node)
    }

    fn flag(&self, flag: &Flag) -> Value {
        self.node(flag.span, json!({"name": flag.name.as_str(), "value": flag.value.as_deref()}))
    }

    fn word(&self, word: &Word) -> Value {
        self.node(word.span, json!({"raw": word.raw.as_str()}))
    }

    fn heredoc(&self, heredoc: &Heredoc) -> Value {
        let body = self.node(heredoc.body, json!({}));
        let head = json!({
            "name": heredoc.name, "fd": heredoc.fd, "expand": heredoc.expand, "strip_tabs": heredoc.strip_tabs, "body": body,
        });
        self.node(heredoc.token, head)
    }
}
