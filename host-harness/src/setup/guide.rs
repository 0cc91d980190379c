//! The entries in `docs/clients.md`, written from the table of clients.

use std::path::{Path, PathBuf};
use std::{env, fs};

use super::clients::{CLIENTS, Client};
use super::edit::Format;
use super::entry::Launch;
use super::places::System;

#[test]
fn the_page_of_clients_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/clients.md");
    let text = fs::read_to_string(&path).expect("there is a page");
    let mut fresh = filled(&text, "table", &table());
    for client in CLIENTS {
        fresh = filled(&fresh, client.name, &section(client));
    }
    keep_fresh(&path, &fresh);
}

/// Writes the file when told to; otherwise it has to be as it would be written.
fn keep_fresh(path: &PathBuf, text: &str) {
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path, text).expect("a page can be written");
    }
    let is_fresh = fs::read_to_string(path).is_ok_and(|found| found == text);
    assert!(is_fresh, "{} is not up to date: run `make docs`", path.display());
}

/// A text with something else between two markers. A client without a section of its own is in the table alone.
fn filled(text: &str, name: &str, between: &str) -> String {
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let Some((before, rest)) = text.split_once(&start) else {
        assert_ne!(name, "table", "the page has a place for the table");
        return text.into();
    };
    let (_, after) = rest.split_once(&end).expect("each place has an end");
    format!("{before}{start}{between}{end}{after}")
}

fn table() -> String {
    let row = |client: &Client| {
        let files = client.user.on(System::Linux)[0].replace("$XDG_CONFIG_HOME", "~/.config");
        let project = client.project.map_or_else(|| "–".into(), |file| format!("`{file}`"));
        format!("| {} | `{}` | `{files}` | {project} |\n", client.title, client.name)
    };
    let rows: String = CLIENTS.iter().map(row).collect();
    format!("\n| Client | `--client` | File (Linux) | File of a project |\n|---|---|---|---|\n{rows}\n")
}

fn section(client: &Client) -> String {
    let launch = Launch {
        command: "npx".into(),
        arguments: ["-y", "clerk-mcp", "stdio"].map(str::to_owned).into(),
        environment: vec![("CLERK_SECRET_KEY_FILE".into(), "/home/ada/.config/clerk-mcp/secret-key".into())],
    };
    let place = client.place("clerk");
    let entry = place.put("", &client.shape.entry("clerk", &launch)).expect("an empty file takes an entry");
    let language = match client.format {
        Format::Json => "json",
        Format::Toml => "toml",
        Format::Yaml => "yaml",
    };
    let files = |system: System| {
        let files: Vec<String> =
            client.user.on(system).iter().map(|file| format!("`{}`", shown(file, system))).collect();
        files.join(" or ")
    };
    let (linux, macos, windows) = (files(System::Linux), files(System::MacOs), files(System::Windows));
    let everywhere =
        if linux == macos { format!("Linux and macOS {linux}") } else { format!("Linux {linux}, macOS {macos}") };
    format!(
        "\n`npx -y clerk-mcp init --client {}`, or by hand: {everywhere}, Windows {windows}.\n\n```{language}\n{entry}```\n\n{}\n\n",
        client.name, client.afterwards
    )
}

/// A path of the table as people of a system write it.
fn shown(path: &str, system: System) -> String {
    let path = path.replace("$XDG_CONFIG_HOME", "~/.config");
    if system == System::Windows { path.replace("~/", "%USERPROFILE%/").replace('/', "\\") } else { path }
}
