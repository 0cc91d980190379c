//! `/users`: every filter, alone and together.

use serde_json::Value;

use crate::client::{Clerk, text};

/// What is known of each user that is found: the email address, or else the username or first name.
async fn found(clerk: &Clerk, parameters: &str) -> Vec<String> {
    let list = clerk.get(&format!("/users?limit=500&order_by=created_at&{parameters}")).await.ok();
    let count = clerk.get(&format!("/users/count?{parameters}")).await.ok();
    let list = list.as_array().unwrap();
    assert_eq!(count["total_count"], list.len(), "the count and the list agree on {parameters}");
    list.iter().map(name).collect()
}

fn name(user: &Value) -> String {
    let address = &user["email_addresses"][0]["email_address"];
    let known = [address, &user["username"], &user["first_name"], &user["external_id"]];
    known.into_iter().find(|value| value.is_string()).map_or_else(|| "unnamed".to_owned(), text)
}

#[tokio::test]
async fn identifiers_match_whole_and_unknown_ones_are_ignored() {
    let clerk = Clerk::sample();
    let addresses = "email_address=ada@acme.example&email_address=ADA@ACME.EXAMPLE&email_address=no@one.example";
    assert_eq!(found(&clerk, addresses).await, ["ada@acme.example"]);
    assert_eq!(found(&clerk, "email_address=quinn@work.example").await, ["quinn@mail.example"]);
    assert_eq!(found(&clerk, "phone_number=%2B12025550158").await, ["Rosa"]);
    assert_eq!(found(&clerk, "username=kestrel-kiosk&username=Maya").await, ["kestrel-kiosk", "maya@papaya.example"]);
    let wallet = "web3_wallet=0x000000000000000000000000000000000000dEaD";
    assert_eq!(found(&clerk, wallet).await, ["unnamed"]);
    assert!(found(&clerk, "email_address=ada").await.is_empty());
}

#[tokio::test]
async fn an_unencoded_plus_sign_finds_no_phone_number() {
    assert!(found(&Clerk::sample(), "phone_number=+12025550158").await.is_empty());
}

#[tokio::test]
async fn ids_are_included_and_excluded_by_their_prefix() {
    let clerk = Clerk::sample();
    let (ada, grace) = (clerk.user("ada@acme.example").await, clerk.user("grace@acme.example").await);
    assert_eq!(found(&clerk, &format!("user_id={ada}&user_id=%2B{grace}")).await.len(), 2);
    assert_eq!(found(&clerk, &format!("user_id=-{ada}&user_id=-{grace}")).await.len(), 59);
    assert_eq!(found(&clerk, &format!("user_id={ada}&user_id={grace}&user_id=-{ada}")).await, ["grace@acme.example"]);
    assert_eq!(
        found(&clerk, "external_id=import-000061&external_id=bw-2").await,
        ["samir@brightwater.example", "import-000061"]
    );
    assert_eq!(found(&clerk, "external_id=-import-000061").await.len(), 60);
}

#[tokio::test]
async fn organizations_are_included_and_excluded_by_their_prefix() {
    let clerk = Clerk::sample();
    let (acme, sorland) = (clerk.organization("acme").await, clerk.organization("sorland-energi").await);
    assert_eq!(found(&clerk, &format!("organization_id={acme}")).await.len(), 16);
    assert_eq!(found(&clerk, &format!("organization_id={acme}&organization_id={sorland}")).await.len(), 20);
    assert_eq!(found(&clerk, &format!("organization_id=%2B{acme}&organization_id=-{sorland}")).await.len(), 15);
    assert_eq!(found(&clerk, &format!("organization_id=-{acme}")).await.len(), 45);
}

#[tokio::test]
async fn a_query_looks_everywhere_and_ignores_case() {
    let clerk = Clerk::sample();
    let maya = clerk.user("maya@papaya.example").await;
    assert_eq!(found(&clerk, "query=LOVELACE").await, ["ada@acme.example"]);
    assert_eq!(found(&clerk, "query=ada+love").await, ["ada@acme.example"]);
    assert_eq!(found(&clerk, "query=papaya.EX").await.len(), 2);
    assert_eq!(found(&clerk, "query=0158").await, ["Rosa"]);
    assert_eq!(found(&clerk, "query=kiosk").await, ["kestrel-kiosk"]);
    assert_eq!(found(&clerk, "query=0x0000").await, ["unnamed"]);
    assert_eq!(found(&clerk, &format!("query={}", &maya[..20])).await, ["maya@papaya.example"]);
    assert_eq!(found(&clerk, "query=%E4%BD%90%E8%97%A4").await, ["haruka@tohoku.example"]);
}

#[tokio::test]
async fn narrower_queries_look_in_one_place() {
    let clerk = Clerk::sample();
    assert_eq!(found(&clerk, "email_address_query=BRIGHTWATER").await.len(), 12);
    assert_eq!(found(&clerk, "phone_number_query=4799").await, ["ingrid@sorland.example"]);
    assert_eq!(found(&clerk, "username_query=GRACE").await, ["grace@acme.example"]);
    assert_eq!(found(&clerk, "name_query=brightwater").await, ["marion@brightwater.example"]);
    assert_eq!(found(&clerk, "name_query=%C3%B8").await.len(), 3);
}

#[tokio::test]
async fn banned_users_can_be_asked_for_or_left_out() {
    let clerk = Clerk::sample();
    assert_eq!(found(&clerk, "banned=true").await, ["mallory@mail.example"]);
    assert_eq!(found(&clerk, "banned=false").await.len(), 60);
}

#[tokio::test]
async fn dates_limit_without_their_ends() {
    let clerk = Clerk::sample();
    let ada = clerk.get("/users?email_address=ada@acme.example").await.ok()[0].clone();
    let (created, signed_in, active) = (
        ada["created_at"].as_i64().unwrap(),
        ada["last_sign_in_at"].as_i64().unwrap(),
        ada["last_active_at"].as_i64().unwrap(),
    );
    let has_ada = async |parameters: String| found(&clerk, &parameters).await.contains(&"ada@acme.example".to_owned());
    for (field, moment) in [("created_at", created), ("last_sign_in_at", signed_in), ("last_active_at", active)] {
        assert!(has_ada(format!("{field}_after={}", moment - 1)).await, "{field}");
        assert!(!has_ada(format!("{field}_after={moment}")).await, "{field}");
        assert!(has_ada(format!("{field}_before={}", moment + 1)).await, "{field}");
        assert!(!has_ada(format!("{field}_before={moment}")).await, "{field}");
    }
    assert!(has_ada(format!("last_active_at_since={active}")).await);
    assert!(!has_ada(format!("last_active_at_since={}", active + 1)).await);
}

#[tokio::test]
async fn who_never_signed_in_is_in_no_range() {
    let clerk = Clerk::sample();
    assert_eq!(found(&clerk, "last_sign_in_at_after=0").await.len(), 58);
    assert_eq!(found(&clerk, "last_active_at_before=9999999999999").await.len(), 58);
}

#[tokio::test]
async fn dates_are_integers() {
    let reply = Clerk::sample().get("/users?created_at_after=2024-01-01&last_active_at_before=1.5").await;
    assert_eq!(reply.faulty_parameters(), ["last_active_at_before", "created_at_after"]);
}

#[tokio::test]
async fn an_account_elsewhere_is_named_by_provider_and_id_together() {
    let clerk = Clerk::sample();
    let google = "provider=oauth_google&provider_user_id=108000000000000000001&provider_user_id=1";
    assert_eq!(found(&clerk, google).await, ["ada@acme.example"]);
    assert!(found(&clerk, "provider=oauth_github&provider_user_id=108000000000000000001").await.is_empty());
    assert_eq!(clerk.get("/users?provider=oauth_google").await.faulty_parameters(), ["provider_user_id"]);
    assert_eq!(clerk.get("/users?provider_user_id=1").await.faulty_parameters(), ["provider"]);
}

#[tokio::test]
async fn filters_apply_together() {
    let clerk = Clerk::sample();
    let acme = clerk.organization("acme").await;
    let parameters = format!("organization_id={acme}&name_query=ra&created_at_before=1733000000000&banned=false");
    assert_eq!(found(&clerk, &parameters).await, ["grace@acme.example"]);
}

#[tokio::test]
async fn a_parameter_takes_a_hundred_values() {
    let clerk = Clerk::sample();
    for name in
        ["email_address", "phone_number", "external_id", "username", "web3_wallet", "user_id", "organization_id"]
    {
        let many = vec![format!("{name}=x"); 101].join("&");
        assert_eq!(clerk.get(&format!("/users?{many}")).await.faulty_parameters(), [name]);
    }
}
