//! Who may call, with which key, and whether Clerk can be reached.

use guarded_tools::{Tools, access, variable};
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

use crate::address::Address;
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
/// It can be read in two ways, comes from a page of another origin, lacks the token, wants a policy of its own, or brings a key where none is wanted.
pub(crate) fn admit(request: &Request, tools: &Tools) -> Result<Lent, Reply> {
    let own = request.address().map_err(Reply::malformed)?;
    check_origin(request, &own)?;
    check_token(request, &own)?;
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
fn check_origin(request: &Request, own: &Address) -> Result<(), Reply> {
    let Some(origin) = request.header("origin").map_err(Reply::malformed)? else { return Ok(()) };
    let page = origin.split_once("://").and_then(|(_, host)| Address::parse(host));
    if page.as_ref() == Some(own) {
        Ok(())
    } else {
        Err(Reply::refused(403, "requests of web pages of other origins are not served"))
    }
}

/// Who is served: whoever has the token, anybody, or anybody on this machine.
enum Served {
    TokenHolders(String),
    Anybody,
    ThisMachine,
}

/// The operator's key is for those who have the operator's token. A component cannot see who can reach it, so that without
/// a token it serves nobody but with the emulator's key, and that to this machine. Where the API is tells nothing: also a
/// proxy on this machine leads to Clerk.
fn served() -> Result<Served, (u16, String)> {
    if let Some(token) = variable(TOKEN) {
        let token = token.trim();
        let can_be_sent = token.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        return match token.len() {
            _ if !can_be_sent => Err((500, format!("{TOKEN} has characters that no client can send"))),
            SHORTEST.. => Ok(Served::TokenHolders(token.into())),
            _ => Err((500, format!("{TOKEN} is shorter than {SHORTEST} characters"))),
        };
    }
    match (access::has_key(), access::is_emulated()) {
        (false, _) => Ok(Served::Anybody),
        (true, true) => Ok(Served::ThisMachine),
        (true, false) => Err((403, format!("{UNPROTECTED} ({SHORTEST} characters or more)"))),
    }
}

const UNPROTECTED: &str = "this server has a secret key and no token to ask for: set CLERK_MCP_AUTH_TOKEN";

fn check_token(request: &Request, own: &Address) -> Result<(), Reply> {
    let token = match served().map_err(|(status, problem)| Reply::refused(status, problem))? {
        Served::Anybody => return Ok(()),
        Served::ThisMachine if own.is_this_machine() => return Ok(()),
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

/// How the headers begin by which a request to the program `clerk-mcp` wants less than its operator allows.
const NARROWING: &str = "x-mcp-";

/// Whoever wants less counts on getting no more: what is not known here is not passed over.
fn check_policy(request: &Request) -> Result<(), Reply> {
    let wanted = request.names().find(|name| name.replace('_', "-").starts_with(NARROWING));
    wanted.map_or(Ok(()), |name| {
        Err(Reply::refused(400, format!("{name}: this server allows what its operator has set; leave the header out")))
    })
}

/// `{"status":"ok","mode":"hosted","clerkConnected":true}`; in public mode there is no instance to look at, and
/// `clerkConnected` is null. A `problem` says what is not set up rightly.
///
/// # Errors
///
/// The request comes from a page of another origin, or nobody is served under the name that it is for.
pub(crate) fn health(request: &Request, tools: &Tools) -> Result<Reply, Reply> {
    let own = request.address().map_err(Reply::malformed)?;
    check_origin(request, &own)?;
    if matches!(served(), Ok(Served::ThisMachine)) && !own.is_this_machine() {
        return Err(Reply::refused(403, UNPROTECTED));
    }
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
    Ok(Reply::ok(&report))
}
