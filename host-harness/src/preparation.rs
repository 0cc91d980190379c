//! Sets up what commands work with: the component, the instances of Clerk with their keys, and a server for them.

use std::env;
use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use clerk_emulator::{DEMO_SECRET_KEY, Emulator};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

use crate::audit::Audit;
use crate::budget::{Budget, Limits};
use crate::cli::Options;
use crate::component::{Component, Policy};
use crate::egress::Egress;
use crate::key::SecretKey;
use crate::origin::Origin;
use crate::policy;
use crate::profiles::{Profile, Profiles};
use crate::secrets::SecretsDirectory;
use crate::server::{Instances, MissingKey, Mode, Recorder, ServedInstance, Server};
use crate::telemetry::Telemetry;
use crate::telemetry::logs;

/// Whose key a command works with.
pub(crate) enum Keys {
    /// The process's, or what each call is answered with: clients list the tools of a server before anybody has a key, and of
    /// one that has ended they show nothing that it said.
    OrWhyNot,
    /// The process's; HTTP does without one, and each request brings its own.
    OrOfRequests,
    /// The process's.
    Needed,
    Given(Option<SecretKey>),
}

const SET_ONE: &str = "Nothing was sent. Tell the person to set CLERK_SECRET_KEY in this server's configuration at the \
                       client to the secret key (sk_test_… or sk_live_…) from Clerk's Dashboard, under API keys, and to \
                       start the server again.";
const MEND_PROFILE: &str = "Nothing was sent. Tell the person to mend this instance's key where its profile says that it comes \
                            from, and to start the server again.";
const NO_KEY: &str = "no secret key: set CLERK_SECRET_KEY (or CLERK_SECRET_KEY_FILE), or use --demo";

impl Keys {
    fn mode(self) -> anyhow::Result<Mode> {
        Ok(match (self, configured_key()) {
            (Self::Given(key), _) => Mode::Hosted(key.context("there is no key to be checked")?),
            (Self::OrWhyNot, Ok(None)) => without_key("missing_secret_key", NO_KEY.into(), SET_ONE),
            (Self::OrWhyNot, Err(error)) => without_key("invalid_secret_key", logs::without_secrets(&error), SET_ONE),
            (Self::OrOfRequests, Ok(None)) => Mode::Public,
            (_, key) => Mode::Hosted(key?.context(NO_KEY)?),
        })
    }

    /// The mode of an instance by what its profile has for a key. Of several, those that have one can be called; over HTTP nobody
    /// would look at why one has none.
    fn mode_of_profile(&self, key: anyhow::Result<SecretKey>) -> anyhow::Result<Mode> {
        match (self, key) {
            (Self::OrWhyNot | Self::Needed, Err(error)) => {
                Ok(without_key("missing_secret_key", logs::without_secrets(&error), MEND_PROFILE))
            }
            (_, key) => Ok(Mode::Hosted(key?)),
        }
    }
}

fn without_key(code: &'static str, message: String, hint: &'static str) -> Mode {
    Mode::WithoutKey(MissingKey { code, message: message.into(), hint })
}

/// A server as the options describe it.
pub(crate) async fn prepare(options: &Options, keys: Keys, telemetry: Telemetry) -> anyhow::Result<Server> {
    let profiles = Profiles::of(options)?;
    let served = match &profiles {
        Some(profiles) => of_profiles(options, profiles, &keys).await?,
        None => vec![of_process(options, keys).await?],
    };
    let audit = options.audit.as_deref().map(Audit::open).transpose().context("--audit (CLERK_MCP_AUDIT)")?;
    let secrets = options.secrets_dir.as_deref().map(SecretsDirectory::open).transpose();
    let secrets = secrets.context("--secrets-dir (CLERK_SECRETS_DIR)")?;
    let component = served[0].component.clone();
    let tools = component.list_tools(&policy::everything()).await?;
    let telemetry = telemetry.knowing(Server::names(&component, &tools).await?);
    let key = |instance: &ServedInstance| match &instance.mode {
        Mode::Hosted(key) => Some(key.clone()),
        Mode::Public | Mode::WithoutKey(_) => None,
    };
    let recorder = Recorder::new(audit, &tools, served.iter().filter_map(key).collect());
    let instances = Instances::new(served, profiles.and_then(|profiles| profiles.default), &tools);
    Server::start(instances, options.demo, telemetry, recorder, secrets).await
}

/// The one instance of a process without profiles.
async fn of_process(options: &Options, keys: Keys) -> anyhow::Result<ServedInstance> {
    let (origin, mode) = if options.demo {
        (start_emulator().await?, Mode::Hosted(SecretKey::parse(DEMO_SECRET_KEY)?))
    } else {
        (origin(options)?, keys.mode()?)
    };
    let (component, policy) = load(options, egress(options, origin)).await?;
    Ok(ServedInstance::new(None, component, mode, policy))
}

/// An instance for each profile. One alone has no name, and is as if its settings were options.
async fn of_profiles(options: &Options, profiles: &Profiles, keys: &Keys) -> anyhow::Result<Vec<ServedInstance>> {
    let loaded = load_profiles(options, profiles).await?;
    let found = profiles.keys();
    profiles.check_default(&found)?;
    let mut served: Vec<ServedInstance> = Vec::new();
    for ((profile, (component, policy)), key) in profiles.all.iter().zip(loaded).zip(found) {
        let mode = keys.mode_of_profile(key)?;
        let name = (profiles.all.len() > 1).then(|| profile.name.clone());
        let same = served.iter().find(|other| is_same(other, &mode, &component));
        let component = match same {
            // What one spends of Clerk's limits, the other has no more.
            Some(same) => {
                let budget = same.component.egress().budget().with_limits(limits(&profile.options));
                component.with_egress(Egress::new(origin(&profile.options)?, budget))
            }
            None => component,
        };
        served.push(ServedInstance::new(name, component, mode, policy));
    }
    Ok(served)
}

/// Tells whether two profiles are of one instance of Clerk.
fn is_same(other: &ServedInstance, mode: &Mode, component: &Component) -> bool {
    let (Mode::Hosted(one), Mode::Hosted(key)) = (&other.mode, mode) else { return false };
    one.digest() == key.digest()
        && other.component.egress().origin().to_string() == component.egress().origin().to_string()
}

/// The component and the policy of each profile. Needs no key.
pub(crate) async fn load_profiles(options: &Options, profiles: &Profiles) -> anyhow::Result<Vec<(Component, Policy)>> {
    let mut loaded: Vec<(Component, Policy)> = Vec::new();
    for profile in &profiles.all {
        let context = || format!("the profile {:?}", &*profile.name);
        let egress = egress(&profile.options, origin(&profile.options).with_context(context)?);
        let component = match loaded.first() {
            Some((first, _)) => first.with_egress(egress),
            None => component(options, egress)?,
        };
        let policy = policy::read(&profile.options, &component).await.with_context(context)?;
        loaded.push((component, policy));
    }
    Ok(loaded)
}

/// The profile that a command names.
///
/// # Errors
///
/// There are no profiles, or none of that name.
pub(crate) fn named<'a>(profiles: Option<&'a Profiles>, name: &str) -> anyhow::Result<&'a Profile> {
    let profiles = profiles.context("--instance names a profile: name their file with --profiles (CLERK_PROFILES)")?;
    Ok(&profiles.all[profiles.find(name).context("--instance")?])
}

fn limits(options: &Options) -> Limits {
    Limits { requests: options.max_requests, writes: options.max_writes }
}

pub(crate) fn egress(options: &Options, origin: Origin) -> Egress {
    Egress::new(origin, Budget::new(limits(options)))
}

fn component(options: &Options, egress: Egress) -> anyhow::Result<Component> {
    let timeout = Duration::from_secs(options.timeout.into());
    Ok(Component::load(options.component.as_deref(), egress, timeout)?)
}

pub(crate) async fn load(options: &Options, egress: Egress) -> anyhow::Result<(Component, Policy)> {
    let component = component(options, egress)?;
    let policy = policy::read(options, &component).await?;
    Ok((component, policy))
}

pub(crate) fn origin(options: &Options) -> anyhow::Result<Origin> {
    Origin::parse(&options.api_url).with_context(|| "CLERK_API_URL (--api-url)")
}

async fn start_emulator() -> anyhow::Result<Origin> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("no port for the emulator")?;
    let url = format!("http://{}/v1", listener.local_addr()?);
    tokio::spawn(async move {
        // It takes longer to fill than all else that happens at a start; whoever connects waits until it is there.
        let emulator = spawn_blocking(Emulator::sample).await.map_err(std::io::Error::other)?;
        emulator.serve(listener).await
    });
    Ok(Origin::parse(&url)?)
}

fn configured_key() -> anyhow::Result<Option<SecretKey>> {
    match (variable("CLERK_SECRET_KEY")?, variable("CLERK_SECRET_KEY_FILE")?) {
        (Some(_), Some(_)) => anyhow::bail!("set CLERK_SECRET_KEY or CLERK_SECRET_KEY_FILE, not both"),
        (Some(text), None) => Ok(Some(SecretKey::parse(&text).context("CLERK_SECRET_KEY")?)),
        (None, Some(file)) => Ok(Some(SecretKey::from_file(Path::new(&file))?)),
        (None, None) => Ok(None),
    }
}

/// An environment variable, if it is set to something.
pub(crate) fn variable(name: &str) -> anyhow::Result<Option<String>> {
    let Some(value) = env::var_os(name).filter(|value| !value.is_empty()) else { return Ok(None) };
    value.into_string().map(Some).map_err(|_| anyhow::anyhow!("{name} is not UTF-8"))
}
