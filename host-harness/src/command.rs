//! The commands: what each one sets up and prints.

mod tools;

use std::io::{Write as _, stdout};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use rmcp::model::{CallToolResult, JsonObject};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::audit::{self, Invalid};
use crate::auth::Access;
use crate::cli::{AuditCommand, Cli, Command, HttpOptions, Options, completions, manual};
use crate::file_system;
use crate::health::Health;
use crate::http;
use crate::inspect;
use crate::pipes;
use crate::preparation::{Keys, named, prepare, variable};
use crate::profiles::Profiles;
use crate::server::{Mode, Server};
use crate::setup;
use crate::signals::Signals;
use crate::stdio;
use crate::telemetry::Telemetry;
use crate::telemetry::logs::{self, Format};
use crate::terminal::answer::in_words;
use crate::terminal::person::Person;
use crate::terminal::{self, is_read_by_person};

pub(crate) async fn run(cli: Cli, telemetry: Telemetry) -> anyhow::Result<ExitCode> {
    Signals::survive_full_files()?;
    match cli.command {
        Command::Stdio => stdio(&cli.options, telemetry).await,
        Command::Http(options) => serve_http(&cli.options, *options, telemetry).await,
        Command::Init(init) => setup::init(cli.options, *init, telemetry).await,
        Command::Doctor(doctor) => setup::doctor(cli.options, cli.wrong_settings, doctor, telemetry).await,
        Command::Tools { json, instance } => tools::list(&cli.options, instance.as_deref(), json).await,
        Command::Call { name, arguments, json, instance } => {
            let arguments = of_instance(&cli.options, given(arguments.as_deref())?, instance.as_deref())?;
            call(&cli.options, &name, arguments, json, telemetry).await
        }
        Command::Audit(command) => audit(command),
        Command::Completions { shell } => print(completions(shell)?.trim_end()),
        Command::Man => print(manual()?.trim_end()),
        Command::Inspect { file, json } => inspect(file.as_deref().or(cli.options.component.as_deref()), json),
    }
}

async fn stdio(options: &Options, telemetry: Telemetry) -> anyhow::Result<ExitCode> {
    let server = prepare(options, Keys::OrWhyNot, telemetry).await?;
    for instance in server.instances() {
        if let Mode::WithoutKey(missing) = &instance.mode {
            tracing::warn!("no call can be made: {}", missing.message);
        }
    }
    server.warm();
    let mut signals = Signals::listen()?;
    stdio::serve(server, async move { signals.next().await }).await?;
    Ok(ExitCode::SUCCESS)
}

async fn serve_http(options: &Options, http: HttpOptions, telemetry: Telemetry) -> anyhow::Result<ExitCode> {
    let telemetry = if http.metrics { telemetry.counting() } else { telemetry };
    let telemetry = if http.no_page { telemetry } else { telemetry.watching() };
    let access = Access::new(variable("CLERK_MCP_AUTH_TOKEN")?.as_deref(), &http.oauth)?;
    let mut settings = http::Settings {
        listen: http.listen,
        allowed_hosts: http.allowed_hosts,
        allowed_origins: http.allowed_origins,
        access,
        limits: http.limits,
        keeps_secrets: options.secrets_dir.is_some(),
        call_timeout: Duration::from_secs(options.timeout.into()),
    };
    settings.allowed_hosts.extend(settings.access.public_host().map(str::to_owned));
    let signals = Signals::listen()?;
    // Each call may have eight connections to the API.
    file_system::open_all_that_may_be_open();
    let server = prepare(options, Keys::OrOfRequests, telemetry).await?;
    let listener = http::bind(&settings, server.mode()).await?;
    let address = listener.local_addr()?;
    settings.allowed_origins.extend(http::own_origins(address));
    if !address.ip().is_unspecified() {
        settings.allowed_hosts.push(address.ip().to_string());
    }
    announce(options, &server, &listener, &settings.access)?;
    let health = Health::new(server.egresses(), server.mode());
    http::serve(listener, settings, server, health, signals).await?;
    Ok(ExitCode::SUCCESS)
}

/// The arguments of a call on the command line.
fn given(arguments: Option<&str>) -> anyhow::Result<Option<JsonObject>> {
    arguments.map(serde_json::from_str).transpose().context("the arguments are not a JSON object")
}

/// The arguments of a call with the instance that the command line names.
fn of_instance(
    options: &Options,
    mut arguments: Option<JsonObject>,
    instance: Option<&str>,
) -> anyhow::Result<Option<JsonObject>> {
    if let Some(instance) = instance {
        let profiles = Profiles::of(options)?;
        named(profiles.as_ref(), instance)?;
        // One alone has no name.
        if profiles.is_some_and(|profiles| profiles.all.len() > 1) {
            let other = arguments.get_or_insert_default().insert("instance".into(), instance.into());
            anyhow::ensure!(
                other.is_none_or(|other| other == instance),
                "--instance and the arguments name different instances: leave one of them out"
            );
        }
    }
    Ok(arguments)
}

async fn call(
    options: &Options,
    name: &str,
    arguments: Option<JsonObject>,
    wants_json: bool,
    telemetry: Telemetry,
) -> anyhow::Result<ExitCode> {
    let server = prepare(options, Keys::Needed, telemetry).await?;
    let called = server.call(name, arguments, Person::here()).await;
    let result = called.map_err(|error| anyhow::anyhow!("{}", error.message))?;
    let has_failed = result.is_error == Some(true);
    if is_read_by_person(wants_json) {
        terminal::print(&in_words(&in_order(&result), has_failed, terminal::width()))?;
    } else {
        print(&as_json(&result))?;
    }
    Ok(ExitCode::from(u8::from(has_failed || waits_for_consent(&result))))
}

/// Tells whether a result is the preview of a call that was not made.
fn waits_for_consent(result: &CallToolResult) -> bool {
    result.structured_content.as_ref().is_some_and(|value| value.get("confirmation_token").is_some())
}

/// A result's text, whose JSON is ordered by its view; of a result without one, its structured content.
fn in_order(result: &CallToolResult) -> String {
    let texts: Vec<&str> = result.content.iter().filter_map(|block| Some(block.as_text()?.text.as_str())).collect();
    match &result.structured_content {
        Some(value) if texts.is_empty() => value.to_string(),
        _ => texts.join("\n"),
    }
}

/// A result's structured content, or what its text says as JSON.
pub(crate) fn as_json(result: &CallToolResult) -> String {
    let text = result.content.first().and_then(|block| block.as_text()).map_or("", |text| text.text.as_str());
    let value = result.structured_content.clone().or_else(|| serde_json::from_str(text).ok());
    value.map_or_else(|| text.to_owned(), |value: Value| format!("{value:#}"))
}

fn inspect(file: Option<&Path>, as_json: bool) -> anyhow::Result<ExitCode> {
    let description = inspect::describe(file)?;
    print(&if as_json { format!("{description:#}") } else { inspect::print(&description) })
}

fn audit(command: AuditCommand) -> anyhow::Result<ExitCode> {
    match command {
        AuditCommand::Show { file, last, html: true, .. } => {
            audit::print_page(&file, &mut stdout().lock(), last)?;
            Ok(ExitCode::SUCCESS)
        }
        AuditCommand::Show { file, last, json, .. } if is_read_by_person(json) => {
            audit::show(&file, &mut anstream::stdout().lock(), last, terminal::width())?;
            Ok(ExitCode::SUCCESS)
        }
        AuditCommand::Show { file, last, .. } => {
            audit::copy(&file, &mut stdout().lock(), last)?;
            Ok(ExitCode::SUCCESS)
        }
        AuditCommand::Verify { file, head } => match audit::verify(&file, head.as_deref()) {
            Ok(summary) => print(&summary.to_string()),
            Err(fault @ (Invalid::Fault { .. } | Invalid::WithoutHead(_))) => {
                print(&fault.to_string())?;
                Ok(ExitCode::from(1))
            }
            Err(error) => Err(error.into()),
        },
    }
}

/// Says on standard error where the server is and how to talk to it.
fn announce(options: &Options, server: &Server, listener: &TcpListener, access: &Access) -> anyhow::Result<()> {
    let address = listener.local_addr()?;
    let mode = match server.mode() {
        Mode::Hosted(_) if options.demo => "sample data of an embedded emulator",
        Mode::Hosted(_) if server.instances().len() > 1 => "hosted: every call uses the secret key of its instance",
        Mode::Hosted(_) => "hosted: every call uses this server's secret key",
        Mode::WithoutKey(_) => "no usable key",
        Mode::Public => "public: each request brings its key in X-Clerk-Secret-Key",
    };
    let page = server.telemetry().recent().map_or_else(String::new, |_| format!(", page at http://{address}/"));
    let text = format!("MCP at http://{address}/mcp, health at http://{address}/health{page} ({mode})");
    logs::announce(options.log_format, &text);
    if options.demo && options.log_format == Format::Text {
        eprint!("{}", to_paste(address, access));
    }
    Ok(())
}

/// The lines to paste for a server at this address, the token to be put in where one is needed.
fn to_paste(address: SocketAddr, access: &Access) -> String {
    let needs_token = !access.is_open() && access.issuer().is_none();
    let (entry, option, header) = if needs_token {
        (
            r#", "headers": {"Authorization": "Bearer TOKEN"}"#,
            " --header \"Authorization: Bearer TOKEN\"",
            Some("authorization: Bearer TOKEN"),
        )
    } else {
        ("", "", None)
    };
    let mut lines = format!(
        "\nPaste into an MCP client's configuration:\n  \
         {{\"mcpServers\": {{\"clerk\": {{\"type\": \"http\", \"url\": \"http://{address}/mcp\"{entry}}}}}}}\n\
         or: claude mcp add --transport http clerk http://{address}/mcp{option}\n",
    );
    if needs_token {
        lines.push_str("TOKEN is what CLERK_MCP_AUTH_TOKEN holds here.\n");
    }
    // Who signs in at an issuer does it in a browser.
    if access.issuer().is_none() {
        lines = lines + "\nTry it:\n  " + &request_to_try(address, header) + "\n";
    }
    lines + "\n"
}

/// A command for the system's shell that calls a tool.
fn request_to_try(address: SocketAddr, header: Option<&str>) -> String {
    let request = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": { "name": "clerk_list_organizations", "arguments": { "limit": 2 } },
    });
    let request = request.to_string();
    let (content_type, accept) = ("content-type: application/json", "accept: application/json, text/event-stream");
    if cfg!(windows) {
        let request = request.replace('"', "\\\"");
        let header = header.map(|header| format!(" -H \"{header}\"")).unwrap_or_default();
        return format!(
            "curl.exe -s http://{address}/mcp{header} -H \"{content_type}\" -H \"{accept}\" -d \"{request}\""
        );
    }
    let header = header.map(|header| format!(" -H '{header}'")).unwrap_or_default();
    format!("curl -s http://{address}/mcp{header} -H '{content_type}' \\\n    -H '{accept}' -d '{request}'")
}

fn print(text: &str) -> anyhow::Result<ExitCode> {
    match writeln!(stdout(), "{text}") {
        Err(error) if pipes::is_closed(&error) => Ok(ExitCode::SUCCESS),
        written => written.context("standard output cannot be written").map(|()| ExitCode::SUCCESS),
    }
}
