//! The collections that the operations keep things in: what a new thing has, what is unique about it, what names it.

/// A collection, at the path of its list without the path's parameters.
pub(crate) struct Collection {
    pub(crate) path: &'static str,
    /// The type of what is in it, the credentials among its fields included.
    pub(crate) type_name: &'static str,
    /// What the ids start with, where the type does not say.
    pub(crate) prefix: &'static str,
    /// The fields by which a path can name a thing; the first one is made when it is created.
    pub(crate) keys: &'static [&'static str],
    /// The field of which no two things have the same value, if there is one.
    pub(crate) unique: &'static str,
    /// What a new thing has unless the request says otherwise, as JSON.
    pub(crate) new: &'static str,
    /// Fields of a request that the thing has under another name.
    pub(crate) renamed: &'static [(&'static str, &'static str)],
}

impl Collection {
    const fn unique(self, unique: &'static str) -> Self {
        Self { unique, ..self }
    }

    const fn starting_with(self, new: &'static str) -> Self {
        Self { new, ..self }
    }

    const fn keys(self, keys: &'static [&'static str]) -> Self {
        Self { keys, ..self }
    }

    const fn renamed(self, renamed: &'static [(&'static str, &'static str)]) -> Self {
        Self { renamed, ..self }
    }
}

const fn collection(path: &'static str, type_name: &'static str, prefix: &'static str) -> Collection {
    Collection { path, type_name, prefix, keys: &["id"], unique: "", new: "{}", renamed: &[] }
}

const SAML: &[(&str, &str)] = &[("saml", "saml_connection"), ("oidc", "oauth_config")];
const DIRECTORY: &str = r#"{"api_key":"{secret}","enabled":true,"name":"Directory","endpoint_url":"https://clerk.sample.example/v1/scim/{id}"}"#;

pub(crate) const COLLECTIONS: &[Collection] = &[
    collection("actor_tokens", "ActorToken", "act")
        .starting_with(r#"{"url":"https://accounts.sample.example/sign-in?__clerk_ticket={secret}"}"#),
    collection("admin_portal_link_tokens", "createAdminPortalLinkToken.answer", "aplt")
        .starting_with(r#"{"scopes":[]}"#),
    collection("agents/tasks", "AgentTask", "task")
        .keys(&["agent_task_id", "task_id"])
        .starting_with(r#"{"url":"https://accounts.sample.example/agents?__clerk_ticket={secret}"}"#),
    collection("allowlist_identifiers", "AllowlistIdentifier", "alid").unique("identifier"),
    collection("api_keys", "createApiKey.answer", "ak").starting_with(r#"{"type":"api_key"}"#),
    collection("billing/plans", "CommercePlan", "cplan"),
    collection("billing/prices", "BillingPriceResponse", "cprice")
        .starting_with(r#"{"supported_billing_periods":"both"}"#),
    collection("billing/statements", "BillingStatement", "cstmt"),
    collection("billing/statements/payment_attempts", "BillingPaymentAttempt", "cpay"),
    collection("billing/subscription_items", "CommerceSubscriptionItem", "csubi"),
    collection("billing/subscription_items/discounts", "CommerceDiscountRedemptionResponse", "cdisr")
        .keys(&["discount_id"])
        .starting_with(r#"{"source":"manual","effect":"percentage","name":"Goodwill","percent_off":10}"#),
    collection("blocklist_identifiers", "BlocklistIdentifier", "blid").unique("identifier"),
    collection("directories", "Directory", "dir").starting_with(DIRECTORY),
    collection("directories/group_role_mappings", "DirectoryGroupRoleMapping", "dgrm"),
    collection("domains", "Domain", "dmn").unique("name").starting_with(
        r#"{"cname_targets":[],"frontend_api_url":"https://clerk.sample.example","development_origin":""}"#,
    ),
    collection("enterprise_connections", "EnterpriseConnection", "entconn").renamed(SAML),
    collection("enterprise_connections/test_runs", "EnterpriseConnectionTestRun", "entrun")
        .starting_with(r#"{"url":"https://accounts.sample.example/sso-test?run={secret}"}"#),
    collection("invitations", "Invitation", "inv")
        .unique("email_address")
        .starting_with(r#"{"url":"https://clerk.sample.example/v1/tickets/accept?ticket={secret}"}"#),
    collection("jwt_templates", "JWTTemplate", "jtmp")
        .unique("name")
        .starting_with(r#"{"lifetime":60,"allowed_clock_skew":5,"signing_algorithm":"RS256"}"#),
    collection("m2m_tokens", "createM2MToken.answer", "mt").starting_with(r#"{"scopes":[]}"#),
    collection("machines", "CreateMachine.answer", "mch").starting_with(r#"{"default_token_ttl":3600}"#),
    collection("oauth_applications", "OAuthApplicationWithSecret", "oauthapp").starting_with(
        r#"{"scopes":"profile email","redirect_uris":[],"pkce_required":false,"consent_screen_enabled":true,
            "authorize_url":"https://clerk.sample.example/oauth/authorize","callback_url":"",
            "token_fetch_url":"https://clerk.sample.example/oauth/token",
            "discovery_url":"https://clerk.sample.example/.well-known/openid-configuration",
            "token_introspection_url":"https://clerk.sample.example/oauth/token_info",
            "user_info_url":"https://clerk.sample.example/oauth/userinfo"}"#,
    ),
    collection("oauth_applications/access_tokens", "verifyOAuthAccessToken.answer.1", "oat")
        .starting_with(r#"{"token":"{secret}"}"#),
    collection("organization_permissions", "Permission", "perm")
        .unique("key")
        .starting_with(r#"{"type":"user","description":""}"#),
    collection("organization_roles", "Role", "role").unique("key"),
    collection("organizations/domains", "OrganizationDomain", "orgdmn").unique("name"),
    collection("proxy_checks", "ProxyCheck", "proxchk").starting_with(r#"{"successful":true}"#),
    collection("redirect_urls", "RedirectURL", "ru").unique("url"),
    collection("role_sets", "RoleSet", "roleset")
        .keys(&["id", "key"])
        .unique("key")
        .starting_with(r#"{"type":"custom"}"#),
    collection("saml_connections", "SAMLConnection", "samlc").starting_with(
        r#"{"domains":[],"acs_url":"https://clerk.sample.example/v1/saml/acs/{id}",
            "sp_entity_id":"https://clerk.sample.example/saml/{id}",
            "sp_metadata_url":"https://clerk.sample.example/v1/saml/metadata/{id}.xml",
            "attribute_mapping":{"user_id":"uid","email_address":"mail","first_name":"givenName","last_name":"sn"}}"#,
    ),
    collection("scim_directories", "SCIMDirectory", "dir").starting_with(DIRECTORY),
    collection("scim_directories/group_role_mappings", "SCIMGroupRoleMapping", "dgrm"),
    collection("sign_in_tokens", "SignInToken", "sit")
        .starting_with(r#"{"url":"https://accounts.sample.example/sign-in?__clerk_ticket={secret}"}"#),
    collection("sign_ups", "SignUp", "sua"),
    collection("templates", "Template", "tmpl").keys(&["slug"]).starting_with(
        r#"{"enabled":true,"delivered_by_clerk":true,"can_edit_body":true,"can_revert":true,"can_toggle":true,
            "available_variables":["app.name"],"required_variables":[]}"#,
    ),
    collection("testing_tokens", "TestingToken", "tt"),
    collection("users/trusted_devices", "TrustedDevice", "td"),
    collection("waitlist_entries", "WaitlistEntry", "wle").unique("email_address"),
];

pub(crate) fn find(path: &str) -> Option<&'static Collection> {
    COLLECTIONS.iter().find(|collection| collection.path == path)
}
