//! A client for tests: calls the emulator without a network.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use clerk_emulator::{DEMO_SECRET_KEY, Emulator};
use serde_json::{Value, json};
use tower::ServiceExt;

/// An emulator of its own for each test.
pub(crate) struct Clerk {
    router: Router,
}

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Clerk {
    pub(crate) fn sample() -> Self {
        Self::new(Emulator::sample())
    }

    pub(crate) fn new(emulator: Emulator) -> Self {
        Self { router: emulator.router() }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Reply { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// A request with the demo key; `target` is the path and query after `/v1`.
    pub(crate) async fn call(&self, method: &str, target: &str, body: Option<Value>) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(format!("/v1{target}"))
            .header("authorization", format!("Bearer {DEMO_SECRET_KEY}"))
            .header("content-type", "application/json")
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())));
        self.send(request.unwrap()).await
    }

    pub(crate) async fn get(&self, target: &str) -> Reply {
        self.call("GET", target, None).await
    }

    pub(crate) async fn post(&self, target: &str, body: Value) -> Reply {
        self.call("POST", target, Some(body)).await
    }

    pub(crate) async fn patch(&self, target: &str, body: Value) -> Reply {
        self.call("PATCH", target, Some(body)).await
    }

    pub(crate) async fn delete(&self, target: &str) -> Reply {
        self.call("DELETE", target, None).await
    }

    /// The id of the user with an email address.
    pub(crate) async fn user(&self, email_address: &str) -> String {
        text(&self.get(&format!("/users?email_address={email_address}")).await.ok()[0]["id"])
    }

    /// The id of the organization with a slug.
    pub(crate) async fn organization(&self, slug: &str) -> String {
        text(&self.get(&format!("/organizations/{slug}")).await.ok()["id"])
    }

    /// A new organization without members that takes any number of them.
    pub(crate) async fn new_organization(&self, name: &str) -> String {
        let body = json!({ "name": name, "max_allowed_memberships": 0 });
        text(&self.post("/organizations", body).await.ok()["id"])
    }
}

impl Reply {
    /// The body of a 200.
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }

    /// The first error's code, with the status in front: `404 resource_not_found`.
    pub(crate) fn refusal(&self) -> String {
        format!("{} {}", self.status, self.body["errors"][0]["code"].as_str().unwrap_or("without a code"))
    }

    /// Which parameters a 422 complains about, in its order.
    pub(crate) fn faulty_parameters(&self) -> Vec<&str> {
        assert_eq!(self.status, 422, "{}", self.body);
        let errors = self.body["errors"].as_array().unwrap();
        errors.iter().filter_map(|error| error["meta"]["param_name"].as_str()).collect()
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// What each element of a list has at `field`.
pub(crate) fn each<'a>(list: &'a Value, field: &str) -> Vec<&'a Value> {
    list.as_array().unwrap().iter().map(|element| &element[field]).collect()
}

/// Texts, sorted, for lists whose order does not matter.
pub(crate) fn sorted(list: &Value, field: &str) -> Vec<String> {
    let mut texts: Vec<String> = each(list, field).into_iter().map(text).collect();
    texts.sort();
    texts
}
