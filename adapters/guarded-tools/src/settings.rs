//! What the operator has set in the environment: the variables that the program `clerk-mcp` has too.

use wasip2::cli::environment;

use crate::mcp_tools;
use crate::mcp_types::Policy;

const DEFAULT_TIMEOUT: u32 = 30;
const LONGEST_TIMEOUT: u32 = 600;

/// The operator's settings.
#[derive(Debug, PartialEq)]
pub(crate) struct Settings {
    pub(crate) read_only: bool,
    /// Empty means all.
    pub(crate) toolsets: Vec<String>,
    /// How many seconds a call may take.
    pub(crate) timeout: u32,
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    ///
    /// Which variable is wrong, and what it takes.
    pub(crate) fn read() -> Result<Self, String> {
        let settings = Self::from(variable)?;
        let everything = Policy { read_only: false, toolsets: Vec::new() };
        let tools = if settings.toolsets.is_empty() { Vec::new() } else { mcp_tools::list(&everything) };
        let unknown = settings.toolsets.iter().find(|name| !tools.iter().any(|tool| tool.toolset == **name));
        match unknown {
            Some(unknown) => {
                let mut known: Vec<&str> = tools.iter().map(|tool| tool.toolset.as_str()).collect();
                known.dedup();
                let known = known.join(", ");
                Err(format!("CLERK_TOOLSETS: there is no toolset `{}`; the toolsets are {known}", excerpt(unknown)))
            }
            None => Ok(settings),
        }
    }

    fn from(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        Ok(Self {
            read_only: variable("CLERK_READ_ONLY").map_or(Ok(false), |text| is_on(&text))?,
            toolsets: variable("CLERK_TOOLSETS").map_or(Ok(Vec::new()), |text| names(&text))?,
            timeout: variable("CLERK_MCP_TIMEOUT").map_or(Ok(DEFAULT_TIMEOUT), |text| seconds(&text))?,
        })
    }
}

/// An environment variable, as far as the guard shows it.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    environment::get_environment().into_iter().find_map(|(known, value)| (known == name).then_some(value))
}

fn is_on(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "t" | "yes" | "y" | "on" => Ok(true),
        "0" | "false" | "f" | "no" | "n" | "off" => Ok(false),
        _ => Err("CLERK_READ_ONLY: it takes true or false".into()),
    }
}

fn names(text: &str) -> Result<Vec<String>, String> {
    let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
    if names.iter().any(String::is_empty) {
        return Err("CLERK_TOOLSETS: it takes names with a comma in between; leave it out to allow all".into());
    }
    Ok(names)
}

fn seconds(text: &str) -> Result<u32, String> {
    let seconds = text.parse().ok().filter(|seconds| (1..=LONGEST_TIMEOUT).contains(seconds));
    seconds.ok_or_else(|| format!("CLERK_MCP_TIMEOUT: it takes a number of seconds from 1 to {LONGEST_TIMEOUT}"))
}

fn excerpt(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, value: &str) -> Result<Settings, String> {
        Settings::from(|wanted| (wanted == name).then(|| value.to_owned()))
    }

    #[test]
    fn without_variables_everything_is_allowed_for_30_seconds() {
        let settings = Settings { read_only: false, toolsets: Vec::new(), timeout: 30 };
        assert_eq!(read("ANOTHER", "x"), Ok(settings));
    }

    #[test]
    fn the_variables_are_read_as_the_program_reads_them() {
        assert!(read("CLERK_READ_ONLY", "Yes").is_ok_and(|settings| settings.read_only));
        assert!(read("CLERK_READ_ONLY", "0").is_ok_and(|settings| !settings.read_only));
        assert!(read("CLERK_TOOLSETS", "users, members").is_ok_and(|read| read.toolsets == ["users", "members"]));
        assert!(read("CLERK_MCP_TIMEOUT", "600").is_ok_and(|settings| settings.timeout == 600));
    }

    #[test]
    fn a_wrong_variable_is_named_and_allows_nothing() {
        for (name, value) in [
            ("CLERK_READ_ONLY", "maybe"),
            ("CLERK_READ_ONLY", ""),
            ("CLERK_TOOLSETS", ""),
            ("CLERK_TOOLSETS", "users,,members"),
            ("CLERK_MCP_TIMEOUT", "0"),
            ("CLERK_MCP_TIMEOUT", "601"),
            ("CLERK_MCP_TIMEOUT", "soon"),
        ] {
            assert!(read(name, value).is_err_and(|problem| problem.starts_with(name)), "{name}={value}");
        }
    }
}
