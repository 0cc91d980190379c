//! Pages of lists: bare or in envelopes, as many bytes as fit, and the way to the next one.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::harness::{Clerk, Client as _, Reply, Upstream};

/// Follows the pages of a list to its end: the ids, and the largest page in bytes.
fn follow(server: &impl crate::harness::Client, tool: &str, mut arguments: Value) -> (Vec<String>, usize) {
    let (mut ids, mut largest) = (Vec::new(), 0);
    for _ in 0..100 {
        let page = server.call(tool, arguments.clone()).output();
        largest = largest.max(page.to_string().len());
        let items = page["data"].as_array().expect("a page has items");
        ids.extend(items.iter().filter_map(|item| item["id"].as_str()).map(str::to_owned));
        match (&page["next_cursor"], &page["next_offset"]) {
            (Value::String(cursor), _) => arguments["starting_after"] = json!(cursor),
            (_, Value::Number(offset)) => arguments["offset"] = json!(offset),
            _ => {
                assert_eq!(page["has_more"], false, "{page}");
                return (ids, largest);
            }
        }
        assert_eq!(page["has_more"], true, "{page}");
    }
    panic!("{tool} does not end")
}

#[test]
fn a_page_fits_its_bytes_and_leads_to_the_rest() {
    let clerk = Clerk::sample();
    let acme = clerk.organization("acme");
    let (whole, small) = (clerk.server(), clerk.program().arguments(&["--page-bytes", "4000"]).http());
    for (tool, arguments) in [
        ("clerk_list_users", json!({ "limit": 100 })),
        ("clerk_list_users", json!({ "limit": 100, "order_by": "username" })),
        ("clerk_list_organization_members", json!({ "organization_id": acme, "limit": 100 })),
    ] {
        let (all, _) = follow(&whole, tool, arguments.clone());
        let (pieces, largest) = follow(&small, tool, arguments);
        assert!(all.len() > 10 && largest < 4500, "{tool}: {largest}");
        assert_eq!(pieces, all, "{tool}: nothing is lost and nothing comes twice");
        assert_eq!(pieces.iter().collect::<HashSet<_>>().len(), all.len(), "{tool}");
    }
}

#[test]
fn a_page_has_60_kilobytes_by_default() {
    let user =
        |number: usize| json!({ "id": format!("user_{number}"), "public_metadata": { "note": "x".repeat(3000) } });
    let users: Value = (0..100).map(user).collect();
    let page =
        Upstream::always(Reply::json(200, &users)).server().call("clerk_list_users", json!({ "limit": 100 })).output();
    let shown = page["data"].as_array().map_or(0, Vec::len);
    assert!((15..20).contains(&shown) && page.to_string().len() < 61_000, "{shown}");
    assert_eq!((&page["has_more"], &page["next_cursor"]), (&json!(true), &json!(format!("user_{}", shown - 1))));
}

#[test]
fn a_list_is_read_bare_and_in_an_envelope() {
    let users = json!([{ "id": "user_1" }, { "id": "user_2" }, { "id": "user_3" }]);
    let organizations = json!([{ "id": "org_1" }, { "id": "org_2" }]);
    let upstream = Upstream::new(move |seen| match seen.line.as_str() {
        line if line.contains("limit=3") => Reply::json(200, &json!({ "data": users, "total_count": 7 })),
        _ => Reply::json(200, &organizations),
    });
    let server = upstream.server();
    let page = server.call("clerk_list_users", json!({ "limit": 2 })).output();
    assert_eq!((page["data"].as_array().map(Vec::len), &page["total_count"]), (Some(2), &json!(7)));
    assert_eq!((&page["has_more"], &page["next_cursor"]), (&json!(true), &json!("user_2")));
    // A full page without a total does not mean that nothing follows.
    let page = server.call("clerk_list_organizations", json!({ "limit": 2 })).output();
    assert_eq!((&page["has_more"], &page["next_offset"], page.get("total_count")), (&json!(true), &json!(2), None));
}
