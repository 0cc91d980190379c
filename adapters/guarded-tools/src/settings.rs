//! What the operator has set in the environment: the variables that the program `clerk-mcp` has too.

use wasip2::cli::environment;

use crate::mcp_server;
use crate::mcp_types::{Confirm, Masks, Mode, Policy, PrivateMetadata};

const DEFAULT_TIMEOUT: u32 = 30;
const LONGEST_TIMEOUT: u32 = 600;
const DEFAULT_PAGE_BYTES: u32 = 60_000;

/// What is allowed where a setting is wrong: nothing can be called, and what only reads is listed.
pub(crate) const NOTHING: Policy = Policy {
    mode: Mode::ReadOnly,
    production: true,
    confirm: Confirm::Elicit,
    toolsets: Vec::new(),
    tools: Vec::new(),
    exclude_tools: Vec::new(),
    private_metadata: PrivateMetadata::Hide,
    ask_metadata: true,
    page_bytes: DEFAULT_PAGE_BYTES,
    keeps_secrets: false,
    masks: Masks { emails: true, phones: true },
    organizations: Vec::new(),
    users: Vec::new(),
};

/// The operator's settings.
#[derive(Debug)]
pub(crate) struct Settings {
    /// For a production instance: which one it is, they do not tell.
    pub(crate) policy: Policy,
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
        let Policy { toolsets, tools, exclude_tools, organizations, users, .. } = &settings.policy;
        // Nothing else means anything to the tools, and they need not be asked with every request.
        let names_some =
            [toolsets, exclude_tools, organizations, users].iter().any(|names| !names.is_empty()) || !tools.is_empty();
        let problems = if names_some { mcp_server::check(&settings.policy) } else { Vec::new() };
        problems.into_iter().next().map_or(Ok(settings), Err)
    }

    fn from(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let list = |name: &str| variable(name).map_or(Ok(Vec::new()), |text| names(name, &text));
        let policy = Policy {
            mode: mode(&variable)?,
            production: true,
            confirm: choice(&variable, "CLERK_CONFIRM", &CONFIRMS, Confirm::Token)?,
            toolsets: list("CLERK_TOOLSETS")?,
            tools: Some(list("CLERK_TOOLS")?).filter(|patterns| !patterns.is_empty()).into_iter().collect(),
            exclude_tools: list("CLERK_EXCLUDE_TOOLS")?,
            private_metadata: choice(&variable, "CLERK_PRIVATE_METADATA", &PRIVATE_METADATA, PrivateMetadata::Show)?,
            ask_metadata: flag(&variable, "CLERK_ASK_METADATA")?,
            page_bytes: variable("CLERK_PAGE_BYTES").map_or(Ok(DEFAULT_PAGE_BYTES), |text| page_bytes(&text))?,
            // There is no file to write one to.
            keeps_secrets: false,
            masks: masks(&list("CLERK_MASK")?)?,
            organizations: variable("CLERK_ORGANIZATION").into_iter().collect(),
            users: variable("CLERK_USER").into_iter().collect(),
        };
        let timeout = variable("CLERK_MCP_TIMEOUT").map_or(Ok(DEFAULT_TIMEOUT), |text| seconds(&text))?;
        Ok(Self { policy, timeout })
    }
}

/// An environment variable, as far as the guard shows it.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    environment::get_environment().into_iter().find_map(|(known, value)| (known == name).then_some(value))
}

const MODES: [(&str, Mode); 3] = [("read-only", Mode::ReadOnly), ("standard", Mode::Standard), ("full", Mode::Full)];
const CONFIRMS: [(&str, Confirm); 4] =
    [("off", Confirm::Off), ("token", Confirm::Token), ("elicit", Confirm::Elicit), ("token-only", Confirm::TokenOnly)];
const PRIVATE_METADATA: [(&str, PrivateMetadata); 3] =
    [("show", PrivateMetadata::Show), ("keys", PrivateMetadata::Keys), ("hide", PrivateMetadata::Hide)];

/// Two variables can say that nothing is to be changed.
fn mode(variable: impl Fn(&str) -> Option<String>) -> Result<Mode, String> {
    let mode = choice(&variable, "CLERK_MODE", &MODES, Mode::Standard)?;
    match flag(&variable, "CLERK_READ_ONLY")? {
        true if mode != Mode::ReadOnly && variable("CLERK_MODE").is_some() => {
            Err("CLERK_READ_ONLY: it contradicts CLERK_MODE; leave one of them out".into())
        }
        true => Ok(Mode::ReadOnly),
        false => Ok(mode),
    }
}

fn choice<T: Copy>(
    variable: impl Fn(&str) -> Option<String>,
    name: &str,
    choices: &[(&str, T)],
    default: T,
) -> Result<T, String> {
    let Some(text) = variable(name) else { return Ok(default) };
    let chosen = choices.iter().find_map(|(word, choice)| (*word == text).then_some(*choice));
    chosen.ok_or_else(|| {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        format!("{name}: it takes one of {}", words.join(", "))
    })
}

fn flag(variable: impl Fn(&str) -> Option<String>, name: &str) -> Result<bool, String> {
    match variable(name).map(|text| text.to_ascii_lowercase()).as_deref() {
        Some("1" | "true" | "t" | "yes" | "y" | "on") => Ok(true),
        None | Some("0" | "false" | "f" | "no" | "n" | "off") => Ok(false),
        Some(_) => Err(format!("{name}: it takes true or false")),
    }
}

fn names(variable: &str, text: &str) -> Result<Vec<String>, String> {
    let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
    if names.iter().any(String::is_empty) {
        return Err(format!("{variable}: it takes names with a comma in between; leave it out for no restriction"));
    }
    Ok(names)
}

fn masks(names: &[String]) -> Result<Masks, String> {
    let mut masks = Masks { emails: false, phones: false };
    for name in names {
        match name.as_str() {
            "emails" => masks.emails = true,
            "phones" => masks.phones = true,
            _ => return Err("CLERK_MASK: it takes emails, phones, or both with a comma in between".into()),
        }
    }
    Ok(masks)
}

fn page_bytes(text: &str) -> Result<u32, String> {
    let bytes = text.parse().ok().filter(|bytes| (1000..=8_000_000).contains(bytes));
    bytes.ok_or_else(|| "CLERK_PAGE_BYTES: it takes a number of bytes from 1000 to 8000000".into())
}

fn seconds(text: &str) -> Result<u32, String> {
    let seconds = text.parse().ok().filter(|seconds| (1..=LONGEST_TIMEOUT).contains(seconds));
    seconds.ok_or_else(|| format!("CLERK_MCP_TIMEOUT: it takes a number of seconds from 1 to {LONGEST_TIMEOUT}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(variables: &[(&str, &str)]) -> Result<Settings, String> {
        Settings::from(|wanted| variables.iter().find_map(|(name, value)| (*name == wanted).then(|| (*value).into())))
    }

    fn read(name: &str, value: &str) -> Result<Settings, String> {
        read_all(&[(name, value)])
    }

    /// The policy where this variable is set.
    fn policy(name: &str, value: &str) -> Policy {
        read(name, value).unwrap_or_else(|problem| panic!("{name}={value}: {problem}")).policy
    }

    #[test]
    fn without_variables_no_tool_is_left_out_and_a_call_has_30_seconds() {
        let Settings { policy, timeout } = read("ANOTHER", "x").expect("nothing is wrong");
        assert_eq!((policy.mode, policy.confirm, timeout), (Mode::Standard, Confirm::Token, 30));
        assert_eq!((policy.toolsets.len(), policy.tools.len(), policy.exclude_tools.len()), (0, 0, 0));
        assert_eq!((policy.private_metadata, policy.production), (PrivateMetadata::Show, true));
        assert!(!policy.ask_metadata);
    }

    #[test]
    fn the_variables_are_read_as_the_program_reads_them() {
        assert_eq!(policy("CLERK_READ_ONLY", "Yes").mode, Mode::ReadOnly);
        assert_eq!(policy("CLERK_READ_ONLY", "0").mode, Mode::Standard);
        assert!(policy("CLERK_ASK_METADATA", "true").ask_metadata && !policy("CLERK_ASK_METADATA", "0").ask_metadata);
        assert_eq!(policy("CLERK_TOOLSETS", "users, members").toolsets, ["users", "members"]);
        assert_eq!(policy("CLERK_TOOLS", "clerk_get_*,clerk_list_users").tools, [["clerk_get_*", "clerk_list_users"]]);
        assert_eq!(policy("CLERK_EXCLUDE_TOOLS", "*_delete_*").exclude_tools, ["*_delete_*"]);
        assert_eq!(policy("CLERK_PAGE_BYTES", "1000").page_bytes, 1000);
        for (words, emails, phones) in
            [("phones, emails", true, true), ("emails", true, false), ("phones", false, true)]
        {
            let masks = policy("CLERK_MASK", words).masks;
            assert_eq!((masks.emails, masks.phones), (emails, phones), "{words}");
        }
        assert!(read("CLERK_MCP_TIMEOUT", "600").is_ok_and(|settings| settings.timeout == 600));
        for (word, mode) in MODES {
            assert_eq!(policy("CLERK_MODE", word).mode, mode);
        }
        for (word, confirm) in CONFIRMS {
            assert_eq!(policy("CLERK_CONFIRM", word).confirm, confirm);
        }
        for (word, shown) in PRIVATE_METADATA {
            assert_eq!(policy("CLERK_PRIVATE_METADATA", word).private_metadata, shown);
        }
    }

    #[test]
    fn a_server_that_only_reads_is_in_no_other_mode() {
        let mode = |read_only, mode| {
            let settings = read_all(&[("CLERK_READ_ONLY", read_only), ("CLERK_MODE", mode)]);
            settings.map(|settings| settings.policy.mode)
        };
        assert_eq!(mode("true", "read-only"), Ok(Mode::ReadOnly));
        assert_eq!(mode("false", "read-only"), Ok(Mode::ReadOnly));
        assert_eq!(mode("false", "full"), Ok(Mode::Full));
        for contradicting in ["standard", "full"] {
            let problem = mode("true", contradicting).expect_err("it contradicts");
            assert!(problem.contains("CLERK_READ_ONLY") && problem.contains("CLERK_MODE"), "{problem}");
        }
    }

    #[test]
    fn a_wrong_variable_is_named_and_allows_nothing() {
        for (name, value) in [
            ("CLERK_ASK_METADATA", "perhaps"),
            ("CLERK_CONFIRM", ""),
            ("CLERK_CONFIRM", "never"),
            ("CLERK_EXCLUDE_TOOLS", " "),
            ("CLERK_MASK", ""),
            ("CLERK_MASK", "names"),
            ("CLERK_MCP_TIMEOUT", "0"),
            ("CLERK_MCP_TIMEOUT", "601"),
            ("CLERK_MCP_TIMEOUT", "soon"),
            ("CLERK_MODE", ""),
            ("CLERK_MODE", "Full"),
            ("CLERK_MODE", "readonly"),
            ("CLERK_PAGE_BYTES", "999"),
            ("CLERK_PAGE_BYTES", "60 kB"),
            ("CLERK_PRIVATE_METADATA", "no"),
            ("CLERK_READ_ONLY", "maybe"),
            ("CLERK_READ_ONLY", ""),
            ("CLERK_TOOLS", ""),
            ("CLERK_TOOLS", "clerk_*,"),
            ("CLERK_TOOLSETS", ""),
            ("CLERK_TOOLSETS", "users,,members"),
        ] {
            assert!(read(name, value).is_err_and(|problem| problem.starts_with(name)), "{name}={value}");
        }
    }
}
