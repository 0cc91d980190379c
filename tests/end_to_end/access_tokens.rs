//! Which access tokens are accepted, and what is said about each that is not.

use ring::hmac;
use serde_json::{Value, json};

use crate::harness::issuer::{Issuer, RESOURCE, challenge, key_set, list, now};
use crate::harness::signing::{SigningKey, token};
use crate::harness::{Clerk, HttpServer, Reply};

fn assert_refused(server: &HttpServer, token: &str, reason: &str) {
    let answer = list(server, token);
    assert_eq!(answer.status, 401, "{reason}: {answer:?}");
    let description = format!("error_description=\"the access token is not accepted: {reason}\"");
    let challenge = challenge(&answer);
    assert!(challenge.starts_with("Bearer error=\"invalid_token\", "), "{challenge}");
    assert!(challenge.contains(&description), "{challenge} should contain {description}");
    assert!(challenge.contains("resource_metadata=\"https://mcp.example/"), "{challenge}");
    assert!(answer.json()["error"].as_str().is_some_and(|error| error.ends_with(reason)), "{answer:?}");
}

#[test]
fn a_token_of_each_usual_algorithm_is_accepted() {
    let algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"];
    let keys = algorithms.map(|algorithm| SigningKey::new(algorithm, algorithm));
    let (clerk, issuer) = (Clerk::sample(), Issuer::with_keys(&keys));
    let server = issuer.server(&clerk);
    for key in keys {
        let answer = list(&server, &key.token(&issuer.claims()));
        assert_eq!(answer.status, 200, "{}: {answer:?}", key.algorithm);
    }
}

#[test]
fn an_empty_subject_is_nobody() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    for subject in [json!(""), json!("  "), Value::Null] {
        let token = issuer.key.token(&issuer.claims_with("sub", subject));
        assert_refused(&server, &token, "its claim sub is missing or malformed");
    }
}

#[test]
fn a_header_may_say_that_it_is_an_access_token_or_leave_it_open() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    let header = |kind: Value| json!({ "alg": "ES256", "kid": "first", "typ": kind });
    let token = |kind| issuer.key.token_with(&header(kind), &issuer.claims());
    for kind in [json!("at+jwt"), json!("AT+JWT"), json!("application/at+jwt"), json!("JWT"), Value::Null] {
        assert_eq!(list(&server, &token(kind.clone())).status, 200, "{kind}");
    }
    for kind in ["logout+jwt", "secevent+jwt", "id_token", ""] {
        assert_refused(&server, &token(json!(kind)), "it is a JWT of another type than at+jwt or JWT");
    }
}

#[test]
fn claims_that_do_not_fit_are_named() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    let (issuer_slash, audience_slash) = (format!("{}/", issuer.url), format!("{RESOURCE}/"));
    let cases = [
        ("exp", json!(now() - 31), "it has expired (exp)"),
        ("exp", json!(0), "it has expired (exp)"),
        ("exp", Value::Null, "its claim exp is missing or malformed"),
        ("exp", json!("4102444800"), "its claim exp is missing or malformed"),
        ("exp", json!(-1), "its claim exp is missing or malformed"),
        ("nbf", json!(now() + 40), "it is not valid yet (nbf)"),
        ("nbf", json!("soon"), "its claim nbf is missing or malformed"),
        ("iss", json!("https://clerk.example"), "it is from another issuer (iss)"),
        ("iss", json!(issuer_slash), "it is from another issuer (iss)"),
        ("iss", json!([issuer.url]), "its claims are malformed"),
        ("iss", Value::Null, "its claim iss is missing or malformed"),
        ("aud", json!("https://mcp.example"), "it is for another audience (aud)"),
        ("aud", json!(audience_slash), "it is for another audience (aud)"),
        ("aud", json!(["client_1", "https://api.example"]), "it is for another audience (aud)"),
        ("aud", json!([]), "it is for another audience (aud)"),
        ("aud", Value::Null, "its claim aud is missing or malformed"),
        ("sub", Value::Null, "its claim sub is missing or malformed"),
        ("sub", json!(7), "its claims are malformed"),
        ("scope", json!(7), "its claims are malformed"),
    ];
    for (name, value, reason) in cases {
        assert_refused(&server, &issuer.key.token(&issuer.claims_with(name, value)), reason);
    }
    clerk.assert_nothing_sent();
}

#[test]
fn clocks_may_differ_a_little() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    for (name, value) in [("exp", now() - 10), ("nbf", now() + 20)] {
        let token = issuer.key.token(&issuer.claims_with(name, json!(value)));
        assert_eq!(list(&server, &token).status, 200, "{name}");
    }
}

#[test]
fn a_token_may_be_for_several_audiences() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    let token = |audience: Value| issuer.key.token(&issuer.claims_with("aud", audience));
    assert_eq!(list(&server, &token(json!(["https://api.example", RESOURCE]))).status, 200);
    let server = issuer.program(&clerk).variable("CLERK_MCP_OAUTH_AUDIENCE", "clerk-mcp, https://other.example").http();
    for audience in ["clerk-mcp", "https://other.example"] {
        assert_eq!(list(&server, &token(json!(audience))).status, 200, "{audience}");
    }
    assert_refused(&server, &token(json!(RESOURCE)), "it is for another audience (aud)");
}

#[test]
fn a_signature_has_to_be_the_issuers() {
    let rsa = SigningKey::new("rsa", "RS256");
    let (clerk, issuer) = (Clerk::sample(), Issuer::with_keys(&[SigningKey::new("first", "ES256"), rsa.clone()]));
    let server = issuer.server(&clerk);
    let claims = issuer.claims();
    let wrong = "its signature is wrong";
    assert_refused(&server, &SigningKey::new("first", "ES256").token(&claims), wrong);
    let good = issuer.token();
    let (message, signature) = good.rsplit_once('.').expect("a token has parts");
    assert_refused(&server, &format!("{message}."), wrong);
    assert_refused(&server, &format!("{message}.{}", &signature[4..]), wrong);
    let other_claims = issuer.key.token(&issuer.claims_with("scope", json!("clerk:read")));
    let (other_message, _) = other_claims.rsplit_once('.').expect("a token has parts");
    assert_refused(&server, &format!("{other_message}.{signature}"), wrong);
    let mismatch = "the key that it names is not for its algorithm";
    for (id, algorithm) in [("rsa", "ES256"), ("first", "RS256"), ("rsa", "PS256"), ("first", "ES384")] {
        let header = json!({ "alg": algorithm, "typ": "at+jwt", "kid": id });
        assert_refused(&server, &issuer.key.token_with(&header, &claims), mismatch);
    }
}

#[test]
fn a_public_key_is_no_shared_secret() {
    let rsa = SigningKey::new("rsa", "RS256");
    let (clerk, issuer) = (Clerk::sample(), Issuer::with_keys(std::slice::from_ref(&rsa)));
    let server = issuer.server(&clerk);
    let header = json!({ "alg": "HS256", "typ": "at+jwt", "kid": "rsa" });
    let public = rsa.jwk();
    for secret in [public["n"].to_string(), public["n"].as_str().unwrap_or_default().to_owned(), public.to_string()] {
        let secret = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let forged = token(&header, &issuer.claims(), |message| hmac::sign(&secret, message).as_ref().to_vec());
        assert_refused(&server, &forged, "its algorithm is not accepted");
    }
    assert_eq!(issuer.upstream.count(), 0, "nothing is fetched for such a token");
}

#[test]
fn what_is_no_signed_token_is_refused_without_asking_the_issuer() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let server = issuer.server(&clerk);
    let header = |value: Value| issuer.key.token_with(&value, &issuer.claims());
    let unsigned = token(&json!({ "alg": "none", "typ": "at+jwt", "kid": "first" }), &issuer.claims(), |_| Vec::new());
    let unreadable = "it is not a JWT that is signed with a known algorithm";
    for text in [&unsigned, "oat_CANARY7f3a", "CANARY7f3a.CANARY7f3a.CANARY7f3a", "a.b", "..", "a.b.c.d.e", "{}", "a b"]
    {
        assert_refused(&server, text, unreadable);
    }
    assert_refused(&server, &header(json!({ "alg": "NONE", "kid": "first" })), unreadable);
    assert_refused(&server, &header(json!({ "alg": "ES256" })), "it does not name its key (kid)");
    let extended = json!({ "alg": "ES256", "kid": "first", "crit": ["b64"], "b64": false });
    assert_refused(&server, &header(extended), "it demands an extension (crit) that this server does not know");
    let large = issuer.key.token(&issuer.claims_with("padding", json!("x".repeat(8 * 1024))));
    assert_refused(&server, &large, "it is longer than 8 KiB");
    assert_eq!(issuer.upstream.count(), 0);
    clerk.assert_nothing_sent();
}

#[test]
fn keys_for_other_things_check_no_tokens() {
    let (clerk, issuer) = (Clerk::sample(), Issuer::start());
    let spoilt = |name: &str, value: Value| {
        let mut set = key_set(std::slice::from_ref(&issuer.key));
        set["keys"][0][name] = value;
        set["keys"].as_array_mut().expect("a list").push(SigningKey::new("spare", "EdDSA").jwk());
        set
    };
    for (name, value) in [
        ("use", json!("enc")),
        ("key_ops", json!(["encrypt"])),
        ("alg", json!("ES384")),
        ("alg", json!("HS256")),
        ("alg", json!("ECDH-ES")),
        ("kty", json!("oct")),
        ("crv", json!("secp256k1")),
    ] {
        issuer.answer(crate::harness::issuer::KEYS, Reply::json(200, &spoilt(name, value.clone())));
        let unknown = "the issuer has no key of the name that it gives (kid)";
        assert_refused(&issuer.server(&clerk), &issuer.token(), unknown);
    }
}
