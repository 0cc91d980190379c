//! `/organization_roles`

use crate::client::{Clerk, each};

#[tokio::test]
async fn a_list_is_an_envelope_with_the_newest_first() {
    let list = Clerk::sample().get("/organization_roles").await.ok();
    assert_eq!(each(&list["data"], "key"), ["org:billing_manager", "org:member", "org:admin"]);
    assert_eq!(list["total_count"], 3);
}

#[tokio::test]
async fn a_query_finds_parts_of_names_and_keys_whatever_their_case() {
    let clerk = Clerk::sample();
    for (query, keys) in
        [("MEMB", &["org:member"][..]), ("org:ad", &["org:admin"]), ("manager", &["org:billing_manager"])]
    {
        let list = clerk.get(&format!("/organization_roles?query={query}")).await.ok();
        assert_eq!(each(&list["data"], "key"), keys, "{query}");
    }
    assert_eq!(clerk.get("/organization_roles?query=nothing").await.ok()["total_count"], 0);
}

#[tokio::test]
async fn pages_cut_the_list_but_not_its_total_count() {
    let page = Clerk::sample().get("/organization_roles?order_by=key&limit=1&offset=1").await.ok();
    assert_eq!(each(&page["data"], "key"), ["org:billing_manager"]);
    assert_eq!(page["total_count"], 3);
}
