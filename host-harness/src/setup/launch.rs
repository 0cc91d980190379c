//! The command by which a client starts this program: as this process was started, so that it works again.

use std::env;
use std::path::{Component, Path, PathBuf};

use clap::ValueEnum;

use super::entry::Launch;
use crate::cli::{DEFAULT_API_URL, DEFAULT_MAX_WRITES, DEFAULT_TIMEOUT, Options};
use crate::policy_options::{ConfirmOption, DEFAULT_PAGE_BYTES, ModeOption, PrivateMetadataOption};

/// Set by the npm package for the program that it starts.
const LAUNCHER: &str = "CLERK_MCP_LAUNCHER";

/// The command and its arguments up to those of this program.
fn start() -> anyhow::Result<(String, Vec<String>)> {
    let program =
        env::current_exe().map_err(|error| anyhow::anyhow!("the path of this program is not known: {error}"))?;
    let launcher = env::var(LAUNCHER).unwrap_or_default();
    let by = |command: &str, arguments: &[&str]| {
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        (command.to_owned(), arguments)
    };
    if launcher == "npx" || has_directory(&program, |name| name == "_npx") {
        // Windows starts no scripts by themselves.
        let of_windows: &[&str] = &["/c", "npx", "-y", "clerk-mcp"];
        return Ok(if cfg!(windows) { by("cmd", of_windows) } else { by("npx", &["-y", "clerk-mcp"]) });
    }
    if is_in_cache_of_uv(&program, env::var_os("UV_CACHE_DIR").map(PathBuf::from).as_deref()) {
        return Ok(by("uvx", &["clerk-mcp"]));
    }
    let program = lasting(&program);
    let program = program.to_str().ok_or_else(|| anyhow::anyhow!("the path of this program is not UTF-8"))?;
    Ok(by(program, &[]))
}

/// A text whose advice names the command by which this process was started, where it is not on everybody's `PATH`.
pub(crate) fn with_own_command(text: &str) -> String {
    let own = match start() {
        Ok((command, arguments)) if !arguments.is_empty() => [vec![command], arguments].concat().join(" "),
        _ => return text.into(),
    };
    text.replace("`clerk-mcp ", &format!("`{} ", own.trim_start_matches("cmd /c ")))
}

/// The command for a server on standard input and output with the policy of these options.
///
/// # Errors
///
/// The path of this program is not known, or no text.
pub(crate) fn launch(options: &Options, key_file: &Path) -> anyhow::Result<Launch> {
    let (command, mut arguments) = start()?;
    arguments.push("stdio".into());
    arguments.extend(settings(options));
    let key_file = key_file.to_str().ok_or_else(|| anyhow::anyhow!("the path of the key file is not UTF-8"))?;
    let environment = if options.demo {
        arguments.push("--demo".into());
        Vec::new()
    } else {
        vec![("CLERK_SECRET_KEY_FILE".into(), key_file.into())]
    };
    Ok(Launch { command, arguments, environment })
}

/// The options that differ from what is usual, whether the command line or the environment has them: a client has neither.
fn settings(options: &Options) -> Vec<String> {
    let list = |names: &[String]| (!names.is_empty()).then(|| names.join(","));
    let path = |path: &Option<PathBuf>| Some(absolute(path.as_deref()?).display().to_string());
    let number = |number: u32, usual: u32| (number != usual).then(|| number.to_string());
    let mode = if options.read_only { Some(ModeOption::ReadOnly) } else { options.mode };
    let confirm = Some(options.confirm).filter(|&confirm| confirm != ConfirmOption::Token);
    let metadata = Some(options.private_metadata).filter(|&shown| shown != PrivateMetadataOption::Show);
    let api_url = Some(&options.api_url).filter(|url| !options.demo && *url != DEFAULT_API_URL);
    let settings = [
        // The usual one too: an entry that was there may have another in its environment.
        ("--mode", mode.map(|mode| name(&mode))),
        ("--confirm", confirm.map(|confirm| name(&confirm))),
        ("--toolsets", list(&options.toolsets)),
        ("--tools", list(&options.tools)),
        ("--exclude-tools", list(&options.exclude_tools)),
        ("--private-metadata", metadata.map(|shown| name(&shown))),
        ("--organization", options.organization.clone()),
        ("--user", options.user.clone()),
        ("--mask", list(&options.mask.iter().map(name).collect::<Vec<_>>())),
        ("--api-url", api_url.cloned()),
        ("--page-bytes", number(options.page_bytes, DEFAULT_PAGE_BYTES)),
        ("--max-writes", number(options.max_writes, DEFAULT_MAX_WRITES)),
        ("--max-requests", options.max_requests.map(|most| most.to_string())),
        ("--timeout", number(options.timeout, DEFAULT_TIMEOUT)),
        ("--audit", path(&options.audit)),
        ("--secrets-dir", path(&options.secrets_dir)),
        ("--component", path(&options.component)),
        ("--otlp-endpoint", options.otlp_endpoint.clone()),
    ];
    let settings = settings.into_iter().filter_map(|(flag, value)| Some([flag.to_owned(), value?])).flatten();
    settings.chain(options.ask_metadata.then(|| "--ask-metadata".to_owned())).collect()
}

/// A path that means the same in whatever directory a client starts this program.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn name(value: &impl ValueEnum) -> String {
    value.to_possible_value().map_or_else(String::new, |value| value.get_name().into())
}

fn has_directory(path: &Path, is_it: impl Fn(&str) -> bool) -> bool {
    path.components().any(|part| matches!(part, Component::Normal(name) if name.to_str().is_some_and(&is_it)))
}

/// Tells whether `uvx` runs a program, which it takes out of its cache.
fn is_in_cache_of_uv(program: &Path, cache: Option<&Path>) -> bool {
    let is_of_cache = |name: &str| name.starts_with("archive-v") || name.starts_with("environments-v");
    let is_in = |cache: &Path| program.starts_with(cache);
    has_directory(program, is_of_cache) && (has_directory(program, |name| name == "uv") || cache.is_some_and(is_in))
}

/// The path that stays when Homebrew installs the next version.
fn lasting(program: &Path) -> PathBuf {
    let cellar = program.ancestors().find(|path| path.file_name().is_some_and(|name| name == "Cellar"));
    let linked = cellar.and_then(Path::parent).zip(program.file_name());
    let linked = linked.map(|(prefix, name)| prefix.join("bin").join(name));
    linked.filter(|linked| linked.is_file()).unwrap_or_else(|| program.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_of_uv_is_known_wherever_it_lies() {
        let in_cache = |program: &str, cache: Option<&str>| is_in_cache_of_uv(Path::new(program), cache.map(Path::new));
        assert!(in_cache("/home/ada/.cache/uv/archive-v0/x1/bin/clerk-mcp", None));
        assert!(in_cache("/tmp/c/environments-v2/x1/bin/clerk-mcp", Some("/tmp/c")));
        assert!(!in_cache("/tmp/c/environments-v2/x1/bin/clerk-mcp", Some("/tmp/d")));
        assert!(!in_cache("/home/ada/.local/share/uv/tools/clerk-mcp/bin/clerk-mcp", None), "that one stays");
    }
}
