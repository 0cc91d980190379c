//! What was done, and what has no tool of its own: undo-and-audit, reach-whole-api.

use std::fs;

use serde_json::{Value, json};

use super::job::{Job, data, text};
use crate::harness::{Clerk, Directory, Program};

/// What the program prints for the person who runs the server.
fn printed(arguments: &[&str]) -> String {
    let finished = Program::new(arguments).run();
    assert_eq!((finished.status, finished.stderr.as_str()), (0, ""));
    finished.stdout
}

#[test]
fn a_change_is_taken_back_by_its_undo_and_another_by_the_log() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let file = directory.file().to_string_lossy().into_owned();
    let server = clerk.program().arguments(&["--audit", &file]).http();
    let job = Job::with("undo-and-audit", clerk, server);
    let (ada, acme) = (job.clerk.user("ada@acme.example"), job.clerk.organization("acme"));
    let metadata = |object: &str| job.clerk.get(&format!("/{object}"))["public_metadata"].clone();
    let (user, organization) = (format!("users/{ada}"), format!("organizations/{acme}"));
    let before = (metadata(&user), metadata(&organization));

    // In this conversation: the answer has the way back.
    let change = json!({ "user_id": ada, "public_metadata": { "title": "Intern", "desk": 7 } });
    let answer = job.meanwhile("clerk_update_user_metadata", change);
    assert_eq!(answer["changes"].as_array().map(Vec::len), Some(2), "{answer}");
    job.undo(&answer);
    assert_eq!(metadata(&user), before.0);
    let banned = job.meanwhile("clerk_ban_user", json!({ "user_id": ada }));
    assert_eq!(job.undo(&banned)["banned"], false);

    // In another one: the log has the values before.
    job.meanwhile(
        "clerk_update_organization_metadata",
        json!({ "organization_id": acme, "public_metadata": { "plan": "free" } }),
    );
    job.call("clerk_whoami", json!({}));
    let rows = printed(&["audit", "show", &file, "--last", "50"]);
    let row = rows.lines().find(|row| row.contains("clerk_update_organization_metadata")).expect("it is there");
    let row: Value = serde_json::from_str(row).expect("JSON");
    assert_eq!((&row["ids"], &row["decision"], &row["outcome"]), (&json!([acme]), &json!("allowed"), &json!("ok")));
    assert!(printed(&["audit", "verify", &file]).contains(" lines from "));
    let lines = fs::read_to_string(&file).expect("there is a log");
    let line: Value = serde_json::from_str(lines.lines().last().expect("a line")).expect("JSON");
    assert_eq!((&line["ids"], &line["after"]), (&json!([acme]), &json!({ "/public_metadata/plan": "free" })));
    let plan = &line["before"]["/public_metadata/plan"];
    let restore = json!({ "organization_id": acme, "public_metadata": { "plan": plan } });
    job.call("clerk_update_organization_metadata", restore);
    assert_eq!(metadata(&organization), before.1);
    job.finish(&[]);
}

#[test]
fn an_operation_without_a_tool_is_found_described_and_called() {
    let job = Job::new("reach-whole-api");
    let found = job.call("clerk_api_search", json!({ "query": "redirect urls" }));
    let names: Vec<&Value> =
        found["operations"].as_array().into_iter().flatten().map(|operation| &operation["operation"]).collect();
    assert!(names.contains(&&json!("ListRedirectURLs")) && names.contains(&&json!("DeleteRedirectURL")), "{found}");
    let described = job.call("clerk_api_describe", json!({ "operation": "ListRedirectURLs" }));
    assert_eq!(described["tool"], "clerk_api_read");
    job.call("clerk_whoami", json!({}));
    let listed = job.call("clerk_api_read", json!({ "operation": "ListRedirectURLs" }));
    let id = text(&data(&listed)[0]["id"]);
    assert_eq!(data(&listed)[0]["url"], "myapp://callback");

    let delete =
        |dry_run: bool| json!({ "operation": "DeleteRedirectURL", "arguments": { "id": id }, "dry_run": dry_run });
    let preview = job.call("clerk_api_delete", delete(true));
    assert!(preview["preview"]["summary"].as_str().is_some_and(|text| text.contains("myapp://callback")), "{preview}");
    job.call("clerk_api_delete", delete(false));
    assert_eq!(job.clerk.get(&format!("/redirect_urls/{id}"))["status"], 404);
    let create = json!({ "operation": "CreateRedirectURL", "arguments": { "url": "myapp://callback" } });
    job.call("clerk_api_write", create);
    let listed = job.call("clerk_api_read", json!({ "operation": "ListRedirectURLs" }));
    assert_eq!((data(&listed).len(), &data(&listed)[0]["url"]), (1, &json!("myapp://callback")));

    let none = job.failure("clerk_api_describe", json!({ "operation": "ListRedirects" }));
    assert_eq!(none["code"], "resource_not_found");
    job.finish(&[]);
}
