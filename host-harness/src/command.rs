//! The commands: what each one sets up and prints.

use std::env;
use std::io::{Write as _, stdout};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clerk_emulator::{DEMO_SECRET_KEY, Emulator};
use rmcp::model::{CallToolResult, JsonObject};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

use crate::audit::{self, Audit, Invalid};
use crate::auth::Access;
use crate::budget::{Budget, Limits};
use crate::cli::{AuditCommand, Cli, Command, HttpOptions, Options, completions, manual};
use crate::component::{Component, Policy, Tool};
use crate::egress::Egress;
use crate::file_system;
use crate::health::Health;
use crate::http;
use crate::inspect;
use crate::key::SecretKey;
use crate::origin::Origin;
use crate::pipes;
use crate::policy;
use crate::secrets::SecretsDirectory;
use crate::server::{MissingKey, Mode, Recorder, Server, name_of, to_mcp};
use crate::setup;
use crate::signals::Signals;
use crate::stdio;
use crate::telemetry::Telemetry;
use crate::telemetry::logs::{self, Format};

pub(crate) async fn run(cli: Cli, telemetry: Telemetry) -> anyhow::Result<ExitCode> {
    Signals::survive_full_files()?;
    match cli.command {
        Command::Stdio => stdio(&cli.options, telemetry).await,
        Command::Http(options) => serve_http(&cli.options, *options, telemetry).await,
        Command::Init(init) => setup::init(cli.options, *init, telemetry).await,
        Command::Doctor(doctor) => setup::doctor(cli.options, cli.wrong_settings, doctor, telemetry).await,
        Command::Tools { json } => list(&cli.options, json).await,
        Command::Call { name, arguments } => call(&cli.options, &name, arguments.as_deref(), telemetry).await,
        Command::Audit(command) => audit(command),
        Command::Completions { shell } => print(completions(shell)?.trim_end()),
        Command::Man => print(manual()?.trim_end()),
        Command::Inspect { file, json } => inspect(file.as_deref().or(cli.options.component.as_deref()), json),
    }
}

async fn stdio(options: &Options, telemetry: Telemetry) -> anyhow::Result<ExitCode> {
    let (server, _) = prepare(options, || Ok(key_or_why_not()), telemetry).await?;
    if let Mode::WithoutKey(missing) = server.mode() {
        tracing::warn!("no call can be made: {}", missing.message);
    }
    server.warm();
    let mut signals = Signals::listen()?;
    stdio::serve(server, async move { signals.next().await }).await?;
    Ok(ExitCode::SUCCESS)
}

async fn serve_http(options: &Options, http: HttpOptions, telemetry: Telemetry) -> anyhow::Result<ExitCode> {
    let telemetry = if http.metrics { telemetry.counting() } else { telemetry };
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
    let (server, egress) = prepare(options, key_or_public, telemetry).await?;
    let listener = http::bind(&settings, server.mode()).await?;
    let address = listener.local_addr()?;
    settings.allowed_origins.extend(http::own_origins(address));
    if !address.ip().is_unspecified() {
        settings.allowed_hosts.push(address.ip().to_string());
    }
    announce(options, &server, &listener)?;
    let health = Health::new(egress, server.mode());
    http::serve(listener, settings, server, health, signals).await?;
    Ok(ExitCode::SUCCESS)
}

async fn list(options: &Options, as_json: bool) -> anyhow::Result<ExitCode> {
    let (component, policy) = load(options, egress(options, origin(options)?)).await?;
    let tools = component.list_tools(&policy).await?;
    if as_json {
        let tools = tools.into_iter().map(to_mcp).collect::<Result<Vec<_>, _>>()?;
        return print(&format!("{:#}", json!({ "tools": tools })));
    }
    let line = |tool: &Tool| {
        let danger = name_of(tool.danger);
        format!("{:<37} {:<13} {danger:<12} {}", tool.name, tool.toolset, tool.title)
    };
    let lines: Vec<String> = tools.iter().map(line).collect();
    print(&lines.join("\n"))
}

async fn call(
    options: &Options,
    name: &str,
    arguments: Option<&str>,
    telemetry: Telemetry,
) -> anyhow::Result<ExitCode> {
    let arguments: Option<JsonObject> =
        arguments.map(serde_json::from_str).transpose().context("the arguments are not a JSON object")?;
    let (server, _) = prepare(options, key_of_process, telemetry).await?;
    let result = server.call(name, arguments).await.map_err(|error| anyhow::anyhow!("{}", error.message))?;
    print(&as_json(&result))?;
    Ok(ExitCode::from(u8::from(result.is_error == Some(true))))
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
        AuditCommand::Show { file, last, html } => {
            let show = if html { audit::print_page } else { audit::show };
            show(&file, &mut stdout().lock(), last)?;
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

/// A server as the options describe it. `key` finds the mode where there is no demo.
pub(crate) async fn prepare(
    options: &Options,
    key: impl FnOnce() -> anyhow::Result<Mode>,
    telemetry: Telemetry,
) -> anyhow::Result<(Server, Egress)> {
    let (origin, mode) = if options.demo {
        (start_emulator().await?, Mode::Hosted(SecretKey::parse(DEMO_SECRET_KEY)?))
    } else {
        (origin(options)?, key()?)
    };
    let egress = egress(options, origin);
    let (component, policy) = load(options, egress.clone()).await?;
    let audit = options.audit.as_deref().map(Audit::open).transpose().context("--audit (CLERK_MCP_AUDIT)")?;
    let secrets = options.secrets_dir.as_deref().map(SecretsDirectory::open).transpose();
    let secrets = secrets.context("--secrets-dir (CLERK_SECRETS_DIR)")?;
    let tools = component.list_tools(&policy::everything()).await?;
    let telemetry = telemetry.knowing(Server::names(&component, &tools).await?);
    let recorder = Recorder::new(audit, &tools);
    Ok((Server::start(component, policy, mode, options.demo, telemetry, recorder, secrets).await?, egress))
}

pub(crate) fn egress(options: &Options, origin: Origin) -> Egress {
    Egress::new(origin, Budget::new(Limits { requests: options.max_requests, writes: options.max_writes }))
}

pub(crate) async fn load(options: &Options, egress: Egress) -> anyhow::Result<(Component, Policy)> {
    let timeout = Duration::from_secs(options.timeout.into());
    let component = Component::load(options.component.as_deref(), egress, timeout)?;
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

/// The process's key; HTTP does without one, and each request brings its own.
fn key_or_public() -> anyhow::Result<Mode> {
    Ok(configured_key()?.map_or(Mode::Public, Mode::Hosted))
}

fn key_of_process() -> anyhow::Result<Mode> {
    Ok(Mode::Hosted(configured_key()?.context(NO_KEY)?))
}

const NO_KEY: &str = "no secret key: set CLERK_SECRET_KEY (or CLERK_SECRET_KEY_FILE), or use --demo";

/// The process's key, or what each call is answered with: clients list the tools of a server before anybody has a key, and
/// of one that has ended they show nothing that it said.
fn key_or_why_not() -> Mode {
    let without = |code, message: String| Mode::WithoutKey(MissingKey { code, message: message.into() });
    match configured_key() {
        Ok(Some(key)) => Mode::Hosted(key),
        Ok(None) => without("missing_secret_key", NO_KEY.into()),
        Err(error) => without("invalid_secret_key", logs::without_secrets(&error)),
    }
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
fn variable(name: &str) -> anyhow::Result<Option<String>> {
    let Some(value) = env::var_os(name).filter(|value| !value.is_empty()) else { return Ok(None) };
    value.into_string().map(Some).map_err(|_| anyhow::anyhow!("{name} is not UTF-8"))
}

/// Says on standard error where the server is and how to talk to it.
fn announce(options: &Options, server: &Server, listener: &TcpListener) -> anyhow::Result<()> {
    let address = listener.local_addr()?;
    let mode = match server.mode() {
        Mode::Hosted(_) if options.demo => "sample data of an embedded emulator",
        Mode::Hosted(_) => "hosted: every call uses this server's secret key",
        Mode::WithoutKey(_) => "no usable key",
        Mode::Public => "public: each request brings its key in X-Clerk-Secret-Key",
    };
    let text = format!("MCP at http://{address}/mcp, health at http://{address}/health ({mode})");
    logs::announce(options.log_format, &text);
    if options.demo && options.log_format == Format::Text {
        eprint!(
            "\nPaste into an MCP client's configuration:\n  \
             {{\"mcpServers\": {{\"clerk\": {{\"type\": \"http\", \"url\": \"http://{address}/mcp\"}}}}}}\n\
             or: claude mcp add --transport http clerk http://{address}/mcp\n\nTry it:\n  {}\n\n",
            request_to_try(address),
        );
    }
    Ok(())
}

/// A command for the system's shell that calls a tool.
fn request_to_try(address: SocketAddr) -> String {
    let request = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": { "name": "clerk_list_organizations", "arguments": { "limit": 2 } },
    });
    let request = request.to_string();
    let (content_type, accept) = ("content-type: application/json", "accept: application/json, text/event-stream");
    if cfg!(windows) {
        let request = request.replace('"', "\\\"");
        return format!("curl.exe -s http://{address}/mcp -H \"{content_type}\" -H \"{accept}\" -d \"{request}\"");
    }
    format!("curl -s http://{address}/mcp -H '{content_type}' \\\n    -H '{accept}' -d '{request}'")
}

fn print(text: &str) -> anyhow::Result<ExitCode> {
    match writeln!(stdout(), "{text}") {
        Err(error) if pipes::is_closed(&error) => Ok(ExitCode::SUCCESS),
        written => written.context("standard output cannot be written").map(|()| ExitCode::SUCCESS),
    }
}
