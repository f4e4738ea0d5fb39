//! Checkstyle's and JUnit's XML, as CI servers read them.

use super::xml::escaped;
use super::{CheckReport, CheckedFile, Finding};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Checkstyle 4.3: every file, with its findings.
pub fn checkstyle(report: &CheckReport) -> String {
    let mut xml = format!("{HEAD}<checkstyle version=\"4.3\">\n");
    for file in &report.files {
        xml.push_str(&format!("  <file name=\"{}\">\n", escaped(&file.path)));
        if let Some(reason) = &file.error {
            let reason = escaped(reason);
            xml.push_str(&format!("    <error severity=\"error\" message=\"{reason}\" source=\"jettison\"/>\n"));
        }
        for finding in &file.findings {
            let place = format!("line=\"{}\" column=\"{}\"", finding.location.line, finding.location.column);
            let severity = finding.severity.as_str();
            let (message, rule) = (escaped(&finding.message), escaped(&finding.rule));
            xml.push_str(&format!(
                "    <error {place} severity=\"{severity}\" message=\"{message}\" source=\"jettison.{rule}\"/>\n"
            ));
        }
        xml.push_str("  </file>\n");
    }
    xml + "</checkstyle>\n"
}

/// A suite a file, a case a finding; a file without findings is one case that passed.
pub fn junit(report: &CheckReport) -> String {
    let summary = &report.summary;
    let clean = report.files.iter().filter(|file| file.error.is_none() && file.findings.is_empty()).count() as u64;
    let tests = summary.findings + summary.unreadable + clean;
    let mut xml = format!(
        "{HEAD}<testsuites name=\"jettison check\" tests=\"{tests}\" failures=\"{}\" errors=\"{}\">\n",
        summary.findings, summary.unreadable
    );
    report.files.iter().for_each(|file| xml.push_str(&suite(file)));
    xml + "</testsuites>\n"
}

fn suite(file: &CheckedFile) -> String {
    let path = escaped(&file.path);
    let errors = usize::from(file.error.is_some());
    let cases: String = match &file.error {
        Some(reason) => {
            case(&path, "readable", &format!("<error message=\"{}\" type=\"unreadable\"/>", escaped(reason)))
        }
        None if file.findings.is_empty() => format!("    <testcase name=\"check\" classname=\"{path}\"/>\n"),
        None => file.findings.iter().map(|finding| case(&path, &name(finding), &failure(&path, finding))).collect(),
    };
    let tests = file.findings.len().max(1);
    let counts = format!("tests=\"{tests}\" failures=\"{}\" errors=\"{errors}\"", file.findings.len());
    format!("  <testsuite name=\"{path}\" {counts}>\n{cases}  </testsuite>\n")
}

fn case(path: &str, name: &str, inner: &str) -> String {
    format!("    <testcase name=\"{name}\" classname=\"{path}\">\n      {inner}\n    </testcase>\n")
}

fn name(finding: &Finding) -> String {
    format!("{}:{}:{}", escaped(&finding.rule), finding.location.line, finding.location.column)
}

fn failure(path: &str, finding: &Finding) -> String {
    let (message, severity) = (escaped(&finding.message), finding.severity.as_str());
    let place = format!("{path}:{}:{}", finding.location.line, finding.location.column);
    format!("<failure message=\"{message}\" type=\"{severity}\">{place}: {message}</failure>")
}
