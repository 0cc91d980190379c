//! The organizations of the sample with their members, and the invitations to them.

use crate::invitations::Status::{self, Accepted, Expired, Pending, Revoked};

/// An organization; people are named by their keys with spaces between, and the first administrator created it.
pub(super) struct Company {
    pub(super) slug: &'static str,
    pub(super) name: &'static str,
    /// How many days before the end of the sample it was created.
    pub(super) age: i64,
    /// 0 is no limit.
    pub(super) max_allowed_memberships: i64,
    pub(super) public_metadata: &'static str,
    pub(super) private_metadata: &'static str,
    pub(super) admins: &'static str,
    pub(super) billing_managers: &'static str,
    pub(super) members: &'static str,
}

pub(super) const COMPANIES: &[Company] = &[
    Company {
        slug: "acme",
        name: "Acme Robotics",
        age: 728,
        max_allowed_memberships: 50,
        public_metadata: r#"{"plan":"enterprise","region":"us-east","features":{"sso":true,"audit_log":true}}"#,
        private_metadata: r#"{"billing":{"customer":"cus_0001","currency":"usd"},"account_manager":"quinn"}"#,
        admins: "ada grace",
        billing_managers: "dorothy",
        members: "katherine alan hedy tim radia jose.ramirez mei.lin priya soren olena femi contractor intern",
    },
    Company {
        slug: "brightwater-health",
        name: "Brightwater Health",
        age: 699,
        max_allowed_memberships: 25,
        public_metadata: r#"{"plan":"business","region":"us-west"}"#,
        private_metadata: r#"{"billing":{"customer":"cus_0002","currency":"usd"},"compliance":{"baa_signed":true}}"#,
        admins: "marion samir",
        billing_managers: "helen",
        members: "wanjiru david.cohen noor tomasz aisha kenji linh frontdesk ruth",
    },
    Company {
        slug: "kestrel-logistics",
        name: "Kestrel Logistics",
        age: 650,
        max_allowed_memberships: 20,
        public_metadata: r#"{"plan":"business","region":"eu-west","depots":["Porto","Malmö"]}"#,
        private_metadata: r#"{"billing":{"customer":"cus_0003","currency":"eur"}}"#,
        admins: "ines",
        billing_managers: "",
        members: "pat lars zeynep mateus chidi driver-kiosk ana bo",
    },
    Company {
        slug: "maison-dubois",
        name: "Maison Dubois",
        age: 610,
        max_allowed_memberships: 10,
        public_metadata: r#"{"plan":"starter","region":"eu-west"}"#,
        private_metadata: r#"{"billing":{"customer":"cus_0004","currency":"eur"}}"#,
        admins: "camille",
        billing_managers: "luc",
        members: "chloe yasmine theo agnes trent",
    },
    Company {
        slug: "tohoku-instruments",
        name: "東北計器 Tōhoku Instruments",
        age: 575,
        max_allowed_memberships: 0,
        public_metadata: r#"{"plan":"business","region":"ap-northeast"}"#,
        private_metadata: "{}",
        admins: "haruka",
        billing_managers: "",
        members: "ren aoi minjun sota",
    },
    Company {
        slug: "sorland-energi",
        name: "Sørland Energi",
        age: 430,
        max_allowed_memberships: 10,
        public_metadata: r#"{"plan":"starter","region":"eu-north"}"#,
        private_metadata: "{}",
        admins: "ingrid",
        billing_managers: "",
        members: "oystein aino gunnar priya",
    },
    Company {
        slug: "papaya-studio",
        name: "Papaya Studio",
        age: 149,
        max_allowed_memberships: 3,
        public_metadata: r#"{"plan":"free"}"#,
        private_metadata: "{}",
        admins: "maya",
        billing_managers: "",
        members: "kofi",
    },
    Company {
        slug: "sandbox",
        name: "Sandbox",
        age: 30,
        max_allowed_memberships: 5,
        public_metadata: "{}",
        private_metadata: "{}",
        admins: "",
        billing_managers: "",
        members: "",
    },
];

/// An invitation; the inviter is named by their key, and an empty key is none.
pub(super) struct Invite {
    pub(super) slug: &'static str,
    pub(super) email_address: &'static str,
    pub(super) role: &'static str,
    pub(super) inviter: &'static str,
    pub(super) status: Status,
    /// How many days before the end of the sample it was made.
    pub(super) age: i64,
    /// After how many days it expires.
    pub(super) lifetime: i64,
}

const fn invite(
    slug: &'static str,
    email_address: &'static str,
    role: &'static str,
    inviter: &'static str,
    (status, age, lifetime): (Status, i64, i64),
) -> Invite {
    Invite { slug, email_address, role, inviter, status, age, lifetime }
}

const ADMIN: &str = "org:admin";
const MEMBER: &str = "org:member";
const BILLING: &str = "org:billing_manager";

/// After how many days those expire that are pending. Clerk allows a year; these stay open whenever the sample is looked at.
const OPEN: i64 = 3650;

pub(super) const INVITES: &[Invite] = &[
    invite("acme", "barbara@acme.example", MEMBER, "ada", (Pending, 9, OPEN)),
    invite("acme", "margaret@acme.example", ADMIN, "grace", (Pending, 3, OPEN)),
    invite("acme", "finance@acme.example", BILLING, "", (Pending, 14, OPEN)),
    invite("acme", "intern@acme.example", MEMBER, "ada", (Accepted, 21, 30)),
    invite("acme", "femi@acme.example", MEMBER, "grace", (Accepted, 123, 30)),
    invite("acme", "charles@acme.example", MEMBER, "ada", (Revoked, 200, 30)),
    invite("acme", "joan@acme.example", MEMBER, "grace", (Expired, 95, 30)),
    invite("acme", "edsger@mail.example", MEMBER, "ada", (Expired, 300, 7)),
    invite("brightwater-health", "oncall@brightwater.example", MEMBER, "marion", (Pending, 6, OPEN)),
    invite("brightwater-health", "ruth@brightwater.example", MEMBER, "samir", (Accepted, 47, 30)),
    invite("brightwater-health", "old.vendor@mail.example", BILLING, "samir", (Revoked, 410, 30)),
    invite("kestrel-logistics", "dispatch@kestrel.example", MEMBER, "ines", (Pending, 2, OPEN)),
    invite("kestrel-logistics", "night.shift@kestrel.example", MEMBER, "ines", (Expired, 66, 14)),
    invite("maison-dubois", "comptable@maison-dubois.example", BILLING, "camille", (Pending, 12, OPEN)),
    invite("maison-dubois", "stagiaire@maison-dubois.example", MEMBER, "camille", (Revoked, 33, 30)),
    invite("tohoku-instruments", "sota@tohoku.example", MEMBER, "haruka", (Accepted, 82, 30)),
    invite("papaya-studio", "freelance@mail.example", MEMBER, "maya", (Pending, 5, OPEN)),
];
