//! `jettison completions SHELL`: the script that clap makes, and what completes the names of images: it asks the program
//! (`jettison complete-images`), which asks the engines.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::failure::Failure;
use crate::output;

/// Prints the script.
pub fn run(shell: Shell) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "jettison", &mut script);
    let script = String::from_utf8_lossy(&script);
    output::stdout(&with_images(shell, &script))?;
    Ok(0)
}

/// Prints the names of the images that engines have, one a line.
pub fn images() -> Result<u8, Failure> {
    output::stdout(&jettison_engine::all_image_names().into_iter().map(|name| name + "\n").collect::<String>())?;
    Ok(0)
}

/// Commands whose arguments are images.
const COMMANDS: [&str; 6] = ["analyze", "diff", "explore", "history", "inspect", "why"];

fn with_images(shell: Shell, script: &str) -> String {
    match shell {
        Shell::Bash => bash(script),
        Shell::Zsh => zsh(script),
        Shell::Fish => fish(script),
        _ => script.to_owned(),
    }
}

/// A function around clap's own. bash takes a colon for the end of a word, so what stands before the last one is not given back.
fn bash(script: &str) -> String {
    let commands = COMMANDS.join("|");
    let around = format!(
        r#"_jettison_with_images() {{
    _jettison "$@"
    case "${{COMP_WORDS[1]}}" in
        {commands}) ;;
        *) return 0 ;;
    esac
    local typed="${{COMP_LINE:0:COMP_POINT}}" name
    typed="${{typed##* }}"
    if [[ "$typed" == -* || "${{COMP_WORDS[COMP_CWORD-1]}}" == --* ]]; then
        return 0
    fi
    local before="${{typed%"${{typed##*:}}"}}"
    while IFS= read -r name; do
        if [[ "$name" == "$typed"* ]]; then
            COMPREPLY+=("${{name#"$before"}}")
        fi
    done < <(jettison complete-images 2>/dev/null)
}}

"#
    );
    let script = script.replace("complete -F _jettison -o", "complete -F _jettison_with_images -o");
    match script.rfind("if [[ \"${BASH_VERSINFO") {
        Some(at) => format!("{}{around}{}", script.get(..at).unwrap_or_default(), script.get(at..).unwrap_or_default()),
        None => script + &around,
    }
}

/// In place of the files that zsh offers for an argument that it knows nothing of.
fn zsh(script: &str) -> String {
    const FUNCTION: &str = r#"_jettison_images() {
    local -a names
    names=(${(f)"$(_call_program images jettison complete-images 2>/dev/null)"})
    _alternative 'images:image:compadd -a names' 'files:file:_files'
}

"#;
    let is_image = |line: &str| {
        [":image -- ", "::other -- ", ":a -- ", ":b -- "].iter().any(|head| line.starts_with(&format!("'{head}")))
    };
    let line = |line: &str| match is_image(line) {
        true => line.replacen(":_default'", ":_jettison_images'", 1),
        false => line.to_owned(),
    };
    let script: String = script.lines().map(|text| line(text) + "\n").collect();
    script.replacen("_jettison() {", &format!("{FUNCTION}_jettison() {{"), 1)
}

fn fish(script: &str) -> String {
    let line = |command: &&str| {
        let condition = format!("__fish_jettison_using_subcommand {command}");
        format!("complete -c jettison -n \"{condition}\" -a \"(jettison complete-images 2>/dev/null)\" -d image\n")
    };
    format!("{script}{}", COMMANDS.iter().map(line).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(shell: Shell) -> String {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "jettison", &mut script);
        with_images(shell, &String::from_utf8(script).unwrap())
    }

    #[test]
    fn every_shell_asks_for_the_names_of_images() {
        let bash = script(Shell::Bash);
        assert!(bash.contains("complete -F _jettison_with_images -o nosort"), "{bash}");
        let zsh = script(Shell::Zsh);
        // analyze, why, history and inspect have one image, diff and explore have two
        assert_eq!(zsh.matches(":_jettison_images'").count(), 8, "{zsh}");
        assert_eq!(script(Shell::Fish).matches("(jettison complete-images").count(), COMMANDS.len());
    }
}
