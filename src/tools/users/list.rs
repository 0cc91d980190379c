//! Many users: lists of them, and how many there are; and the organizations of one.

use super::user::{READ, USER};
use crate::ids::Resource;
use crate::kind::{Kind, Parameter, parameter};
use crate::paging::{INCLUDE_PRIVATE_METADATA, LIMIT, OFFSET, Paging};
use crate::rule::Rule;
use crate::tool::{Answer, Tool};
use crate::tools::members::MEMBERSHIP;
use crate::tools::objects;
use crate::tools::parameters::{
    CREATED_AT_AFTER, CREATED_AT_BEFORE, EMAIL_ADDRESS_QUERY, EMAIL_ADDRESSES, LAST_ACTIVE_AT_AFTER,
    LAST_ACTIVE_AT_BEFORE, LAST_SIGN_IN_AT_AFTER, LAST_SIGN_IN_AT_BEFORE, NAME_QUERY, PHONE_NUMBER_QUERY,
    PHONE_NUMBERS, QUERY, USER_ID, USERNAME_QUERY, USERNAMES, WEB3_WALLETS,
};
use crate::view::{View, count, page, page_with_cursor};

static USERS: View = View(&page_with_cursor(&USER));
static COUNT: View = View(&[count("total_count")]);
static MEMBERSHIPS: View = View(&page(&MEMBERSHIP));

const ORGANIZATION_IDS: Parameter = parameter(
    "organization_id",
    Kind::Many(&Kind::SignedId(Resource::Organization), 100),
    "Only members of these organizations; `-` before an id excludes its members.",
);
const BANNED: Parameter = parameter("banned", Kind::Flag, "Only banned users (true), or only others (false).");
const STARTING_AFTER: Parameter = parameter(
    "starting_after",
    Kind::Id(Resource::User),
    "The last `next_cursor`, `user_…`. Only when ordered by `created_at`, without `offset`.",
)
.shaping();

pub(super) static LIST_USERS: Tool = Tool {
    name: "clerk_list_users",
    title: "List users",
    description: "List users, newest first, or search them. All filters given must match. To get one known user, use \
                  `clerk_get_user`.",
    endpoint: objects::LIST_USERS,
    parameters: &[
        QUERY,
        EMAIL_ADDRESSES,
        PHONE_NUMBERS,
        parameter(
            "external_id",
            Kind::Many(&Kind::Text, 100),
            "Only users with one of these external ids; `-` before one excludes it, `+` includes it (needed when it begins \
             with a sign).",
        ),
        USERNAMES,
        WEB3_WALLETS,
        parameter(
            "user_id",
            Kind::Many(&Kind::SignedId(Resource::User), 100),
            "Only these users; `-` before an id excludes it.",
        ),
        ORGANIZATION_IDS,
        EMAIL_ADDRESS_QUERY,
        PHONE_NUMBER_QUERY,
        USERNAME_QUERY,
        NAME_QUERY,
        BANNED,
        LAST_ACTIVE_AT_BEFORE,
        LAST_ACTIVE_AT_AFTER,
        CREATED_AT_BEFORE,
        CREATED_AT_AFTER,
        LAST_SIGN_IN_AT_BEFORE,
        LAST_SIGN_IN_AT_AFTER,
        parameter(
            "provider",
            Kind::Word,
            "Only users with an account at this OAuth provider, for example `oauth_google`; needs `provider_user_id`.",
        ),
        parameter(
            "provider_user_id",
            Kind::Many(&Kind::Text, 100),
            "Only users with one of these ids at the `provider`.",
        ),
        parameter(
            "order_by",
            Kind::SortKey(&[
                "created_at",
                "updated_at",
                "email_address",
                "web3wallet",
                "first_name",
                "last_name",
                "phone_number",
                "username",
                "last_active_at",
                "last_sign_in_at",
            ]),
            "Sort key, `-` before it for descending. Default `-created_at`.",
        )
        .shaping(),
        INCLUDE_PRIVATE_METADATA,
        LIMIT,
        OFFSET.described("How many to skip: the last `next_offset`. Slow when large: prefer `starting_after`."),
        STARTING_AFTER,
    ],
    rules: &[
        Rule::NotTogether(&["starting_after", "offset"]),
        Rule::OnlyWith("starting_after", "order_by", &["created_at", "+created_at", "-created_at"]),
        Rule::Together(&["provider", "provider_user_id"]),
    ],
    answer: Answer::Page(&USERS, Paging::Cursor),
    example: r#"{"query":"ada","limit":5}"#,
    ..READ
};

pub(super) static COUNT_USERS: Tool = Tool {
    name: "clerk_count_users",
    title: "Count users",
    description: "Count users, all of them or those that match all filters given. A filtered count is slow where there \
                  are very many.",
    endpoint: objects::COUNT_USERS,
    parameters: &[
        QUERY,
        ORGANIZATION_IDS,
        EMAIL_ADDRESS_QUERY,
        BANNED,
        LAST_ACTIVE_AT_BEFORE,
        LAST_ACTIVE_AT_AFTER,
        CREATED_AT_BEFORE,
        CREATED_AT_AFTER,
    ],
    answer: Answer::One(&COUNT),
    // Counting by what names one user is finding them.
    not_offered: &[
        "external_id",
        "last_sign_in_at_after",
        "last_sign_in_at_before",
        "name_query",
        "phone_number",
        "phone_number_query",
        "provider",
        "provider_user_id",
        "user_id",
        "username",
        "username_query",
        "web3_wallet",
        "email_address",
    ],
    example: r#"{"banned":true}"#,
    ..READ
};

pub(super) static LIST_USER_ORGANIZATIONS: Tool = Tool {
    name: "clerk_list_user_organizations",
    title: "List a user's organizations",
    description: "List the organizations that a user is a member of, with their roles.",
    endpoint: objects::LIST_MEMBERSHIPS_OF_USER,
    parameters: &[USER_ID.required(), INCLUDE_PRIVATE_METADATA, LIMIT, OFFSET],
    answer: Answer::Page(&MEMBERSHIPS, Paging::Total),
    example: r#"{"user_id":"user_2abc"}"#,
    ..READ
};
