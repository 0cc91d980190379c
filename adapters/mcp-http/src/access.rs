//! Who may call, with which key, and whether Clerk can be reached.

use guarded_tools::{Tools, access, variable};
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

use crate::reply::Reply;
use crate::request::Request;

/// The headers that bring a key; the first is the documented one.
const KEY_HEADERS: [&str; 2] = ["x-clerk-secret-key", "clerk_secret_key"];
const TOKEN: &str = "CLERK_MCP_AUTH_TOKEN";
/// The fewest characters of a token.
const SHORTEST: usize = 16;

/// The key of a request, which the guard has until this is dropped.
pub(crate) struct Lent;

impl Drop for Lent {
    fn drop(&mut self) {
        access::take_key_back();
    }
}

/// Lets a request in, and lends the guard its key.
///
/// # Errors
///
/// It comes from a page of another origin, lacks the token, wants a policy of its own, or brings a key where none is wanted.
pub(crate) fn admit(request: &Request, tools: &Tools) -> Result<Lent, Reply> {
    check_origin(request)?;
    check_token(request)?;
    check_policy(request)?;
    let mut keys = KEY_HEADERS.iter().flat_map(|name| request.values(name));
    let lent = Lent;
    match (keys.next(), keys.next()) {
        (None, _) => {}
        (Some(key), None) => access::lend_key(&String::from_utf8_lossy(key)).map_err(|problem| {
            let status = if access::has_key() { 400 } else { 401 };
            Reply::refused(status, tools.explain(&problem)["message"].as_str().unwrap_or_default())
        })?,
        _ => return Err(Reply::refused(400, "the request brings more than one secret key")),
    }
    Ok(lent)
}

/// A browser names the page that sends a request: only one of this server's own may.
fn check_origin(request: &Request) -> Result<(), Reply> {
    let Some(origin) = request.header("origin").map_err(Reply::malformed)? else { return Ok(()) };
    let own = request.authority();
    let is_own =
        origin.split_once("://").is_some_and(|(_, host)| own.is_some_and(|own| own.eq_ignore_ascii_case(host)));
    if is_own { Ok(()) } else { Err(Reply::refused(403, "requests of web pages of other origins are not served")) }
}

/// Who is served: whoever has the token, anybody, or anybody on this machine.
enum Served {
    TokenHolders(String),
    Anybody,
    ThisMachine,
}

/// The operator's key is for those who have the operator's token. A component cannot see who can reach it, so that without
/// a token it serves nobody, unless the API is on this machine too: then it is an emulator, and is served to this machine.
fn served() -> Result<Served, (u16, String)> {
    if let Some(token) = variable(TOKEN) {
        let token = token.trim();
        return match token.len() {
            SHORTEST.. => Ok(Served::TokenHolders(token.into())),
            _ => Err((500, format!("{TOKEN} is shorter than {SHORTEST} characters"))),
        };
    }
    let is_emulated = access::base_url().is_ok_and(|url| url.starts_with("http://"));
    match (access::has_key(), is_emulated) {
        (false, _) => Ok(Served::Anybody),
        (true, true) => Ok(Served::ThisMachine),
        (true, false) => Err((403, format!("{UNPROTECTED} ({SHORTEST} characters or more)"))),
    }
}

const UNPROTECTED: &str = "this server has a secret key and no token to ask for: set CLERK_MCP_AUTH_TOKEN";

fn check_token(request: &Request) -> Result<(), Reply> {
    let token = match served().map_err(|(status, problem)| Reply::refused(status, problem))? {
        Served::Anybody => return Ok(()),
        Served::ThisMachine if is_local(request) => return Ok(()),
        Served::ThisMachine => return Err(Reply::refused(403, UNPROTECTED)),
        Served::TokenHolders(token) => token,
    };
    let given = request.header("authorization").map_err(Reply::malformed)?.and_then(|value| value.split_once(' '));
    let given = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, given)| given.trim());
    match given {
        Some(given) if bool::from(given.as_bytes().ct_eq(token.as_bytes())) => Ok(()),
        Some(_) => Err(Reply::unauthorized("this is not the token of this server")),
        None => Err(Reply::unauthorized("this server wants a token: Authorization: Bearer …")),
    }
}

/// Headers by which a request to the program `clerk-mcp` wants less than its operator allows.
const POLICY: [&str; 5] = ["x-mcp-mode", "x-mcp-readonly", "x-mcp-toolsets", "x-mcp-tools", "x-mcp-exclude-tools"];

/// Whoever wants less counts on getting no more: what is not known here is not passed over.
fn check_policy(request: &Request) -> Result<(), Reply> {
    let wanted = POLICY.iter().find(|name| request.values(name).next().is_some());
    wanted.map_or(Ok(()), |name| {
        Err(Reply::refused(400, format!("{name}: this server allows what its operator has set; leave the header out")))
    })
}

/// Whether the client knows this server by a name of this machine, which a page on the web cannot make it do.
fn is_local(request: &Request) -> bool {
    let authority = request.authority().unwrap_or_default();
    let host =
        authority.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')).map_or(&*authority, |(host, _)| host);
    ["localhost", "127.0.0.1", "[::1]"].contains(&host.to_ascii_lowercase().as_str())
}

/// `{"status":"ok","mode":"hosted","clerkConnected":true}`; in public mode there is no instance to look at, and
/// `clerkConnected` is null. A `problem` says what is not set up rightly.
pub(crate) fn health(tools: &Tools) -> Reply {
    let is_hosted = access::has_key();
    let problem = match (is_hosted, tools.context()) {
        (_, Ok(_)) => Value::Null,
        (false, Err(failure)) if failure["code"] == "missing_secret_key" => Value::Null,
        (_, Err(failure)) => failure["message"].clone(),
    };
    let problem = served().err().map_or(problem, |(_, unserved)| unserved.into());
    let connected = is_hosted.then(access::can_reach_api);
    let is_ok = problem.is_null() && connected != Some(false);
    let mut report = json!({
        "status": if is_ok { "ok" } else { "degraded" },
        "mode": if is_hosted { "hosted" } else { "public" },
        "clerkConnected": connected,
    });
    if !problem.is_null() {
        report["problem"] = problem;
    }
    Reply::ok(&report)
}
