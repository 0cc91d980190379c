//! What the sample has besides people and companies, one row each.

use super::moment;
use crate::ids;
use crate::operations::collections;
use crate::operations::engine::made;
use crate::operations::examples::is_moment;
use crate::operations::{FACTS, Shape};
use crate::state::World;
use crate::store::Thing;

/// A thing of a collection. In its JSON, `<user:ada>` stands for the id that this prefix and key give.
struct Entry {
    path: &'static str,
    key: &'static str,
    /// How many days before the end of the sample it was made.
    age: i64,
    json: &'static str,
}

const fn entry(path: &'static str, key: &'static str, age: i64, json: &'static str) -> Entry {
    Entry { path, key, age, json }
}

const FEE: &str = r#"{"amount":2900,"amount_formatted":"29.00","currency":"usd","currency_symbol":"$"}"#;

const ENTRIES: &[Entry] = &[
    entry("allowlist_identifiers", "partner", 200, r#"{"identifier":"partner.example"}"#),
    entry("blocklist_identifiers", "spammer", 90, r#"{"identifier":"spammer@mail.example"}"#),
    entry("waitlist_entries", "wilma", 21, r#"{"email_address":"wilma@mail.example"}"#),
    entry("waitlist_entries", "viktor", 14, r#"{"email_address":"viktor@mail.example"}"#),
    entry("waitlist_entries", "uma", 9, r#"{"email_address":"uma@mail.example","status":"rejected"}"#),
    entry(
        "invitations",
        "yuki",
        12,
        r#"{"email_address":"yuki@mail.example","public_metadata":{"source":"fair"},"expires_in_days":3650}"#,
    ),
    entry(
        "organizations/domains",
        "acme.example",
        700,
        r#"{"name":"acme.example","organization_id":"<org:acme>","verified":true,"enrollment_mode":"automatic_invitation"}"#,
    ),
    entry(
        "organizations/domains",
        "kestrel.example",
        300,
        r#"{"name":"kestrel.example","organization_id":"<org:kestrel-logistics>"}"#,
    ),
    entry(
        "enterprise_connections",
        "brightwater",
        400,
        r#"{"name":"Brightwater Okta","provider":"saml_okta","domains":["brightwater.example"],"active":true,
            "organization_id":"<org:brightwater-health>","saml_connection":{"active":true,"name":"Brightwater Okta",
            "idp_entity_id":"https://okta.brightwater.example","acs_url":"https://clerk.sample.example/v1/saml/acs"}}"#,
    ),
    entry(
        "saml_connections",
        "brightwater",
        400,
        r#"{"name":"Brightwater Okta","provider":"saml_okta","domains":["brightwater.example"],"active":true,
            "organization_id":"<org:brightwater-health>","enterprise_connection_id":"<entconn:brightwater>"}"#,
    ),
    entry(
        "enterprise_connections/test_runs",
        "brightwater",
        399,
        r#"{"enterprise_connection_id":"<entconn:brightwater>","connection_type":"saml","status":"success"}"#,
    ),
    entry(
        "directories",
        "brightwater",
        390,
        r#"{"name":"Brightwater directory","provider":"okta","enterprise_connection_id":"<entconn:brightwater>",
            "group_role_mapping_enabled":true}"#,
    ),
    entry(
        "scim_directories",
        "brightwater",
        390,
        r#"{"name":"Brightwater directory","provider":"okta","enterprise_connection_id":"<entconn:brightwater>",
            "group_role_mapping_enabled":true}"#,
    ),
    entry(
        "oauth_applications",
        "reports",
        500,
        r#"{"name":"Report builder","redirect_uris":["https://reports.example/callback"],"scopes":"profile email"}"#,
    ),
    entry(
        "oauth_applications/access_tokens",
        "reports",
        3,
        r#"{"client_id":"<client:reports>","subject":"<user:ada>","scopes":["profile","email"]}"#,
    ),
    entry("machines", "billing", 320, r#"{"name":"Billing worker"}"#),
    entry("machines", "mailer", 300, r#"{"name":"Mailer"}"#),
    entry("m2m_tokens", "billing", 2, r#"{"subject":"<mch:billing>"}"#),
    entry(
        "api_keys",
        "ada",
        60,
        r#"{"name":"Nightly export","subject":"<user:ada>","created_by":"<user:ada>","scopes":["export:read"]}"#,
    ),
    entry("admin_portal_link_tokens", "brightwater", 5, r#"{"organization_id":"<org:brightwater-health>"}"#),
    entry(
        "jwt_templates",
        "hasura",
        600,
        r#"{"name":"hasura","claims":{"https://hasura.io/jwt/claims":{"x-hasura-role":"user"}}}"#,
    ),
    entry("redirect_urls", "mobile", 580, r#"{"url":"myapp://callback"}"#),
    entry("domains", "primary", 729, r#"{"name":"sample.example","is_satellite":false}"#),
    entry(
        "domains",
        "satellite",
        300,
        r#"{"name":"shop.example","is_satellite":true,"frontend_api_url":"https://clerk.shop.example"}"#,
    ),
    entry("actor_tokens", "support", 1, r#"{"user_id":"<user:intern>","actor":{"sub":"<user:ada>"}}"#),
    entry("agents/tasks", "digest", 1, r#"{"agent_id":"<agent:digest>"}"#),
    entry("sign_in_tokens", "contractor", 1, r#"{"user_id":"<user:contractor>"}"#),
    entry(
        "sign_ups",
        "half-done",
        1,
        r#"{"email_address":"zoe@mail.example","required_fields":["email_address","password"],"missing_fields":["password"]}"#,
    ),
    entry(
        "templates",
        "verification_code",
        729,
        r#"{"template_type":"email","slug":"verification_code","name":"Verification code","resource_type":"system",
            "subject":"{{otp_code}} is your code","body":"<p>{{otp_code}}</p>","markup":"<p>{{otp_code}}</p>"}"#,
    ),
    entry(
        "templates",
        "sms_code",
        729,
        r#"{"template_type":"sms","slug":"verification_code","name":"Verification code","resource_type":"system",
            "body":"{{otp_code}} is your code"}"#,
    ),
    entry(
        "billing/plans",
        "pro",
        500,
        r#"{"name":"Pro","slug":"pro","for_payer_type":"org","fee":FEE,"has_base_fee":true,"is_recurring":true,"publicly_visible":true}"#,
    ),
    entry(
        "billing/plans",
        "hobby",
        500,
        r#"{"name":"Hobby","slug":"hobby","for_payer_type":"user","is_default":true,"is_recurring":true,"publicly_visible":true}"#,
    ),
    entry("billing/prices", "pro", 500, r#"{"plan_id":"<cplan:pro>","amount":2900,"fee":FEE,"is_default":true}"#),
    entry(
        "billing/prices",
        "pro-partner",
        100,
        r#"{"plan_id":"<cplan:pro>","amount":1900,"description":"For partners"}"#,
    ),
    entry(
        "billing/subscription_items",
        "acme",
        200,
        r#"{"organization_id":"<org:acme>","payer_id":"<cpayer:acme>","plan_id":"<cplan:pro>","plan":{"id":"<cplan:pro>","name":"Pro","slug":"pro","for_payer_type":"org","fee":FEE},"price_id":"<cprice:pro>","plan_period":"month"}"#,
    ),
    entry(
        "billing/subscription_items",
        "ada",
        10,
        r#"{"user_id":"<user:ada>","payer_id":"<cpayer:ada>","plan_id":"<cplan:hobby>","plan":{"id":"<cplan:hobby>","name":"Hobby","slug":"hobby","for_payer_type":"user"},"is_free_trial":true}"#,
    ),
    entry(
        "billing/statements",
        "acme",
        30,
        r#"{"status":"closed","payer":{"id":"<cpayer:acme>","organization_id":"<org:acme>"},
            "totals":{"base_fee":FEE,"grand_total":FEE,"subtotal":FEE}}"#,
    ),
    entry(
        "billing/statements/payment_attempts",
        "acme",
        30,
        r#"{"statementID":"<cstmt:acme>","statement_id":"<cstmt:acme>","payer_id":"<cpayer:acme>","status":"paid","amount":FEE,"charge_type":"recurring"}"#,
    ),
    entry(
        "users/trusted_devices",
        "ada",
        40,
        r#"{"user_id":"<user:ada>","platform":"ios","name":"Ada's phone","app_identifier":"com.acme.app"}"#,
    ),
];

pub(super) fn add(world: &mut World) {
    for entry in ENTRIES {
        let collection = collections::find(entry.path).expect("the table names collections");
        let given: Thing =
            serde_json::from_str(&with_ids(&entry.json.replace("FEE", FEE))).expect("the table holds JSON");
        let given = dated(collection.type_name, given, moment(entry.age, entry.key));
        let thing = made(collection, given, &ids::id(collection.prefix, entry.key));
        world.store.all_mut(entry.path).push(thing);
    }
}

/// Every moment that is not given is the one at which the thing was made, so that no start differs from another.
fn dated(type_name: &str, mut thing: Thing, at: i64) -> Thing {
    let fields = FACTS.fields(type_name).iter();
    let moments =
        fields.filter(|field| matches!(field.shape, Shape::Integer(_) | Shape::Number(_)) && is_moment(&field.name));
    for field in moments {
        thing.entry(field.name.clone()).or_insert_with(|| at.into());
    }
    thing
}

/// The text with ids in the place of `<prefix:key>`.
fn with_ids(text: &str) -> String {
    let id = |part: &str| {
        let (name, rest) = part.split_once('>')?;
        let (prefix, key) = name.split_once(':')?;
        Some(ids::id(prefix, key) + rest)
    };
    let mut parts = text.split('<');
    let start = parts.next().unwrap_or_default().to_owned();
    parts.fold(start, |text, part| text + &id(part).unwrap_or_else(|| format!("<{part}")))
}
