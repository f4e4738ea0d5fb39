//! `jettison check`: which files, all of them at once, then every form of the report that was asked for.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jettison_model::FixSafety;
use jettison_report::check::{self as report, CheckReport, Telling};
use jettison_report::{json, text};

use crate::check::{Baseline, Build, Checker, Done, Installed, Job, Jobs, Pins, each, heads};
use crate::cli::{CheckArgs, CheckForm, CheckTo, OpenArgs};
use crate::commands::build_args;
use crate::config::{Finder, Given, Values};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::images::{Opener, registry};
use crate::output::{self, shown};
use crate::terminal::{Progress, say, stderr_style, stdout_style};

/// Warnings that are told; more than that nobody reads.
const MAX_WARNINGS: usize = 20;

/// Runs the command; its exit code.
pub fn run(args: &CheckArgs, quiet: bool, verbose: bool, environment: &Environment) -> Result<u8, Failure> {
    let run = Run::new(args, quiet, verbose, environment)?;
    let (jobs, told) = run.jobs()?;
    let baseline = run.baseline()?;
    let mut checker = Checker::new(&run.finder, run.given(), environment.today());
    checker.allowed = run.allowed();
    checker.writes = args.fix || args.unsafe_fixes && !args.diff;
    checker.baseline = baseline.as_ref().filter(|_| !args.write_baseline);
    let pins = args.pin.then(|| Pins::new(registry(environment)));
    checker.pins = pins.as_ref();
    let threads = args.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).max(1);
    let shellcheck = run.shellcheck(&mut checker, &jobs, threads)?;
    let done = each(&jobs, threads, &|job| checker.check(job), &Done::broken);
    let mut failures = pins.as_ref().map(Pins::failures).unwrap_or_default();
    failures.extend(shellcheck.and_then(|shellcheck| shellcheck.failure()));
    run.tell(told.iter().chain(done.iter().flat_map(|done| &done.warnings)).chain(&failures));
    if let (true, Some(baseline)) = (args.write_baseline, &baseline) {
        return run.write_baseline(baseline, &jobs, &done);
    }
    let code = run.code(&done);
    run.show(&jobs, done)?;
    Ok(code)
}

/// What is the same for every file.
struct Run<'a> {
    args: &'a CheckArgs,
    quiet: bool,
    verbose: bool,
    environment: &'a Environment,
    cwd: PathBuf,
    finder: Finder,
    /// What holds in the working folder: the forms of the report and the baseline.
    values: Values,
}

impl<'a> Run<'a> {
    fn new(args: &'a CheckArgs, quiet: bool, verbose: bool, environment: &'a Environment) -> Result<Self, Failure> {
        if args.paths.iter().filter(|path| *path == Path::new("-")).count() > 1 {
            return Err(Failure::new("stdin can be read once only"));
        }
        let cwd = std::env::current_dir().map_err(|error| Failure::new(format!("the working folder: {error}")))?;
        let given = match (&args.config, args.no_config) {
            (Some(path), _) => Given::File(path.clone()),
            (None, true) => Given::Nothing,
            (None, false) => Given::Search,
        };
        let values = args.values().map_err(Failure::new)?;
        let finder = Finder::new(given, &cwd, environment, values);
        // a mistake in the configuration of the working folder is the run's, not a file's
        let values = finder.of(Path::new("Dockerfile"))?;
        Ok(Self { args, quiet, verbose, environment, cwd, finder, values })
    }

    fn jobs(&self) -> Result<(Vec<Job>, Vec<String>), Failure> {
        let mut jobs = match &self.args.image {
            Some(image) => Jobs::history(image, self.history(image)?),
            None => Jobs::of(&self.args.paths, self.args.stdin_filename.as_deref(), &self.cwd, &self.finder)?,
        };
        let mut told = std::mem::take(&mut jobs.warnings);
        told.extend(self.finder.warnings.iter().cloned());
        told.extend(self.finder.folder(&self.cwd)?.warnings.iter().cloned());
        Ok((jobs.into_list(), told))
    }

    /// What an image says of how it was made. Its layers are not what is judged, so their digests are not compared.
    fn history(&self, image: &str) -> Result<String, Failure> {
        let progress = Progress::new(self.environment, self.quiet, self.verbose);
        let args = OpenArgs { no_verify_digests: true, ..OpenArgs::default() };
        let opener = Opener { args: &args, environment: self.environment, progress: &progress, ends_at_once: true };
        let opened = opener.open(image)?;
        progress.clear();
        Ok(jettison_facts::provenance::as_dockerfile(&opened.image.config.history))
    }

    fn baseline(&self) -> Result<Option<Baseline>, Failure> {
        let Some(path) = self.values.text("baseline").map(Path::new) else { return Ok(None) };
        if self.args.write_baseline {
            return Ok(Some(Baseline::new(path, &self.cwd)));
        }
        Baseline::read(path, &self.cwd).map(Some)
    }

    /// What the command line says of every build.
    fn given(&self) -> Build {
        let known = build_args(&self.args.build_arg).into_iter().filter_map(|(name, value)| Some((name, value?)));
        let mut targets = self.args.target.iter().cloned();
        Build {
            target: targets.next(),
            targets: targets.collect(),
            args: known.collect(),
            contexts: Vec::new(),
            platforms: self.args.platform.clone(),
            context: self.args.context.clone(),
        }
    }

    /// The ShellCheck that was asked for, which has judged all scripts at once.
    fn shellcheck(
        &self,
        checker: &mut Checker<'_>,
        jobs: &[Job],
        threads: usize,
    ) -> Result<Option<Arc<Installed>>, Failure> {
        let Some(program) = &self.args.shellcheck else { return Ok(None) };
        let installed = Arc::new(Installed::new(program, &self.cwd));
        checker.shellcheck = Some(installed.clone());
        let scripts = each(jobs, threads, &|job| checker.scripts(job), &|_| Vec::new());
        installed.prepare(&scripts.into_iter().flatten().collect())?;
        Ok(Some(installed))
    }

    fn allowed(&self) -> Option<FixSafety> {
        match self.args {
            CheckArgs { unsafe_fixes: true, .. } => Some(FixSafety::Unsafe),
            CheckArgs { fix: true, .. } | CheckArgs { diff: true, .. } => Some(FixSafety::Safe),
            _ => None,
        }
    }

    fn tell<'t>(&self, warnings: impl Iterator<Item = &'t String>) {
        let style = stderr_style(self.environment);
        let mut said: Vec<&String> = Vec::new();
        for warning in warnings {
            if said.len() < MAX_WARNINGS && !said.contains(&warning) {
                say(&format!("{} {}\n", style.paint(text::Paint::Strong, "warning:"), text::harmless(warning)));
                said.push(warning);
            }
        }
    }

    fn code(&self, done: &[Done]) -> u8 {
        let unread = done.iter().any(|done| done.file.error.is_some());
        let as_hadolint = crate::config::profile(&self.values) == jettison_lint::Profile::Hadolint;
        if unread {
            return if as_hadolint { 1 } else { 2 };
        }
        u8::from(!self.args.exit_zero && done.iter().any(|done| done.fails))
    }

    fn write_baseline(&self, baseline: &Baseline, jobs: &[Job], done: &[Done]) -> Result<u8, Failure> {
        let path = Path::new(self.values.text("baseline").unwrap_or_default());
        let files = jobs.iter().zip(done).map(|(job, done)| (job.path.as_path(), &done.file));
        let count = baseline.write(path, files)?;
        say(&format!("{count} findings written to {}\n", text::harmless(&shown(path))));
        self.unreadable(done.iter());
        Ok(if done.iter().any(|done| done.file.error.is_some()) { 2 } else { 0 })
    }

    /// Every file that could not be checked, on stderr: no form of the report may hide one.
    fn unreadable<'d>(&self, done: impl Iterator<Item = &'d Done>) {
        let style = stderr_style(self.environment);
        for file in done.map(|done| &done.file) {
            if let Some(why) = &file.error {
                let what = format!("{}: {}", file.path, why);
                say(&text::error(&what, None, &[], None, &style));
            }
        }
    }

    fn show(&self, jobs: &[Job], done: Vec<Done>) -> Result<(), Failure> {
        self.unreadable(done.iter());
        let with_statistics = self.values.is_on("statistics");
        let diff: String = done.iter().map(|done| done.diff.as_str()).collect();
        let stdin = jobs.iter().zip(&done).find(|(job, _)| matches!(job.content, crate::check::Content::Stdin(_)));
        let fixed = match stdin {
            Some((job, done)) if self.args.fix || self.args.unsafe_fixes => {
                Some(done.fixed.clone().or(job.read().ok()))
            }
            _ => None,
        };
        let mut report =
            CheckReport { jettison_version: env!("CARGO_PKG_VERSION").to_owned(), ..CheckReport::default() };
        report.summary.in_baseline = done.iter().map(|done| done.in_baseline).sum();
        report.files = done.into_iter().map(|done| done.file).collect();
        report.rules = heads(&report.files);
        report.count(with_statistics);
        // what an editor or a patch program reads stands alone on stdout; the report then goes to stderr
        match fixed.flatten() {
            Some(bytes) if !self.args.diff => output::bytes(&bytes)?,
            _ if self.args.diff => output::stdout(&self.colored(&diff))?,
            _ => return self.forms(&report),
        }
        self.elsewhere(&report)
    }

    /// Every form that was asked for; text on stdout if none was.
    fn forms(&self, report: &CheckReport) -> Result<(), Failure> {
        let wanted = self.wanted()?;
        if wanted.iter().filter(|to| to.file.is_none()).count() > 1 {
            return Err(
                Failure::new("only one format can go to stdout").next("give the others a file: --format sarif:FILE")
            );
        }
        for to in &wanted {
            self.form(report, to)?;
        }
        Ok(())
    }

    fn wanted(&self) -> Result<Vec<CheckTo>, Failure> {
        if !self.args.format.is_empty() {
            return Ok(self.args.format.clone());
        }
        let configured = self.values.list("format").map(|word| word.parse::<CheckTo>().map_err(Failure::new));
        let wanted = configured.collect::<Result<Vec<_>, _>>()?;
        Ok(if wanted.is_empty() { vec![CheckTo { form: CheckForm::Text, file: None }] } else { wanted })
    }

    fn form(&self, report: &CheckReport, to: &CheckTo) -> Result<(), Failure> {
        let document = self.rendered(report, to);
        match &to.file {
            None => output::stdout(&document),
            Some(path) => std::fs::write(path, document)
                .map_err(|error| Failure::new(format!("{}: {}", shown(path), crate::input::reason(&error)))),
        }
    }

    fn rendered(&self, report: &CheckReport, to: &CheckTo) -> String {
        match to.form {
            CheckForm::Text => self.text(report, to.file.is_none()),
            CheckForm::Concise => report::concise(report),
            CheckForm::Gnu => report::gnu(report),
            CheckForm::Tty => report::tty(report),
            CheckForm::Json => json::pretty(report),
            CheckForm::JsonLines => report::json_lines(report),
            CheckForm::Sarif => report::sarif(report),
            CheckForm::Github => report::github(report),
            CheckForm::Gitlab => report::gitlab(report),
            CheckForm::Sonarqube => report::sonarqube(report),
            CheckForm::Codacy => report::codacy(report),
            CheckForm::Checkstyle => report::checkstyle(report),
            CheckForm::Junit => report::junit(report),
            CheckForm::Markdown => report::markdown(report),
        }
    }

    fn text(&self, report: &CheckReport, on_stdout: bool) -> String {
        let style = stdout_style(self.environment);
        let style = text::Style { color: style.color && on_stdout, ..style };
        if !report.statistics.is_empty() {
            return report::statistics(report, &style);
        }
        let links = self.environment.links && on_stdout && style.color;
        report::text(report, &Telling { links, ..self.telling(style, &self.command()) })
    }

    fn telling<'c>(&self, style: text::Style, command: &'c str) -> Telling<'c> {
        let preview = self.args.diff && !self.args.fix;
        Telling { style, links: false, brief: self.quiet, verbose: self.verbose, preview, command }
    }

    /// When something else has stdout: files are written, and a report that would go there goes to stderr.
    fn elsewhere(&self, report: &CheckReport) -> Result<(), Failure> {
        for to in self.wanted()? {
            match (&to.file, to.form) {
                (Some(_), _) => self.form(report, &to)?,
                (None, CheckForm::Text) => {
                    let style = stderr_style(self.environment);
                    let command = self.command();
                    let telling = self.telling(style, &command);
                    say(&report::text(report, &Telling { brief: self.quiet || self.args.diff, ..telling }));
                }
                (None, _) => say(&self.rendered(report, &to)),
            }
        }
        Ok(())
    }

    /// What was typed, as far as it says what is looked at.
    fn command(&self) -> String {
        let plain = self.args.paths == [PathBuf::from(".")];
        let shown_few = self.args.paths.iter().take(3).filter(|_| !plain);
        let mut command: String = shown_few.map(|path| format!(" {}", shown(path))).collect();
        if self.args.paths.len() > 3 {
            command.push_str(" …");
        }
        format!("jettison check{command}")
    }

    fn colored(&self, diff: &str) -> String {
        let style = stdout_style(self.environment);
        if !style.color {
            return diff.to_owned();
        }
        let line = |line: &str| match line.as_bytes().first() {
            Some(b'+') => style.paint(text::Paint::Good, &text::harmless(line)),
            Some(b'-') => style.paint(text::Paint::Bad, &text::harmless(line)),
            Some(b'@') => style.paint(text::Paint::Dim, &text::harmless(line)),
            _ => text::harmless(line),
        };
        diff.lines().map(|text| line(text) + "\n").collect()
    }
}
