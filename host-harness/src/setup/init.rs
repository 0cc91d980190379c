//! `clerk-mcp init`: puts this server into clients.

use std::io::{Write as _, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::ValueEnum as _;

use super::account::{self, Account, kind};
use super::ask::{self, Choice};
use super::change::Change;
use super::clients::{CLIENTS, Client};
use super::doctor;
use super::entry::Field;
use super::key_source::{self, Source};
use super::launch::{absolute, launch};
use super::options::{InitOptions, Scope};
use super::places::Places;
use super::plan::Plan;
use super::removal;
use crate::cli::Options;
use crate::key::SecretKey;
use crate::policy_options::ModeOption;
use crate::preparation;
use crate::telemetry::Telemetry;

pub(crate) async fn init(mut options: Options, init: InitOptions, telemetry: Telemetry) -> anyhow::Result<ExitCode> {
    let places = Places::of_process()?;
    init.key_file.iter().try_for_each(|path| SecretKey::refuse_as_path("--key-file", path))?;
    let writes_options = !init.remove && !init.print && init.http.is_none();
    if writes_options {
        check_options(&options).await?;
    }
    let clients = clients(&places, &init)?;
    if init.remove {
        return removal::remove(&places, &init, &clients);
    }
    let mut key_file = init.key_file.as_deref().map_or_else(|| places.key_file(), absolute);
    if init.print {
        return print_entries(&places, &options, &init, &clients, &key_file);
    }
    // What is only shown needs no key, and what runs already has its own.
    let needs_key = !options.demo && !init.dry_run && init.http.is_none();
    // Before anything more is asked: it may be that no file can be changed.
    let mut plan = plan(&places, &options, &init, &clients, &key_file)?;
    if needs_key && options.mode.is_none() && !options.read_only && !init.yes && ask::can_ask() {
        options.mode = Some(ask_for_mode(&plan)?);
    }
    let source = needs_key.then(|| source(&places, &init)).transpose()?;
    if let Some(source) = &source {
        warn(source)?;
        if !init.no_check {
            check(&options, source, telemetry).await?;
        }
        key_file = source.file.path().to_owned();
        // Again, as the files are now.
        plan = self::plan(&places, &options, &init, &clients, &key_file)?;
    }
    let is_new = source.as_ref().is_some_and(|source| source.is_new);
    if !plan.is_wanted(&init, is_new)? {
        return plan.end();
    }
    if let Some(source) = source.filter(|source| source.is_new) {
        source.file.write(&source.key)?;
        say(&format!("The key is in {}, for you alone.", source.file.path().display()))?;
    }
    plan.make()
}

fn plan(
    places: &Places,
    options: &Options,
    init: &InitOptions,
    clients: &[&'static Client],
    key_file: &Path,
) -> anyhow::Result<Plan> {
    let entries = entries(options, init, clients, key_file)?.into_iter();
    let file = |(client, entry)| Ok((client, file_of(places, init, client)?, entry));
    let files = entries.map(file).collect::<anyhow::Result<Vec<_>>>()?;
    Plan::of(&files, |client, path, entry| Change::put(client, path, &init.name, entry))
}

/// Refuses options with which no server would start, before a client has them.
async fn check_options(options: &Options) -> anyhow::Result<()> {
    doctor::check_records(options)?;
    let egress = preparation::egress(options, preparation::origin(options)?);
    preparation::load(options, egress).await.map(drop)
}

/// The clients that are named, or that the person chooses.
fn clients(places: &Places, init: &InitOptions) -> anyhow::Result<Vec<&'static Client>> {
    if !init.client.is_empty() {
        let named: Vec<&Client> = init.client.iter().filter_map(|name| Client::named(name)).collect();
        let first = |(number, client): &(usize, &&Client)| !named[..*number].iter().any(|one| one.name == client.name);
        return Ok(named.iter().enumerate().filter(first).map(|(_, &client)| client).collect());
    }
    let is_found =
        |client: &&'static Client| if init.remove { has_entry(places, init, client) } else { places.has(client) };
    let found: Vec<&str> = CLIENTS.iter().filter(is_found).map(|client| client.name).collect();
    anyhow::ensure!(!init.remove || !found.is_empty(), "no client has the entry {}", init.name);
    anyhow::ensure!(
        ask::can_ask(),
        "no terminal to ask at: name the client with --client, for example --client {}; {}",
        found.first().unwrap_or(&CLIENTS[0].name),
        if found.is_empty() { "none was found here".into() } else { format!("found here: {}", found.join(", ")) }
    );
    let choice = |client: &'static Client| {
        let is_usual = found.contains(&client.name);
        Choice { title: client.title, remark: if is_usual { "found" } else { "" }, is_usual }
    };
    let choices: Vec<Choice> = CLIENTS.iter().map(choice).collect();
    let question = if init.remove { "Out of which clients?" } else { "Into which clients?" };
    let chosen = ask::person().choose_some(question, &choices)?;
    Ok(chosen.into_iter().filter_map(|number| CLIENTS.get(number)).collect())
}

/// Tells whether a client has an entry of this name. A file that cannot be read may have one.
fn has_entry(places: &Places, init: &InitOptions, client: &Client) -> bool {
    let files = files_of(places, init, client).unwrap_or_default();
    files.iter().any(|file| client.has_entry(file, &init.name).unwrap_or(true))
}

/// Asks for the mode. The most careful one that an entry has already is the usual one.
fn ask_for_mode(plan: &Plan) -> anyhow::Result<ModeOption> {
    let of_entries = plan.modes().filter_map(|mode| ModeOption::from_str(mode, true).ok());
    let usual = of_entries.min().unwrap_or(ModeOption::Standard);
    let modes = [
        (ModeOption::Standard, "standard", "what cannot be undone asks first; what is critical is off"),
        (ModeOption::ReadOnly, "read-only", "nothing is changed"),
        (ModeOption::Full, "full", "everything; only what is critical asks first"),
    ];
    let choices = modes.map(|(mode, title, remark)| Choice { title, remark, is_usual: mode == usual });
    let chosen = ask::person().choose_one("How much may an assistant do?", &choices)?;
    Ok(modes[chosen].0)
}

fn source(places: &Places, init: &InitOptions) -> anyhow::Result<Source> {
    match &init.key_file {
        Some(file) => key_source::from_file(file).context("--key-file"),
        None => key_source::find(places.key_file(), init),
    }
}

/// Warns of what makes trouble later.
fn warn(source: &Source) -> anyhow::Result<()> {
    if source.file.others_can_read() {
        let path = source.file.path().display();
        say(&format!("Others on this machine can read {path}: run `chmod 600 {path}`."))?;
    }
    if std::env::var_os("CLERK_SECRET_KEY").is_some_and(|key| !key.is_empty()) {
        say(
            "CLERK_SECRET_KEY is set here. Unset it: a client that is started here would have two keys, and use none.",
        )?;
    }
    Ok(())
}

async fn check(options: &Options, source: &Source, telemetry: Telemetry) -> anyhow::Result<()> {
    match account::ask(options, Some(source.key.clone()), telemetry).await? {
        Account::Known(_) => say(&format!("The API knows the key: it is of a {} instance.", kind(&source.key))),
        Account::Refused(reason) => anyhow::bail!("the API refuses the key, and nothing was changed: {reason}"),
        Account::Unknown(reason) => {
            anyhow::bail!("the key could not be checked, and nothing was changed: {reason} --no-check leaves this out")
        }
    }
}

fn entries(
    options: &Options,
    init: &InitOptions,
    clients: &[&'static Client],
    key_file: &Path,
) -> anyhow::Result<Vec<(&'static Client, Field)>> {
    let launch = launch(options, key_file)?;
    let entry = |&client: &&'static Client| match (&init.http, client.http) {
        (None, _) => Ok((client, client.shape.entry(&init.name, &launch))),
        (Some(url), Some(shape)) if is_http(url) => Ok((client, shape.entry(&init.name, url))),
        (Some(_), Some(_)) => anyhow::bail!("--http takes a URL such as http://127.0.0.1:3000/mcp"),
        (Some(_), None) => anyhow::bail!("{} takes no URL in its file: leave --http out", client.title),
    };
    clients.iter().map(entry).collect()
}

fn is_http(url: &str) -> bool {
    let has_host = |rest: &str| !rest.is_empty() && !rest.contains(char::is_whitespace);
    url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).is_some_and(has_host)
}

/// The file for the entry of a client: the one that has it, or else the first.
fn file_of(places: &Places, init: &InitOptions, client: &Client) -> anyhow::Result<PathBuf> {
    let mut files = files_of(places, init, client)?;
    let has_it = files.iter().position(|file| client.has_entry(file, &init.name) == Some(true));
    Ok(files.swap_remove(has_it.unwrap_or_default()))
}

/// The files that a client may have the entry in, at least one.
pub(super) fn files_of(places: &Places, init: &InitOptions, client: &Client) -> anyhow::Result<Vec<PathBuf>> {
    let (files, whom) = match init.scope {
        Scope::User => (places.user_files(client), "a user"),
        Scope::Project => (places.project_file(client).into_iter().collect(), "a project"),
    };
    anyhow::ensure!(!files.is_empty(), "{} has no file for {whom} on this system", client.title);
    Ok(files)
}

fn print_entries(
    places: &Places,
    options: &Options,
    init: &InitOptions,
    clients: &[&'static Client],
    key_file: &Path,
) -> anyhow::Result<ExitCode> {
    for (client, entry) in entries(options, init, clients, key_file)? {
        let text = client.place(&init.name).put("", &entry)?;
        say(&format!("{}, in {}:\n\n{text}", client.title, file_of(places, init, client)?.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn say(text: &str) -> anyhow::Result<()> {
    writeln!(stdout(), "{text}").context("standard output cannot be written")
}
