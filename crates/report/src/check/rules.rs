//! What rules say of themselves: the list of `jettison rules`, the page of `jettison explain`, and both as documentation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Safety, Severity};
use crate::SCHEMA_VERSION;
use crate::text::{Cell, Paint, Style, harmless, wrap, wrapped};

/// Where the pages are, for links: in the project's own documentation.
const PAGES: &str = "https://github.com/jettison-rs/jettison/blob/main/docs/rules/";

/// The document of `jettison rules` and `jettison explain`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RulesReport {
    /// Of this document's form.
    pub schema_version: String,
    /// `rules` or `explain`.
    pub command: String,
    /// Of the program.
    pub jettison_version: String,
    /// In the order of their ids.
    pub rules: Vec<RuleEntry>,
}

impl Default for RulesReport {
    fn default() -> Self {
        Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            command: "rules".to_owned(),
            jettison_version: String::new(),
            rules: Vec::new(),
        }
    }
}

/// One rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuleEntry {
    /// Kebab-case.
    pub id: String,
    /// The same rule in other tools: every one works wherever an id does.
    pub aliases: Vec<String>,
    /// correctness, size, cache, security, reproducibility, performance, style or metadata.
    pub category: String,
    /// Where nothing else is said, for a stage that ships.
    pub severity: Severity,
    /// The best fix that it has; none: it only explains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Safety>,
    /// One clause.
    pub summary: String,
    /// Version that brought it.
    pub since: String,
    /// Whether the default profile has it.
    pub on_by_default: bool,
    /// Its page.
    pub url: String,
    /// The page in Markdown; only in `explain`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

impl RuleEntry {
    /// The address of the page of a rule.
    pub fn url_of(id: &str) -> String {
        format!("{PAGES}{id}.md")
    }

    /// The page in Markdown: a head with the facts, then what the rule's file says.
    pub fn markdown(&self) -> String {
        let fix = self.fix.map_or("none", Safety::as_str);
        let on = if self.on_by_default { "on" } else { "off: switch it on by name" };
        let aliases = match &self.aliases[..] {
            [] => String::new(),
            names => format!(
                "\nAlso known as {}.\n",
                names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            ),
        };
        let head = format!(
            "| category | severity | fix | by default | since |\n| --- | --- | --- | --- | --- |\n| {} | {} | {fix} | {on} | {} |\n",
            self.category,
            self.severity.as_str(),
            self.since
        );
        let page = self.page.as_deref().unwrap_or(&self.summary).trim();
        // the page of a rule's file begins with its name
        let page = page.strip_prefix(&format!("# {}\n", self.id)).unwrap_or(page).trim_start();
        format!("# {}\n\n{head}{aliases}\n{}\n", self.id, captioned(page))
    }

    /// The page for the terminal.
    pub fn text(&self, style: &Style) -> String {
        let fix = self.fix.map_or("no fix".to_owned(), |fix| format!("fix: {}", fix.as_str()));
        let on = if self.on_by_default { "on by default" } else { "off until it is named" };
        let facts = [self.category.as_str(), self.severity.as_str(), &fix, on].join(" · ");
        let facts = style.paint(Paint::Dim, &style.signs(&format!("{facts} · since {}", self.since)));
        let markdown = self.markdown();
        // the facts stand in a line, not in a table
        let rest = markdown.lines().skip(1).filter(|line| !line.starts_with("| ")).collect::<Vec<_>>().join("\n");
        let name = style.paint(Paint::Strong, &self.id);
        format!("{name}   {facts}\n\n{}", page_text(rest.trim_start(), style))
    }
}

/// The page with the word of an example (`bad`, `good`, `fixed`) over it, where readers see it.
fn captioned(page: &str) -> String {
    let line = |line: &str| match line.strip_prefix("```dockerfile ") {
        Some(word) => {
            let mut signs = word.trim().chars();
            let first = signs.next().map(|sign| sign.to_ascii_uppercase());
            format!("{}{}:\n\n```dockerfile", first.map(String::from).unwrap_or_default(), signs.as_str())
        }
        None => line.to_owned(),
    };
    page.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The id in what a finding names: `unanswered-prompt` of `unanswered-prompt/apt`.
pub(super) fn id_of(name: &str) -> &str {
    name.split('/').next().unwrap_or(name)
}

/// The list for people.
pub fn rules_text(report: &RulesReport, style: &Style) -> String {
    let head = ["rule", "severity", "fix", "what it finds"].map(|text| Cell::left(text).painted(Paint::Dim)).to_vec();
    let row = |rule: &RuleEntry| {
        let severity = if rule.on_by_default { rule.severity.as_str() } else { "off" };
        let fix = rule.fix.map_or("", Safety::as_str);
        vec![Cell::left(&rule.id), Cell::left(severity), Cell::left(fix), Cell::left(first_clause(&rule.summary))]
    };
    let rows: Vec<Vec<Cell>> = std::iter::once(head).chain(report.rules.iter().map(row)).collect();
    let on = report.rules.iter().filter(|rule| rule.on_by_default).count();
    let foot =
        format!("\n   {} rules, {on} on by default · jettison explain RULE tells about one\n", report.rules.len());
    wrapped(&rows, 3, style) + &style.paint(Paint::Dim, &style.signs(&foot))
}

/// The list as the index of the documentation's pages.
pub fn rules_markdown(report: &RulesReport) -> String {
    let mut text = String::from(
        "# Rules\n\nWhat `jettison check` looks for. A name of another tool works wherever a rule's own does.\n",
    );
    let mut categories: Vec<&str> = report.rules.iter().map(|rule| rule.category.as_str()).collect();
    categories.sort_unstable();
    categories.dedup();
    for category in categories {
        text.push_str(&format!("\n## {category}\n\n| rule | severity | fix | what it finds | also known as |\n| --- | --- | --- | --- | --- |\n"));
        for rule in report.rules.iter().filter(|rule| rule.category == category) {
            let severity = if rule.on_by_default { rule.severity.as_str() } else { "off" };
            let fix = rule.fix.map_or("", Safety::as_str);
            let cells = [&rule.summary, &rule.aliases.join(", ")].map(|cell| cell.replace('|', "\\|"));
            text.push_str(&format!(
                "| [{0}]({0}.md) | {severity} | {fix} | {1} | {2} |\n",
                rule.id, cells[0], cells[1]
            ));
        }
    }
    text
}

fn first_clause(summary: &str) -> &str {
    summary.lines().next().unwrap_or_default()
}

/// A page of Markdown for the terminal: heads strong, code indented, paragraphs wrapped, tables as they are.
fn page_text(markdown: &str, style: &Style) -> String {
    let mut text = String::new();
    let mut in_code = false;
    let mut paragraph = String::new();
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            flush(&mut paragraph, &mut text, style);
            in_code = !in_code;
        } else if in_code {
            text.push_str(&format!("    {}\n", harmless(line)));
        } else if let Some(head) = line.strip_prefix('#') {
            flush(&mut paragraph, &mut text, style);
            text.push_str(&format!("{}\n", style.paint(Paint::Strong, &harmless(head.trim_start_matches('#').trim()))));
        } else if line.trim().is_empty() || line.starts_with(['|', '-', '*', '<']) {
            flush(&mut paragraph, &mut text, style);
            paragraph.push_str(line.trim_end());
            if line.starts_with('|') || line.trim().is_empty() {
                text.push_str(&format!("{}\n", harmless(&std::mem::take(&mut paragraph))));
            }
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line.trim());
        }
    }
    flush(&mut paragraph, &mut text, style);
    text
}

fn flush(paragraph: &mut String, text: &mut String, style: &Style) {
    if paragraph.is_empty() {
        return;
    }
    let item = paragraph.starts_with("- ") || paragraph.starts_with("* ");
    let columns = style.columns().min(110);
    for (at, line) in wrap(&harmless(paragraph), columns, columns.saturating_sub(2)).into_iter().enumerate() {
        text.push_str(if item && at > 0 { "  " } else { "" });
        text.push_str(&line);
        text.push('\n');
    }
    paragraph.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_on_the_terminal_keeps_its_code_and_wraps_its_words() {
        let page = "# a-rule\n\n## Why\n\none two\nthree\n\n- an item\n  goes on\n\n```dockerfile\nRUN a  b\n```\n";
        let shown = page_text(page, &Style::default());
        assert_eq!(shown, "a-rule\n\nWhy\n\none two three\n\n- an item goes on\n\n    RUN a  b\n");
    }
}
