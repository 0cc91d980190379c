//! The options that a profile may set for its instance, by the names that they have in a file of profiles.

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args as _, Command, FromArgMatches as _};

use super::options::Options;
use super::variables::{in_one_line, without_variable};

/// The names of the options, which are those of the fields: `--page-bytes` is `page_bytes`.
const NAMES: [&str; 15] = [
    "api_url",
    "mode",
    "read_only",
    "confirm",
    "toolsets",
    "tools",
    "exclude_tools",
    "private_metadata",
    "ask_metadata",
    "mask",
    "organization",
    "user",
    "page_bytes",
    "max_writes",
    "max_requests",
];

/// A setting as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    /// One of [`names_of_settings`].
    pub(crate) id: &'static str,
    pub(crate) values: Vec<String>,
}

/// The names of all settings that a profile may have, besides that of its key.
pub(crate) fn names_of_settings() -> impl Iterator<Item = &'static str> {
    NAMES.into_iter()
}

/// Those of them that flags and variables have set.
pub(super) fn given(matches: &ArgMatches) -> Vec<Setting> {
    let is_given =
        |id: &&str| matches!(matches.value_source(id), Some(ValueSource::CommandLine | ValueSource::EnvVariable));
    let setting = |id: &'static str| {
        let raw = |id| matches.get_raw(id).into_iter().flatten().map(|value| value.to_string_lossy().into_owned());
        let values = match matches.try_get_one::<bool>(id) {
            Ok(Some(flag)) => vec![flag.to_string()],
            _ => raw(id).collect(),
        };
        Setting { id, values }
    };
    NAMES.into_iter().filter(is_given).map(setting).collect()
}

impl Options {
    /// The options of an instance: those of the process, with the settings of its profile.
    ///
    /// # Errors
    ///
    /// A setting takes no such value, or stands in both places.
    pub(crate) fn for_profile(&self, own: &[Setting]) -> anyhow::Result<Self> {
        let command = Self::augment_args(Command::new("clerk-mcp").no_binary_name(true)).mut_args(without_variable);
        if let Some(twice) = own.iter().find(|own| self.given.iter().any(|given| given.id == own.id)) {
            let (name, variable) = (flag(twice.id), variable(twice.id));
            anyhow::bail!(
                "it has {}, and {name} ({variable}) is given as well: leave one of them out, for an option holds for all profiles \
                 and none of them changes it",
                twice.id
            );
        }
        let all = self.given.iter().chain(own);
        let arguments = all.map(|setting| argument(&command, setting)).collect::<anyhow::Result<Vec<_>>>()?;
        let matches = command.try_get_matches_from(arguments.into_iter().flatten());
        let matches = matches.map_err(|error| anyhow::anyhow!("{}", in_one_line(&error)))?;
        let read = Self::from_arg_matches(&matches).map_err(|error| anyhow::anyhow!("{}", in_one_line(&error)))?;
        Ok(Self {
            demo: false,
            profiles: None,
            component: self.component.clone(),
            secrets_dir: self.secrets_dir.clone(),
            timeout: self.timeout,
            audit: self.audit.clone(),
            log_format: self.log_format,
            otlp_endpoint: self.otlp_endpoint.clone(),
            ..read
        })
    }
}

/// A setting as an argument; none where it is a flag that is not set.
fn argument(command: &Command, Setting { id, values }: &Setting) -> anyhow::Result<Option<String>> {
    let is_flag = |option: &&Arg| option.get_id() == *id && matches!(option.get_action(), ArgAction::SetTrue);
    if command.get_arguments().find(is_flag).is_none() {
        return Ok(Some(format!("{}={}", flag(id), values.join(","))));
    }
    match values.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["true"] => Ok(Some(flag(id))),
        ["false"] => Ok(None),
        _ => anyhow::bail!("{id} takes true or false"),
    }
}

/// The flag of a setting on the command line.
fn flag(id: &str) -> String {
    format!("--{}", id.replace('_', "-"))
}

/// The environment variable of a setting.
fn variable(id: &str) -> String {
    let command = Options::augment_args(Command::new("clerk-mcp"));
    let option = command.get_arguments().find(|option| option.get_id() == id);
    option.and_then(Arg::get_env).unwrap_or_default().to_string_lossy().into_owned()
}
