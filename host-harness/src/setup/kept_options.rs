//! The options of this program that an entry has already. Setting the entry up again keeps those that it does not set: a mode, an
//! audit log or an exclusion would be lost without a word otherwise.

use std::path::Path;

use serde_json::{Value, json};

use super::entry::{Launch, Shape};
use crate::key::SecretKey;

/// The name of this program and of its packages.
pub(crate) const PROGRAM: &str = "clerk-mcp";
/// The end of the image's name, whatever registry it is in.
const IMAGE: &str = "clerk-mcp/clerk-mcp";
const COMMAND: &str = "stdio";

/// A command with the options of the entry that was found, where that starts this program. What the command sets takes the place of
/// what was there; sample data are never kept.
pub(crate) fn with_kept_options(shape: &Shape, found: &Value, launch: &Launch) -> Launch {
    let given = found_launch(shape, found).and_then(|found| arguments_of_program(&found, launch));
    let (Some(given), Some(command)) = (given, launch.arguments.iter().position(|argument| argument == COMMAND)) else {
        return launch.clone();
    };
    let (start, own) = launch.arguments.split_at(command + 1);
    let (mut own, mut arguments) = (options(own), start.to_vec());
    for kept in options(&given) {
        let is_set = |option: &Vec<String>| setting(option) == setting(&kept);
        if let Some(at) = own.iter().position(is_set) {
            arguments.extend(own.remove(at));
        } else if !is_replaced(launch, &kept) {
            arguments.extend(kept);
        }
    }
    arguments.extend(own.into_iter().flatten());
    Launch { arguments, ..launch.clone() }
}

/// The mode that an entry of this program has: of its arguments, or else of its environment.
pub(crate) fn mode(shape: &Shape, found: &Value, launch: &Launch) -> Option<String> {
    let found = found_launch(shape, found)?;
    let options = options(&arguments_of_program(&found, launch)?);
    let variable = |name: &str| found.environment.iter().find(|(given, _)| given == name).map(|(_, value)| &**value);
    let is_off = |value: &str| matches!(&*value.to_ascii_lowercase(), "" | "0" | "n" | "no" | "f" | "false" | "off");
    if options.iter().any(|option| option[0] == "--read-only")
        || variable("CLERK_READ_ONLY").is_some_and(|value| !is_off(value))
    {
        return Some("read-only".into());
    }
    let option = options.iter().find(|option| setting(option) == "--mode");
    let value = option
        .and_then(|option| option[0].split_once('=').map(|(_, value)| value).or(option.get(1).map(|value| &**value)));
    value.or_else(|| variable("CLERK_MODE")).map(str::to_owned)
}

/// The command of an entry, also in the older form in which it is an object of its own.
fn found_launch(shape: &Shape, found: &Value) -> Option<Launch> {
    let older = found["command"].as_object().map(|command| {
        let field = |name: &str| command.get(name).cloned().unwrap_or_default();
        json!({ "command": field("path"), "args": field("args"), shape.environment: field("env") })
    });
    shape.launch(older.as_ref().unwrap_or(found))
}

/// The arguments behind the program, without the name of its command; none where another program than that of `launch` is started.
fn arguments_of_program(found: &Launch, launch: &Launch) -> Option<Vec<String>> {
    let is_named_so = Path::new(&found.command).file_stem().is_some_and(|name| name == PROGRAM);
    let is_same = found.command == launch.command && launch.arguments.first().is_some_and(|first| first == COMMAND);
    let is_program = is_named_so || is_same;
    let package = found.arguments.iter().rposition(|argument| is_package(argument));
    let start = if is_program { 0 } else { package? + 1 };
    let mut arguments = found.arguments[start..].to_vec();
    if let Some(command) = arguments.iter().position(|argument| argument == COMMAND) {
        arguments.remove(command);
    }
    Some(arguments)
}

/// Tells whether an argument of a launcher names this program, its package or its image.
pub(crate) fn is_package(argument: &str) -> bool {
    let image = argument.rsplit_once(IMAGE).filter(|(before, _)| before.is_empty() || before.ends_with('/'));
    let image = image.filter(|(before, rest)| {
        !before.starts_with(['/', '.', '~']) && (rest.is_empty() || rest.starts_with([':', '@']))
    });
    argument == PROGRAM || argument.starts_with("clerk-mcp@") || argument.starts_with("clerk-mcp==") || image.is_some()
}

/// Arguments in groups: each option with its value.
fn options(arguments: &[String]) -> Vec<Vec<String>> {
    let mut options: Vec<Vec<String>> = Vec::new();
    for argument in arguments {
        match options.last_mut() {
            Some(option) if !argument.starts_with("--") => option.push(argument.clone()),
            _ => options.push(vec![argument.clone()]),
        }
    }
    options
}

/// The name of what an option sets.
fn setting(option: &[String]) -> &str {
    match option[0].split('=').next().unwrap_or_default() {
        "--read-only" => "--mode",
        name => name,
    }
}

/// Tells whether an option goes although nothing takes its place: sample data, another API beside them, a second value, a secret.
fn is_replaced(launch: &Launch, option: &[String]) -> bool {
    let is_set = |own: Vec<String>| setting(&own) == setting(option);
    let is_demo = launch.arguments.iter().any(|argument| argument == "--demo");
    setting(option) == "--demo"
        || (is_demo && setting(option) == "--api-url")
        || options(&launch.arguments).into_iter().any(is_set)
        || option.iter().any(|argument| SecretKey::is_in(argument))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::clients::Client;

    fn launch(arguments: &str) -> Launch {
        Launch { command: "npx".into(), arguments: words(arguments), ..Launch::default() }
    }

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    fn shape(client: &str) -> Shape {
        Client::named(client).expect("it is in the table").shape
    }

    #[test]
    fn options_that_are_not_set_again_stay_in_their_places() {
        for (command, found, new, after) in [
            ("/bin/clerk-mcp", "stdio --mode read-only --audit /a", "", "--mode read-only --audit /a"),
            (
                "clerk-mcp.exe",
                "stdio --read-only --audit /a",
                "--timeout 5 --mode full",
                "--mode full --audit /a --timeout 5",
            ),
            ("npx", "-y clerk-mcp@1.2.3 --exclude-tools=clerk_delete_* stdio", "", "--exclude-tools=clerk_delete_*"),
            (
                "uvx",
                "--from clerk-mcp clerk-mcp stdio --ask-metadata --tools a --tools b",
                "--tools c",
                "--ask-metadata --tools c",
            ),
            (
                "docker",
                "run -i --rm -e CLERK_SECRET_KEY ghcr.io/clerk-mcp/clerk-mcp:1 stdio --confirm elicit",
                "",
                "--confirm elicit",
            ),
            ("clerk-mcp", "stdio --demo --read-only", "", "--read-only"),
            ("clerk-mcp", "stdio --api-url http://x --read-only", "--demo", "--read-only --demo"),
            ("clerk-mcp", "stdio --sk_test_abcdefgh --read-only", "", "--read-only"),
            ("other", "stdio --mode read-only", "", ""),
            ("npx", "/home/ada/clerk-mcp/clerk-mcp --mode read-only", "", ""),
        ] {
            let entry = json!({ "command": command, "args": words(found) });
            let put = with_kept_options(&shape("cursor"), &entry, &launch(&format!("-y clerk-mcp stdio {new}")));
            assert_eq!(put, launch(&format!("-y clerk-mcp stdio {after}")), "{command} {found}");
            let entry = json!({ "command": "npx", "args": put.arguments });
            let again = with_kept_options(&shape("cursor"), &entry, &launch(&format!("-y clerk-mcp stdio {new}")));
            assert_eq!(again, put, "a second time");
        }
        let renamed = Launch { command: "/bin/clerk".into(), arguments: words("stdio"), ..Launch::default() };
        let entry = json!({ "command": "/bin/clerk", "args": ["stdio", "--read-only"] });
        assert_eq!(with_kept_options(&shape("cursor"), &entry, &renamed).arguments, ["stdio", "--read-only"]);
    }

    #[test]
    fn the_mode_is_found_in_every_form_of_an_entry() {
        for (client, entry, found) in [
            ("cursor", json!({ "command": "clerk-mcp", "args": ["stdio", "--read-only"] }), Some("read-only")),
            ("cursor", json!({ "command": "clerk-mcp", "args": ["stdio", "--mode=full"] }), Some("full")),
            (
                "cursor",
                json!({ "command": "clerk-mcp", "args": ["stdio"], "env": { "CLERK_MODE": "full" } }),
                Some("full"),
            ),
            ("cursor", json!({ "command": "clerk-mcp", "env": { "CLERK_READ_ONLY": "1" } }), Some("read-only")),
            ("cursor", json!({ "command": "clerk-mcp", "env": { "CLERK_READ_ONLY": "0" } }), None),
            ("opencode", json!({ "command": ["uvx", "clerk-mcp", "stdio", "--mode", "full"] }), Some("full")),
            ("zed", json!({ "command": { "path": "clerk-mcp", "args": ["--mode", "full"] } }), Some("full")),
            ("cursor", json!({ "command": "other", "args": ["--mode", "full"] }), None),
            ("cursor", json!({ "url": "http://127.0.0.1:3000/mcp" }), None),
        ] {
            assert_eq!(mode(&shape(client), &entry, &Launch::default()).as_deref(), found, "{entry}");
        }
    }
}
