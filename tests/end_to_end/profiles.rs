//! Several instances of Clerk by name: each call reaches the one that it names, and nothing of one counts for another.

mod agreeing;
mod apart;
mod doctor;
mod files;
mod lists;
mod reaching;
mod views;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::harness::{Clerk, Client, Directory, KEY, Program};

const LIVE: &str = "sk_live_CANARY7f3aProduction00000000000000000";

/// The default, of a development instance.
const STAGING: &str = "staging";
const PRODUCTION: &str = "production";

/// Two instances with the same people, and a place for files.
struct Two {
    staging: Clerk,
    production: Clerk,
    directory: Directory,
}

impl Two {
    fn new() -> Self {
        let (staging, production) = (Clerk::sample(), Clerk::with_key(LIVE));
        Self { staging, production, directory: Directory::new() }
    }

    /// A file of both, each with more settings.
    fn file(&self, staging: &str, production: &str) -> PathBuf {
        let both = format!(
            "default = \"staging\"\n[profiles.staging]\nkey_env = \"KEY_OF_STAGING\"\napi_url = \"{}\"\n{staging}\n\
             [profiles.production]\nkey_env = \"KEY_OF_PRODUCTION\"\napi_url = \"{}\"\n{production}\n",
            self.staging.url, self.production.url
        );
        file(&self.directory, &both)
    }

    fn program(&self, staging: &str, production: &str) -> Program {
        of(&self.file(staging, production))
    }

    /// Both in the mode for everything.
    fn usual(&self) -> Program {
        self.program("mode = \"full\"", "mode = \"full\"")
    }

    fn assert_nothing_sent(&self) {
        self.staging.assert_nothing_sent();
        self.production.assert_nothing_sent();
    }
}

/// A file of profiles that only this user can read.
fn file(directory: &Directory, text: &str) -> PathBuf {
    let path = directory.0.join("profiles.toml");
    fs::write(&path, text).expect("it can be written");
    fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("its mode can be set");
    path
}

/// The program with the profiles of a file, and the keys of both in its environment.
fn of(file: &std::path::Path) -> Program {
    let program = Program::new(&["--profiles", &file.to_string_lossy()]);
    program.variable("KEY_OF_STAGING", KEY).variable("KEY_OF_PRODUCTION", LIVE)
}

/// The input schema of a tool that is listed.
fn schema(client: &dyn Client, tool: &str) -> Value {
    let tools = client.tools();
    let listed = tools.iter().find(|listed| listed["name"] == tool).unwrap_or_else(|| panic!("{tool} is not listed"));
    listed["inputSchema"].clone()
}

/// The names of the enumeration by which a tool takes an instance.
fn instances(schema: &Value) -> Value {
    schema["properties"]["instance"]["enum"].clone()
}

fn is_required(schema: &Value) -> bool {
    schema["required"].as_array().is_some_and(|required| required.contains(&json!("instance")))
}
