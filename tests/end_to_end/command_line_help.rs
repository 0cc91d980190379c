//! The help, the completions and the manual page: a reader finds each option where it belongs.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::harness::Program;

const COMMANDS: [&[&str]; 13] = [
    &[],
    &["stdio"],
    &["http"],
    &["tools"],
    &["call"],
    &["audit"],
    &["audit", "verify"],
    &["audit", "show"],
    &["inspect"],
    &["completions"],
    &["man"],
    &["init"],
    &["doctor"],
];
const SERVING: &str = "What to serve:";
const CALLERS: &str = "Who may call:";
const ASSISTANT: &str = "How much an assistant may do:";
const LIMITS: &str = "Limits:";
const RECORDS: &str = "Records and telemetry:";
const GROUPS: [&str; 5] = [SERVING, CALLERS, ASSISTANT, LIMITS, RECORDS];

fn printed(arguments: &[&str]) -> String {
    let finished = Program::new(arguments).run();
    assert_eq!((finished.status, finished.stderr.as_str()), (0, ""), "{arguments:?}");
    finished.stdout
}

fn help(command: &[&str], how: &str) -> String {
    printed(&[command, &[how]].concat())
}

/// The groups of a help in the order in which they are printed.
fn groups(help: &str) -> Vec<&str> {
    help.lines().filter(|line| GROUPS.contains(line)).collect()
}

/// The option whose description a line begins; what is said of it is indented by ten columns.
fn option(line: &str) -> Option<&str> {
    let line = line.strip_prefix("  -h, ").or(line.strip_prefix("  -V, ")).or(line.strip_prefix("      "))?;
    line.split(' ').next().filter(|word| word.starts_with("--"))
}

/// The options that a help describes below this heading.
fn options_of<'a>(help: &'a str, heading: &str) -> Vec<&'a str> {
    let below = help.lines().skip_while(|line| *line != heading).skip(1);
    below.take_while(|line| line.is_empty() || line.starts_with(' ')).filter_map(option).collect()
}

/// Whether a program takes this text on its standard input. None where it is not installed.
fn takes(program: &str, arguments: &[&str], text: &str) -> Option<bool> {
    let mut command = Command::new(program);
    let child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        eprintln!("skipped: {program} is not installed");
        return None;
    };
    child.stdin.take().expect("standard input is a pipe").write_all(text.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    if !output.status.success() || !output.stderr.is_empty() {
        eprintln!("{program}: {said}");
    }
    Some(output.status.success() && output.stderr.is_empty())
}

#[test]
fn options_are_grouped_by_what_they_are_for_in_one_order() {
    let http = help(&["http"], "--help");
    assert_eq!(groups(&http), GROUPS);
    assert_eq!(options_of(&http, SERVING), ["--listen", "--demo", "--api-url", "--profiles", "--component"]);
    assert_eq!(options_of(&http, CALLERS)[..3], ["--allowed-hosts", "--allowed-origins", "--oauth-issuer"]);
    for (group, option) in
        [(ASSISTANT, "--toolsets"), (LIMITS, "--max-in-flight"), (LIMITS, "--timeout"), (RECORDS, "--audit")]
    {
        assert!(options_of(&http, group).contains(&option), "{option}: {http}");
    }
    let without_http = [SERVING, ASSISTANT, LIMITS, RECORDS];
    for command in [&[][..], &["stdio"], &["call"]] {
        assert_eq!(groups(&help(command, "--help")), without_http, "{command:?}");
    }
    assert_eq!(groups(&help(&["tools"], "--help")), [SERVING, ASSISTANT]);
}

#[test]
fn a_command_shows_no_options_that_do_nothing_and_takes_them_all_the_same() {
    for command in &COMMANDS[5..11] {
        assert!(groups(&help(command, "--help")).is_empty(), "{command:?}");
    }
    let reads = printed(&["tools", "--mode", "read-only"]);
    assert_eq!(printed(&["--mode", "read-only", "tools"]), reads);
    assert_eq!(printed(&["tools", "--mode", "read-only", "--timeout", "5"]), reads);
    assert_eq!(printed(&["inspect", "--demo"]), printed(&["inspect"]));
}

#[test]
fn help_fits_80_columns_and_short_help_a_screen() {
    for command in COMMANDS {
        for how in ["-h", "--help"] {
            for line in help(command, how).lines() {
                assert!(line.chars().count() <= 80, "{command:?} {how}: {line}");
            }
        }
        assert!(help(command, "-h").lines().count() <= 36, "{command:?}");
    }
    assert!(help(&[], "-h").contains("\n      --mode <MODE> "));
}

#[test]
fn help_names_variables_and_not_their_values() {
    let program = Program::new(&["http", "--help"]).variable("CLERK_MCP_OTLP_ENDPOINT", "http://me:hunter2@localhost");
    let help = program.variable("CLERK_MCP_OAUTH_ISSUER", "hunter2").run().stdout;
    assert!(help.contains("[env: CLERK_MCP_OTLP_ENDPOINT]\n"), "{help}");
    assert!(!help.contains("hunter2"), "{help}");
    let options = help.lines().filter_map(option).count();
    assert_eq!(help.matches("[env: ").count(), options - 1, "all but --help: {help}");
}

#[test]
fn completions_have_every_option_and_their_shells_take_them() {
    let checks: [(&str, &[&str]); 5] =
        [("bash", &["-n"]), ("zsh", &["-n"]), ("fish", &["-n"]), ("powershell", &[]), ("elvish", &[])];
    for (shell, check) in checks {
        let script = printed(&["completions", shell]);
        for option in help(&["http"], "--help").lines().filter_map(option) {
            let written = if shell == "fish" { option.replacen("--", "-l ", 1) } else { option.to_owned() };
            assert!(script.contains(&written), "{shell}: {option}");
        }
        assert!(check.is_empty() || takes(shell, check, &script) != Some(false), "{shell}");
    }
    let unknown = Program::new(&["completions", "tcsh"]).run();
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("possible values: bash, elvish, fish, powershell, zsh"), "{}", unknown.stderr);
}

#[test]
fn bash_completes_commands_options_and_values() {
    let script = printed(&["completions", "bash"]);
    let completed = |words: &[&str]| {
        let words = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
        let ask = format!(
            "COMP_WORDS=(clerk-mcp {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n\
             _clerk__mcp clerk-mcp \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD - 1]}}\"\n\
             printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let bash = Command::new("bash").args(["-c", &format!("{script}\n{ask}")]).output().expect("bash runs");
        String::from_utf8(bash.stdout).expect("bash prints text").lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(completed(&["std"]), ["stdio"]);
    assert_eq!(completed(&["init", "--client", "curs"]), ["cursor"]);
    assert_eq!(completed(&["--mode", "read"]), ["read-only"]);
    assert_eq!(completed(&["audit", "ver"]), ["verify"]);
}

#[test]
fn the_manual_page_has_every_option_and_man_takes_it() {
    let page = printed(&["man"]);
    let plain = page.replace("\\-", "-");
    for command in COMMANDS {
        let help = help(command, "--help");
        for option in help.lines().filter_map(option) {
            assert!(plain.contains(option), "{command:?}: {option}");
        }
        let is_described = command.len() != 1 || command == ["audit"];
        let section = format!("\n.SH \"CLERK-MCP {}\"\n", command.join(" ").to_uppercase());
        assert!(is_described || plain.contains(&section), "{command:?}");
    }
    assert_eq!(plain.matches("\n\\fB--mode\\fR").count(), 1, "what all commands have is described once");
    assert!(plain.contains("\n\\fBclerk-mcp http\\fR [OPTIONS]\n"), "{plain}");
    assert!(plain.contains("CLERK_SECRET_KEY_FILE") && plain.contains("[env: CLERK_MODE]"));
    assert_ne!(takes("mandoc", &["-Tlint", "-W", "error"], &page), Some(false));
    assert_ne!(takes("groff", &["-man", "-ww", "-z"], &page), Some(false));
}
