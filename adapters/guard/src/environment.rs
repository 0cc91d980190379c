//! The environment: what of it the component in front sees, and the API's key and URL, which it does not.

use crate::Guard;
use crate::bindings::exports::wasi::cli::environment::Guest;
use crate::bindings::wasi::cli::environment;
use crate::configuration::{DEFAULT_URL, KEY_VARIABLE, PINS, URL_VARIABLE, VISIBLE};
use crate::origin::Origin;

impl Guest for Guard {
    fn get_environment() -> Vec<(String, String)> {
        let visible = |(name, _): &(String, String)| VISIBLE.contains(&name.as_str());
        environment::get_environment().into_iter().filter(visible).collect()
    }

    fn get_arguments() -> Vec<String> {
        Vec::new()
    }

    fn initial_cwd() -> Option<String> {
        None
    }
}

/// The key in the environment, not looked at yet.
pub(crate) fn key() -> Option<String> {
    variable(KEY_VARIABLE)
}

/// The API that requests may go to.
///
/// # Errors
///
/// What is wrong with the URL in the environment.
pub(crate) fn origin() -> Result<Origin, String> {
    let url = variable(URL_VARIABLE);
    Origin::parse(url.as_deref().unwrap_or(DEFAULT_URL)).map_err(|problem| format!("{URL_VARIABLE}: {problem}"))
}

/// The organization and the user that requests are kept to.
pub(crate) fn pins() -> [Vec<String>; 2] {
    PINS.map(|name| variable(name).into_iter().collect())
}

fn variable(name: &str) -> Option<String> {
    environment::get_environment().into_iter().find_map(|(known, value)| (known == name).then_some(value))
}
