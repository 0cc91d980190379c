//! Each of the tools is called with success, over HTTP, over standard input and output, and from the command line.

use serde_json::{Value, json};

use crate::harness::{Clerk, Client, Program, Reply, Upstream};

/// A call, the requests that it makes, and a part of its output.
struct Case {
    tool: &'static str,
    arguments: Value,
    requests: Vec<String>,
    pointer: &'static str,
    value: Value,
}

fn case(tool: &'static str, arguments: Value, requests: &[impl AsRef<str>], part: (&'static str, Value)) -> Case {
    let requests = requests.iter().map(|request| request.as_ref().to_owned()).collect();
    Case { tool, arguments, requests, pointer: part.0, value: part.1 }
}

/// Ids of the sample.
struct Ids {
    acme: String,
    sandbox: String,
    ada: String,
    tim: String,
    maya: String,
    /// A member of two organizations.
    priya: String,
    desk: String,
    invitation: String,
    session: String,
    sessions_of_desk: Vec<String>,
    organizations_of_priya: Vec<String>,
}

impl Ids {
    fn of(clerk: &Clerk) -> Self {
        let text = |value: &Value| value.as_str().expect("an id").to_owned();
        let (acme, ada) = (clerk.organization("acme"), clerk.user("ada@acme.example"));
        let invitations = clerk.get(&format!("/organizations/{acme}/invitations?status=pending"));
        let (priya, desk) = (clerk.user("priya@acme.example"), clerk.user("frontdesk@brightwater.example"));
        let all = |list: &Value, pointer: &str| -> Vec<String> {
            let items = list.as_array().expect("a list").iter();
            items.map(|item| text(item.pointer(pointer).expect("it has one"))).collect()
        };
        let sessions_of =
            |user: &str| all(&clerk.get(&format!("/sessions?limit=51&user_id={user}&status=active")), "/id");
        let memberships = clerk.get(&format!("/users/{priya}/organization_memberships?limit=100"));
        Self {
            session: sessions_of(&ada).swap_remove(0),
            sessions_of_desk: sessions_of(&desk),
            organizations_of_priya: all(&memberships["data"], "/organization/id"),
            priya,
            desk,
            sandbox: clerk.organization("sandbox"),
            tim: clerk.user("tim@acme.example"),
            maya: clerk.user("maya@papaya.example"),
            invitation: text(&invitations["data"][0]["id"]),
            acme,
            ada,
        }
    }
}

/// A call of every tool that can be made with the sample.
pub(crate) fn calls(clerk: &Clerk) -> Vec<(&'static str, Value)> {
    cases(clerk).into_iter().map(|case| (case.tool, case.arguments)).collect()
}

/// Every tool; what takes something away comes late enough not to disturb the others.
fn cases(clerk: &Clerk) -> Vec<Case> {
    let ids = Ids::of(clerk);
    let parts =
        [on_organizations(&ids), on_members(&ids), on_invitations(&ids), on_users(&ids), on_access(&ids), away(&ids)];
    parts.into_iter().flatten().collect()
}

fn on_organizations(Ids { sandbox, .. }: &Ids) -> Vec<Case> {
    let look = format!("GET /v1/organizations/{sandbox}?include_members_count=true");
    let changes = json!({ "organization_id": sandbox, "public_metadata": { "plan": "pro" } });
    vec![
        case(
            "clerk_list_roles",
            json!({ "query": "admin" }),
            &["GET /v1/organization_roles?limit=20&query=admin"],
            ("/data/0/key", json!("org:admin")),
        ),
        case("clerk_whoami", json!({}), &["GET /v1/instance"], ("/environment_type", json!("development"))),
        case(
            "clerk_list_organizations",
            json!({ "query": "acme" }),
            &["GET /v1/organizations?include_members_count=true&limit=20&query=acme"],
            ("/data/0/members_count", json!(16)),
        ),
        case(
            "clerk_get_organization",
            json!({ "slug": "acme" }),
            &["GET /v1/organizations/acme?include_members_count=true"],
            ("/name", json!("Acme Robotics")),
        ),
        case(
            "clerk_create_organization",
            json!({ "name": "Umbrella", "slug": "umbrella" }),
            &["POST /v1/organizations"],
            ("/slug", json!("umbrella")),
        ),
        case(
            "clerk_update_organization",
            json!({ "organization_id": sandbox, "name": "Sandpit" }),
            &[&look, &format!("PATCH /v1/organizations/{sandbox}")],
            ("/changes/0/after", json!("Sandpit")),
        ),
        case(
            "clerk_update_organization_metadata",
            changes,
            &[&look, &format!("PATCH /v1/organizations/{sandbox}/metadata")],
            ("/public_metadata/plan", json!("pro")),
        ),
    ]
}

fn on_members(Ids { acme, tim, maya, .. }: &Ids) -> Vec<Case> {
    let membership = format!("/v1/organizations/{acme}/memberships/{tim}");
    let look = format!("GET /v1/organizations/{acme}/memberships?limit=1&user_id={tim}");
    let with = |name: &str, value: Value| {
        let mut arguments = json!({ "organization_id": acme, "user_id": tim });
        arguments[name] = value;
        arguments
    };
    vec![
        case(
            "clerk_list_organization_members",
            json!({ "organization_id": acme, "role": ["org:admin"], "order_by": "first_name" }),
            &[&format!("GET /v1/organizations/{acme}/memberships?limit=20&order_by=first_name&role=org%3Aadmin")],
            ("/data/1/public_user_data/identifier", json!("grace@acme.example")),
        ),
        case(
            "clerk_add_member",
            json!({ "organization_id": acme, "user_id": maya, "role": "org:member" }),
            &[&format!("GET /v1/users/{maya}"), &format!("POST /v1/organizations/{acme}/memberships")],
            ("/public_user_data/user_id", json!(maya)),
        ),
        case(
            "clerk_list_user_organizations",
            json!({ "user_id": maya }),
            &[&format!("GET /v1/users/{maya}/organization_memberships?limit=20")],
            ("/total_count", json!(2)),
        ),
        case(
            "clerk_update_member_role",
            with("role", json!("org:admin")),
            &[&look, &format!("PATCH {membership}")],
            ("/role", json!("org:admin")),
        ),
        case(
            "clerk_update_member_metadata",
            with("private_metadata", json!({ "badge": 7 })),
            &[&look, &format!("PATCH {membership}/metadata")],
            ("/private_metadata/badge", json!(7)),
        ),
        case(
            "clerk_remove_member",
            json!({ "organization_id": acme, "user_id": tim }),
            &[&look, &format!("DELETE {membership}")],
            ("/public_user_data/user_id", json!(tim)),
        ),
    ]
}

fn on_invitations(Ids { acme, invitation, .. }: &Ids) -> Vec<Case> {
    let invitations = format!("/v1/organizations/{acme}/invitations");
    let look = format!("GET /v1/organizations/{acme}?include_members_count=true");
    let one = json!({ "organization_id": acme, "invitation_id": invitation });
    let post = format!("POST {invitations}");
    vec![
        case(
            "clerk_list_organization_invitations",
            json!({ "organization_id": acme, "status": ["pending"] }),
            &[&format!("GET {invitations}?limit=20&status=pending")],
            ("/total_count", json!(3)),
        ),
        case(
            "clerk_get_organization_invitation",
            one.clone(),
            &[&format!("GET {invitations}/{invitation}")],
            ("/status", json!("pending")),
        ),
        case(
            "clerk_create_invitation",
            json!({ "organization_id": acme, "email_address": "new@acme.example", "role": "org:member" }),
            &[&look, &post],
            ("/undo/tool", json!("clerk_revoke_organization_invitation")),
        ),
        case(
            "clerk_create_invitations_bulk",
            json!({ "organization_id": acme, "email_address": ["a@x.example", "b@x.example"], "role": "org:member" }),
            &[&look, &post, &post],
            ("/done/1/email_address", json!("b@x.example")),
        ),
        case(
            "clerk_revoke_organization_invitation",
            one,
            &[&format!("GET {invitations}/{invitation}"), &format!("POST {invitations}/{invitation}/revoke")],
            ("/status", json!("revoked")),
        ),
    ]
}

fn on_users(Ids { ada, .. }: &Ids) -> Vec<Case> {
    let look = format!("GET /v1/users/{ada}");
    let report = [
        look.as_str(),
        &format!("{look}/organization_memberships?limit=100"),
        &format!("{look}/organization_invitations?limit=100&status=pending"),
        &format!("GET /v1/sessions?limit=101&status=active&user_id={ada}"),
        &format!("GET /v1/sessions?limit=500&user_id={ada}"),
    ];
    vec![
        case(
            "clerk_list_users",
            json!({ "query": "lovelace" }),
            &["GET /v1/users?limit=21&query=lovelace"],
            ("/data/0/id", json!(ada)),
        ),
        case(
            "clerk_count_users",
            json!({ "query": "lovelace" }),
            &["GET /v1/users/count?query=lovelace"],
            ("/total_count", json!(1)),
        ),
        case(
            "clerk_find_user",
            json!({ "query": "lovelace" }),
            &["GET /v1/users?limit=11&query=lovelace"],
            ("/data/0/id", json!(ada)),
        ),
        case("clerk_get_user", json!({ "user_id": ada }), &[&look], ("/first_name", json!("Ada"))),
        case(
            "clerk_get_user_access_report",
            json!({ "user_id": ada }),
            &report,
            ("/organizations/data/0/role", json!("org:admin")),
        ),
        case(
            "clerk_create_user",
            json!({ "email_address": "new@acme.example", "first_name": "New" }),
            &["POST /v1/users"],
            ("/email_addresses/0/email_address", json!("new@acme.example")),
        ),
        case(
            "clerk_update_user",
            json!({ "user_id": ada, "last_name": "Byron" }),
            &[&look, &format!("PATCH /v1/users/{ada}")],
            ("/changes/0/before", json!("Lovelace")),
        ),
        case(
            "clerk_update_user_metadata",
            json!({ "user_id": ada, "unsafe_metadata": { "tour": "done" } }),
            &[&look, &format!("PATCH /v1/users/{ada}/metadata")],
            ("/unsafe_metadata/tour", json!("done")),
        ),
    ]
}

fn on_access(Ids { ada, session, desk, sessions_of_desk, .. }: &Ids) -> Vec<Case> {
    let mut sign_out = vec![
        format!("GET /v1/users/{desk}"),
        format!("GET /v1/sessions?limit=51&status=active&user_id={desk}"),
        format!("GET /v1/sessions?limit=500&user_id={desk}"),
    ];
    sign_out.extend(sessions_of_desk.iter().map(revoke));
    let (look, user) = (format!("GET /v1/users/{ada}"), json!({ "user_id": ada }));
    let change = |verb: &str| format!("POST /v1/users/{ada}/{verb}");
    vec![
        case("clerk_lock_user", user.clone(), &[&look, &change("lock")], ("/locked", json!(true))),
        case("clerk_unlock_user", user.clone(), &[&look, &change("unlock")], ("/locked", json!(false))),
        case(
            "clerk_list_sessions",
            json!({ "user_id": ada, "status": "active" }),
            &[&format!("GET /v1/sessions?limit=21&status=active&user_id={ada}")],
            ("/data/0/id", json!(session)),
        ),
        case(
            "clerk_revoke_session",
            json!({ "session_id": session }),
            &[format!("GET /v1/sessions/{session}"), revoke(session)],
            ("/status", json!("revoked")),
        ),
        case("clerk_ban_user", user.clone(), &[&look, &change("ban")], ("/banned", json!(true))),
        case("clerk_unban_user", user, &[&look, &change("unban")], ("/banned", json!(false))),
        case(
            "clerk_revoke_all_user_sessions",
            json!({ "user_id": desk }),
            &sign_out,
            ("/sessions/done", json!(sessions_of_desk)),
        ),
    ]
}

fn revoke(session: &String) -> String {
    format!("POST /v1/sessions/{session}/revoke")
}

fn away(ids: &Ids) -> Vec<Case> {
    let Ids { sandbox, maya, priya, .. } = ids;
    // The ban ends their sessions.
    let mut offboard = vec![
        format!("GET /v1/users/{priya}"),
        format!("POST /v1/users/{priya}/ban"),
        format!("GET /v1/sessions?limit=51&status=active&user_id={priya}"),
        format!("GET /v1/sessions?limit=500&user_id={priya}"),
    ];
    offboard.push(format!("GET /v1/users/{priya}/organization_memberships?limit=100"));
    let leave = |organization: &String| format!("DELETE /v1/organizations/{organization}/memberships/{priya}");
    offboard.extend(ids.organizations_of_priya.iter().map(leave));
    vec![
        case(
            "clerk_offboard_user",
            json!({ "user_id": priya }),
            &offboard,
            ("/memberships/done", json!(ids.organizations_of_priya)),
        ),
        case(
            "clerk_delete_user",
            json!({ "user_id": maya }),
            &[&format!("GET /v1/users/{maya}"), &format!("DELETE /v1/users/{maya}")],
            ("/deleted", json!(true)),
        ),
        case(
            "clerk_delete_organization",
            json!({ "organization_id": sandbox }),
            &[
                &format!("GET /v1/organizations/{sandbox}?include_members_count=true"),
                &format!("DELETE /v1/organizations/{sandbox}"),
            ],
            ("/deleted", json!(true)),
        ),
    ]
}

/// What was asked of Clerk since this was last asked.
fn requests(clerk: &Clerk) -> Vec<String> {
    clerk.requests().iter().map(|request| format!("{} {}", request.method, request.target)).collect()
}

fn check_every_tool(clerk: &Clerk, client: &dyn Client) {
    let cases = cases(clerk);
    let mut called: Vec<String> = cases.iter().map(|case| case.tool.to_owned()).collect();
    let mut listed = client.tool_names();
    called.sort();
    listed.sort();
    assert_eq!(called, listed);
    for Case { tool, arguments, requests: expected, pointer, value } in cases {
        let output = client.call(tool, arguments).output();
        assert_eq!(output.pointer(pointer), Some(&value), "{tool}: {output}");
        assert_eq!(requests(clerk), expected, "{tool}");
    }
}

/// Nothing asks here: `consent` is about that.
fn program(clerk: &Clerk) -> Program {
    clerk.program().arguments(&["--confirm", "off"])
}

#[test]
fn every_tool_answers_over_http() {
    let clerk = Clerk::sample();
    check_every_tool(&clerk, &program(&clerk).http());
}

#[test]
fn every_tool_answers_over_standard_input_and_output() {
    let clerk = Clerk::sample();
    check_every_tool(&clerk, &program(&clerk).stdio());
}

#[test]
fn every_tool_answers_on_the_command_line() {
    let clerk = Clerk::sample();
    for Case { tool, arguments, requests: expected, pointer, value } in cases(&clerk) {
        let finished = program(&clerk).arguments(&["call", tool, &arguments.to_string()]).run();
        assert_eq!((finished.status, finished.stderr.as_str()), (0, ""), "{tool}");
        let output: Value = serde_json::from_str(&finished.stdout).expect("the output is JSON");
        assert_eq!(output.pointer(pointer), Some(&value), "{tool}: {output}");
        assert_eq!(requests(&clerk), expected, "{tool}");
    }
}

#[test]
fn the_demo_answers_without_a_key_or_a_network() {
    let finished = Program::new(&["call", "--demo", "clerk_get_organization", r#"{"slug":"acme"}"#]).run();
    assert_eq!((finished.status, finished.stderr.as_str()), (0, ""));
    let output: Value = serde_json::from_str(&finished.stdout).expect("the output is JSON");
    assert_eq!(output["name"], "Acme Robotics");
}

#[test]
fn each_request_says_who_sends_it_and_for_which_version_of_the_api() {
    let clerk = Clerk::sample();
    clerk.server().call("clerk_create_organization", json!({ "name": "Umbrella" })).output();
    let [request] = &clerk.requests()[..] else { panic!("one request") };
    assert_eq!(request.header("authorization"), Some(&*format!("Bearer {}", crate::harness::KEY)));
    assert_eq!(request.header("clerk-api-version"), Some("2026-05-12"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert!(request.header("user-agent").is_some_and(|agent| agent.starts_with("clerk-mcp/")));
    assert_eq!(request.json(), Some(json!({ "name": "Umbrella" })));
}

#[test]
fn a_request_without_a_body_announces_none() {
    let upstream = Upstream::always(Reply::json(200, &json!({ "id": "org_1", "slug": "acme" })));
    let server = upstream.program().arguments(&["--confirm", "off"]).http();
    server.call("clerk_get_organization", json!({ "slug": "acme" })).output();
    server.call("clerk_delete_organization", json!({ "organization_id": "org_1" })).output();
    let all = upstream.seen();
    let methods: Vec<&str> = all.iter().filter_map(|seen| seen.line.split(' ').next()).collect();
    assert_eq!(methods, ["GET", "GET", "DELETE"]);
    for seen in all {
        assert_eq!(seen.header("transfer-encoding"), [""; 0], "{seen:?}");
        assert_eq!(seen.header("content-type"), [""; 0], "{seen:?}");
        assert_eq!(seen.body, "");
    }
}
