//! Secrets that Clerk answers with show nowhere: a tool passes on the fields on its list and no others, and of the texts in
//! those, nothing that opens a door. Each secret has the canary in it that the harness looks for in all output.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::harness::canary::{self, CANARY, KEY};
use crate::harness::examples::{Example, examples, writes};
use crate::harness::program::Finished;
use crate::harness::reply::asked_for;
use crate::harness::upstream::Seen;
use crate::harness::{Client, Directory, Program, Reply, Upstream, fixtures};

/// Fields that Clerk has for secrets, and some that are on no list because nobody knows them.
const FIELDS: [&str; 24] = [
    "access_token",
    "backup_codes",
    "client_secret",
    "code",
    "external_verification_redirect_url",
    "jwt",
    "last_active_token",
    "nonce",
    "otp",
    "password",
    "password_digest",
    "password_hasher",
    "refresh_token",
    "secret",
    "secret_key",
    "session_token",
    "signing_secret",
    "ticket",
    "token",
    "totp_secret",
    "unknown",
    "url",
    "verification",
    "web3_nonce",
];

/// A text with all that opens a door, whatever field it stands in.
fn indiscreet_text() -> String {
    format!(
        "see https://x.example/?__clerk_ticket={CANARY}.eyJ-a_b~c%3D and https://x.example/accept?ticket={CANARY}/+= or \
         ?a=1&ticket={CANARY}#x with \"sk_live_{CANARY}\"\nor sk_test_{CANARY}, sk_\u{200b}live_{CANARY} and whsec_{CANARY}"
    )
}

/// The same with secrets in each object, however deep it is: under every name there is, as a text, in a list and in an object.
fn with_secrets(value: Value) -> Value {
    let secret = format!("eyJ.{CANARY}.{CANARY}");
    match value {
        Value::Array(items) => items.into_iter().map(with_secrets).collect(),
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| match name.as_str() {
                // What people put there is shown.
                "public_metadata" | "private_metadata" | "unsafe_metadata" => (name, value),
                _ => (name, with_secrets(value)),
            });
            let mut all = Map::new();
            for (number, name) in FIELDS.into_iter().enumerate() {
                let value = [json!(secret), json!([secret]), json!({ "jwt": secret, "id": secret })];
                all.insert(name.to_owned(), value[number % value.len()].clone());
            }
            all.extend(fields);
            all.into()
        }
        other => other,
    }
}

/// Something that every tool takes for what it expects, with a secret wherever there can be one. `word` tells one from
/// another.
fn indiscreet(word: &str) -> Value {
    let text = format!("{word}: {}", indiscreet_text());
    let metadata = json!({ "a": text, "b": { "c": [text] }, format!("whsec_{CANARY}"): 1 });
    let organization = json!({ "id": "org_1", "name": text, "slug": text, "public_metadata": metadata });
    let activity = json!({ "browser_name": text, "device_type": text, "ip_address": text, "city": text });
    let public_user = json!({ "user_id": "user_1", "identifier": text, "first_name": text, "username": text });
    with_secrets(json!({
        "id": "user_1", "user_id": "user_1", "organization_id": "org_1", "total_count": 1,
        "role": "org:member", "role_name": text, "status": "active", "environment_type": text,
        "name": text, "slug": text, "first_name": text, "last_name": text, "username": text, "external_id": text,
        "email_address": text, "primary_email_address_id": "idn_1",
        "email_addresses": [{ "id": "idn_1", "email_address": text, "verification": { "status": "verified" } }],
        "phone_numbers": [{ "phone_number": text, "verification": { "status": "verified" } }],
        "web3_wallets": [{ "web3_wallet": text }], "passkeys": [{ "name": text }], "saml_accounts": [{ "provider": text }],
        "external_accounts": [{ "provider": text, "email_address": text, "username": text }],
        "organization": organization, "public_organization_data": organization, "public_user_data": public_user,
        "latest_activity": activity, "actor": { "sub": "user_2" },
        "public_metadata": metadata, "private_metadata": metadata, "unsafe_metadata": metadata,
    }))
}

fn answer(seen: &Seen) -> Reply {
    let is_list = seen.line.starts_with("GET /v1/sessions?") || seen.line.starts_with("GET /v1/users?");
    let mut thing = indiscreet(if seen.is_read() { "before" } else { "after" });
    // It is what was asked for, or was made of what was given.
    let mut right = asked_for(&seen.line);
    let given: Value = serde_json::from_str(&seen.body).unwrap_or_default();
    for name in ["name", "slug", "username", "external_id"] {
        if given[name].is_string() {
            right[name] = given[name].clone();
        }
    }
    for (name, list) in [("email_address", "email_addresses"), ("phone_number", "phone_numbers")] {
        let given = given[name].as_array().into_iter().flatten();
        right[list] = given.map(|one| json!({ name: one })).collect();
    }
    if given["user_id"].is_string() {
        right["public_user_data"] = json!({ "user_id": given["user_id"] });
    }
    for (name, value) in right.as_object().expect("an object") {
        match (&mut thing[name], value) {
            (Value::Array(items), Value::Array(more)) => items.extend(more.clone()),
            (Value::Object(fields), Value::Object(more)) => fields.extend(more.clone()),
            (field, value) => *field = value.clone(),
        }
    }
    if given["email_address"].is_string() {
        thing["email_address"] = given["email_address"].clone();
    }
    let mut answer = thing.clone();
    answer["data"] = json!([thing]);
    Reply::json(200, if is_list { &answer["data"] } else { &answer })
}

fn refusal() -> Reply {
    let (code, text) = ("some_code", indiscreet_text());
    let meta = with_secrets(json!({ "param_name": text, "param_names": [text], "session_id": "sess_1" }));
    let mut error = with_secrets(json!({ "message": text, "long_message": text, "code": code }));
    error["meta"] = meta;
    let mut refusal = with_secrets(json!({ "clerk_trace_id": "trace-1" }));
    refusal["errors"] = json!([error.clone(), error]);
    Reply::json(422, &refusal)
}

/// An API that refuses some requests, and the log of what may be written there.
struct Setting {
    upstream: Upstream,
    audit: PathBuf,
    secrets: Directory,
}

/// What the API refuses.
type Refuses = fn(&Seen) -> bool;
const REFUSED: [(&str, Refuses); 3] =
    [("nothing", |_| false), ("writes", |seen| !seen.is_read()), ("everything", |_| true)];

impl Setting {
    fn new(refuses: Refuses, name: &str) -> Self {
        let upstream = Upstream::new(move |seen| if refuses(seen) { refusal() } else { answer(seen) });
        Self { upstream, audit: fixtures::file(&format!("secrecy-{name}.jsonl"), b""), secrets: Directory::new() }
    }

    fn program(&self) -> Program {
        let audit = self.audit.to_string_lossy();
        self.upstream.program().traced().arguments(&["--audit", &audit, "--secrets-dir", &self.secrets.text()])
    }

    /// Calls every tool, agrees where one asks, and previews what can be previewed. Gives what is to be recorded of it.
    fn call_everything(&self, client: &dyn Client, refused: &str) -> Recorded {
        let mut recorded = Recorded::default();
        for example in examples().iter().filter(|example| !example.requests.is_empty()) {
            let Example { tool: name, arguments, .. } = example;
            let before = self.upstream.count();
            let mut answer = client.call(name, arguments.clone());
            assert!(self.upstream.count() > before, "{name} was not sent: {answer:?}");
            assert!(!answer.0.to_string().contains("unexpected_response"), "{name}: {answer:?}");
            assert!(refused != "nothing" || answer.result()["isError"] == false, "{name}: {answer:?}");
            let token = &answer.result()["structuredContent"]["confirmation_token"];
            if token.is_string() {
                let mut agreed = arguments.clone();
                agreed["confirmation_token"] = token.clone();
                let writes = self.upstream.writes().len();
                answer = client.call(name, agreed);
                assert!(self.upstream.writes().len() > writes, "{name} was not sent: {answer:?}");
                recorded.confirmed += 1;
            }
            let files = answer.result()["structuredContent"]["secret_files"].as_object().map_or(0, Map::len);
            assert!(!example.reads() || files == 0, "{name} only reads: {answer:?}");
            recorded.secrets += files;
            let changes = answer.result()["structuredContent"]["changes"].as_array().into_iter().flatten();
            recorded.changes += usize::from(changes.into_iter().any(|change| !change["before"].is_null()));
            if !example.reads() {
                let preview = client.call(name, example.dry_run());
                assert!(refused == "everything" || preview.output()["preview"].is_object(), "{name}: {preview:?}");
            }
        }
        for uri in ["clerk://users/user_1", "clerk://organizations/org_1"] {
            client.request("resources/read", json!({ "uri": uri }));
        }
        recorded
    }

    /// The harness has looked through `finished` for keys and canaries; here it looks through the audit log.
    fn check(&self, finished: &Finished) -> Recorded {
        assert!(finished.stderr.contains("DEBUG"), "all there is is logged");
        assert!(finished.stdout.contains("(not shown)"), "texts with secrets were passed on");
        let audit = fs::read_to_string(&self.audit).expect("there is an audit log");
        canary::assert_absent(&audit);
        let count = |part: &str| audit.lines().filter(|line| line.contains(part)).count();
        let confirmed = count(r#""decision":"confirmed by token""#);
        // Each of the writes, its preview, and those that were agreed to.
        let ended = count("") - count(r#""outcome":"begun""#);
        assert_eq!((ended, count(r#""danger":"read""#)), (2 * writes().count() + confirmed, 0), "{audit}");
        let secrets = self.secrets.contents();
        assert!(secrets.iter().all(|secret| secret.contains(CANARY)), "{secrets:?}");
        Recorded { confirmed, changes: count(r#""before":{"/"#), secrets: secrets.len() }
    }
}

/// How many calls of a kind the audit log has.
#[derive(Debug, Default, PartialEq)]
struct Recorded {
    confirmed: usize,
    /// With what was there before and after.
    changes: usize,
    /// That were written to files.
    secrets: usize,
}

#[test]
fn no_secret_of_an_answer_shows_over_standard_input_and_output() {
    for (name, refuses) in REFUSED {
        let setting = Setting::new(refuses, &format!("stdio-{name}"));
        let session = setting.program().arguments(&["--confirm", "off"]).stdio();
        let made = setting.call_everything(&session, name);
        let of_success = name == "nothing";
        let got = (made.confirmed, made.changes > 0, made.secrets > 0);
        assert_eq!(got, (0, of_success, of_success), "{name}: {made:?}");
        assert_eq!(setting.check(&session.close()), made, "{name}");
    }
}

/// Here some calls ask, and answer with their previews first.
#[test]
fn no_secret_of_an_answer_shows_over_http() {
    for (name, refuses) in REFUSED {
        let setting = Setting::new(refuses, &format!("http-{name}"));
        let server = setting.program().http();
        let made = setting.call_everything(&server, name);
        let expected = (name != "everything", name == "nothing");
        assert_eq!((made.confirmed > 0, made.changes > 0), expected, "{name}: {made:?}");
        assert_eq!(setting.check(&server.terminate()), made, "{name}");
    }
}

#[test]
fn no_secret_of_an_answer_shows_in_a_question() {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": { "elicitation": {} },
    });
    let upstream = Upstream::new(answer);
    // On a production instance, what changes access asks too.
    let key = KEY.replace("sk_test_", "sk_live_");
    let session = upstream.program().variable("CLERK_SECRET_KEY", &key).traced().stdio();
    let standing = session.call("clerk_whoami", json!({})).output();
    let asking: BTreeSet<&str> =
        standing["tools_that_ask"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut asked = BTreeSet::new();
    for Example { tool, arguments, requests, .. } in examples() {
        let parameters = json!({ "name": tool, "arguments": arguments, "_meta": meta });
        let answer = session.request("tools/call", parameters);
        let question = &answer.result()["inputRequests"]["confirm"]["params"]["message"];
        let Some(question) = question.as_str() else { continue };
        // What is created without a look at anything is told as the caller has given it.
        // Of the block-list itself nothing is shown.
        let shows_target = requests[0].starts_with("GET ") && tool != "clerk_block_identifier";
        assert_eq!(question.contains("(not shown)"), shows_target, "{tool}: {question}");
        asked.insert(tool.as_str());
    }
    assert_eq!(asked, asking);
}

/// The check behind these: a field that is on the list is passed on with whatever it holds.
#[test]
#[should_panic(expected = "a secret key shows in the output")]
fn a_canary_in_an_answer_is_noticed() {
    let user = json!({ "id": "user_1", "first_name": CANARY });
    let session = Upstream::always(Reply::json(200, &user)).program().stdio();
    session.call("clerk_get_user", json!({ "user_id": "user_1" })).output();
}
