//! What is served where.

use guarded_tools::{Host, Tools};
use wasip2::http::types::{IncomingRequest, Method, ResponseOutparam};

use crate::reply::Reply;
use crate::request::Request;
use crate::{access, endpoint};

static HOST: Host = Host {
    grant_key: "Set CLERK_SECRET_KEY for this component (wasmtime serve --env CLERK_SECRET_KEY; wasmCloud: environment in \
                localResources; Spin: spin up --env), or send your key in the HTTP header X-Clerk-Secret-Key.",
    grant_network: "Requests may go to Clerk's API only, or to the base URL in CLERK_API_URL. The host has to allow that \
                    too: wasmCloud by allowedHosts, Spin by allowed_outbound_hosts.",
    set_variable: "Correct the variable where the host takes it: wasmtime serve --env; wasmCloud: environment in \
                   localResources; Spin: spin up --env.",
    remembers: false,
};

struct Server;

wasip2::http::proxy::export!(Server);

impl wasip2::exports::http::incoming_handler::Guest for Server {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        answer(&Request::new(request)).send(out);
    }
}

fn answer(request: &Request) -> Reply {
    match (request.path().as_str(), request.method()) {
        // Some clients add the slash, and follow no redirect.
        ("/mcp" | "/mcp/", Method::Post) => {
            endpoint::post(request, &Tools::new(&HOST)).unwrap_or_else(|refusal| refusal)
        }
        ("/mcp" | "/mcp/", _) => Reply::method_not_allowed("POST"),
        ("/health" | "/api/health", Method::Get | Method::Head) => {
            access::health(request, &Tools::new(&HOST)).unwrap_or_else(|refusal| refusal)
        }
        ("/health" | "/api/health", _) => Reply::method_not_allowed("GET, HEAD"),
        _ => Reply::not_found(),
    }
}
