//! The secret key of this process: whether there is one, of what kind, and who can read it.

use std::env;
use std::path::PathBuf;

use super::Finding;
use crate::cli::Options;
use crate::key::SecretKey;
use crate::setup::account::kind;
use crate::setup::key_file::KeyFile;
use crate::setup::places::Places;

const TOPIC: &str = "key";

pub(super) fn look(places: &Places, options: &Options) -> (Option<SecretKey>, Vec<Finding>) {
    if options.demo {
        return (None, vec![Finding::ok(TOPIC, "none is needed for the sample data (--demo)")]);
    }
    let variable = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    match (variable("CLERK_SECRET_KEY"), variable("CLERK_SECRET_KEY_FILE")) {
        (Some(_), Some(_)) => {
            let advice = "unset one of them";
            let said = "CLERK_SECRET_KEY and CLERK_SECRET_KEY_FILE are both set, so neither is used";
            (None, vec![Finding::problem(TOPIC, said, advice)])
        }
        (Some(text), None) => match SecretKey::parse(&text.to_string_lossy()) {
            Ok(key) => {
                let said = format!("of a {} instance, from CLERK_SECRET_KEY", kind(&key));
                (Some(key), vec![Finding::ok(TOPIC, said)])
            }
            Err(error) => {
                let advice = "copy the secret key from Clerk's dashboard, API keys";
                (None, vec![Finding::problem(TOPIC, format!("CLERK_SECRET_KEY: {error}"), advice)])
            }
        },
        (None, Some(path)) => {
            let file = KeyFile(PathBuf::from(path));
            let said = format!("CLERK_SECRET_KEY_FILE names {}, which is not there", file.path().display());
            let advice = "correct it, or unset it and run `clerk-mcp init`";
            of_file(&file, Finding::problem(TOPIC, said, advice))
        }
        (None, None) => {
            let file = KeyFile(places.key_file());
            let said = format!("no secret key: neither CLERK_SECRET_KEY nor {}", file.path().display());
            of_file(&file, Finding::problem(TOPIC, said, "run `clerk-mcp init`"))
        }
    }
}

/// The key in a file, and what there is to say of it; `missing` where there is no file.
fn of_file(file: &KeyFile, missing: Finding) -> (Option<SecretKey>, Vec<Finding>) {
    let path = file.path().display();
    let key = match file.read() {
        Ok(Some(key)) => key,
        Ok(None) => return (None, vec![missing]),
        Err(problem) => {
            let advice = "put the secret key there as a whole and nothing else, or run `clerk-mcp init`";
            return (None, vec![Finding::problem(TOPIC, problem.to_string(), advice)]);
        }
    };
    let mut findings = vec![Finding::ok(TOPIC, format!("of a {} instance, in {path}", kind(&key)))];
    findings.extend(exposed(TOPIC, file));
    (Some(key), findings)
}

/// Others can read a key.
pub(super) fn exposed(topic: &'static str, file: &KeyFile) -> Option<Finding> {
    let path = file.path().display();
    let advice = format!("run `chmod 600 {path}`, and think of a new key");
    file.others_can_read().then(|| Finding::problem(topic, format!("others on this machine can read {path}"), advice))
}
