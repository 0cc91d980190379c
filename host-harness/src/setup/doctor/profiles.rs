//! The file of profiles, and each profile in it: its key, the way to its API, and what is allowed there.

use super::key::exposed;
use super::{Finding, api, policy};
use crate::cli::Options;
use crate::key::SecretKey;
use crate::profiles::{KeySource, Profile, Profiles};
use crate::setup::account::kind;
use crate::setup::key_file::KeyFile;
use crate::telemetry::Telemetry;

const TOPIC: &str = "profiles";

/// What there is to say of the profiles that the options name.
pub(super) async fn look(options: &Options, telemetry: &Telemetry) -> Vec<Finding> {
    let profiles = match Profiles::of(options) {
        Ok(Some(profiles)) => profiles,
        Ok(None) => return Vec::new(),
        Err(error) => return vec![Finding::problem(TOPIC, format!("{error:#}"), "correct the file, or leave it out")],
    };
    let keys = profiles.keys();
    let mut findings = vec![overview(&profiles)];
    if let Err(error) = profiles.check_default(&keys) {
        findings.push(Finding::problem(TOPIC, error.to_string(), "correct it: nothing starts with these profiles"));
    }
    for (profile, key) in profiles.all.iter().zip(keys) {
        let found = look_at(profile, key, telemetry).await;
        findings.extend(found.into_iter().map(|finding| finding.of(&profile.name)));
    }
    findings
}

fn overview(profiles: &Profiles) -> Finding {
    let names: Vec<&str> = profiles.all.iter().map(|profile| &*profile.name).collect();
    let default = profiles.default.map_or_else(|| "none is".into(), |place| format!("{} is", names[place]));
    Finding::ok(TOPIC, format!("{}; {default} the default", names.join(", ")))
}

async fn look_at(profile: &Profile, key: anyhow::Result<SecretKey>, telemetry: &Telemetry) -> Vec<Finding> {
    let source = profile.key.in_words();
    let (key, mut findings) = match key {
        Ok(key) => {
            let said = format!("of a {} instance, from {source}", kind(&key));
            (Some(key), vec![Finding::ok("key", said)])
        }
        Err(error) => {
            let advice = "have it give the secret key from Clerk's dashboard, API keys";
            (None, vec![Finding::problem("key", format!("{error:#}"), advice)])
        }
    };
    if let KeySource::File(path) = &profile.key {
        findings.extend(exposed("key", &KeyFile(path.clone())));
    }
    let (is_reached, found) = api::look(&profile.options).await;
    findings.extend(found);
    findings.extend(policy::look(&profile.options, key.filter(|_| is_reached), telemetry.clone()).await);
    findings
}
