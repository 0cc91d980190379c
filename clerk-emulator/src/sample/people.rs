//! The users of the sample, one row each.

use Trait::{
    Banned, Enterprise, ExternalId, Google, Image, Locale, Locked, Passkey, Phone, Private, Public, SecondEmail,
    TwoFactor, Unverified, Username, Wallet,
};

/// For `seen`: the person never signed in.
pub(super) const NEVER: i64 = 0;

/// A user: `key@domain` is the email address unless the domain is empty, and an empty name is none.
pub(super) struct Person {
    pub(super) key: &'static str,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) domain: &'static str,
    /// How many days before the end of the sample the person signed up.
    pub(super) joined: i64,
    /// How many days before the end of the sample the person last signed in.
    pub(super) seen: i64,
    pub(super) traits: &'static [Trait],
}

/// What not everybody has.
pub(super) enum Trait {
    Username(&'static str),
    Phone(&'static str),
    ExternalId(&'static str),
    /// The person's id at Google.
    Google(&'static str),
    SecondEmail(&'static str),
    Wallet(&'static str),
    /// The name of a passkey.
    Passkey(&'static str),
    /// Signs in through the company's own directory, where the person has this id.
    Enterprise(&'static str),
    Locale(&'static str),
    /// Public metadata, as JSON.
    Public(&'static str),
    /// Private metadata, as JSON.
    Private(&'static str),
    Unverified,
    TwoFactor,
    Image,
    Banned,
    Locked,
}

const fn person(
    key: &'static str,
    (first_name, last_name): (&'static str, &'static str),
    domain: &'static str,
    (joined, seen): (i64, i64),
    traits: &'static [Trait],
) -> Person {
    Person { key, first_name, last_name, domain, joined, seen, traits }
}

const ACME: &str = "acme.example";
const BRIGHTWATER: &str = "brightwater.example";
const KESTREL: &str = "kestrel.example";
const DUBOIS: &str = "maison-dubois.example";
const TOHOKU: &str = "tohoku.example";
const SORLAND: &str = "sorland.example";
const PAPAYA: &str = "papaya.example";
const MAIL: &str = "mail.example";

pub(super) const PEOPLE: &[Person] = &[
    person(
        "ada",
        ("Ada", "Lovelace"),
        ACME,
        (729, 1),
        &[
            Username("ada"),
            Phone("+12025550101"),
            ExternalId("crm-1001"),
            Google("108000000000000000001"),
            Image,
            TwoFactor,
            Locale("en-GB"),
            Public(r#"{"title":"Chief engineer","theme":"dark"}"#),
            Private(r#"{"salesforce":{"contact":"0035g00000ADA","owner":"inside-sales"},"seats":{"cad":1}}"#),
        ],
    ),
    person(
        "grace",
        ("Grace", "Hopper"),
        ACME,
        (722, 2),
        &[
            Username("amazing-grace"),
            ExternalId("crm-1002"),
            Phone("+12025550102"),
            TwoFactor,
            Passkey("Grace's laptop"),
        ],
    ),
    person("katherine", ("Katherine", "Johnson"), ACME, (690, 4), &[ExternalId("crm-1003"), Image]),
    person("alan", ("Alan", "Turing"), ACME, (655, 11), &[Username("aturing"), ExternalId("crm-1004")]),
    person("hedy", ("Hedy", "Lamarr"), ACME, (610, 3), &[ExternalId("crm-1005"), Locale("de-AT")]),
    person("dorothy", ("Dorothy", "Vaughan"), ACME, (580, 30), &[ExternalId("crm-1006")]),
    person("tim", ("Tim", "Okafor"), ACME, (544, 1), &[Google("108000000000000000007"), Image]),
    person("radia", ("Radia", "Perlman"), ACME, (490, 8), &[Username("radia"), ExternalId("crm-1008")]),
    person("jose.ramirez", ("José", "Ramírez"), ACME, (433, 2), &[Locale("es-MX"), Phone("+12025550109")]),
    person("mei.lin", ("Mei-Lin", "Chen"), ACME, (377, 5), &[Google("108000000000000000010")]),
    person("priya", ("Priya", "Raghavan"), ACME, (301, 1), &[Username("priya.r"), TwoFactor]),
    person("soren", ("Søren", "Kjær"), ACME, (244, 60), &[Locale("da-DK")]),
    person("olena", ("Олена", "Коваль"), ACME, (190, 6), &[Locale("uk-UA"), Image]),
    person("femi", ("Fẹ́mi", "Adébáyọ̀"), ACME, (121, 1), &[Google("108000000000000000014")]),
    person("contractor", ("", ""), ACME, (64, NEVER), &[Unverified]),
    person("intern", ("Jo", ""), ACME, (20, 2), &[]),
    person(
        "marion",
        ("Marion", "Brightwater"),
        BRIGHTWATER,
        (700, 3),
        &[Username("marion"), Phone("+12025550117"), TwoFactor, Private(r#"{"npi":"0000000017"}"#)],
    ),
    person(
        "samir",
        ("Samir", "Haddad"),
        BRIGHTWATER,
        (671, 1),
        &[ExternalId("bw-2"), TwoFactor, Enterprise("samir.haddad")],
    ),
    person("wanjiru", ("Wanjirũ", "Kamau"), BRIGHTWATER, (602, 9), &[ExternalId("bw-3")]),
    person("david.cohen", ("David", "Cohen"), BRIGHTWATER, (566, 2), &[ExternalId("bw-4"), Image]),
    person("noor", ("Noor", "al-Masri"), BRIGHTWATER, (512, 15), &[Phone("+12025550121")]),
    person("helen", ("Helen", "Papadopoulou"), BRIGHTWATER, (470, 1), &[Username("helenp")]),
    person("tomasz", ("Tomasz", "Wójcik"), BRIGHTWATER, (401, 7), &[Locale("pl-PL")]),
    person("aisha", ("Aisha", "Bello"), BRIGHTWATER, (350, 2), &[Google("108000000000000000024")]),
    person("kenji", ("Kenji", "Watanabe"), BRIGHTWATER, (288, 90), &[]),
    person("linh", ("Nguyễn", "Thùy Linh"), BRIGHTWATER, (203, 1), &[Locale("vi-VN"), Image]),
    person("frontdesk", ("", ""), BRIGHTWATER, (150, 1), &[Username("bw-frontdesk")]),
    person("ruth", ("Ruth", "Mbeki"), BRIGHTWATER, (45, 5), &[]),
    person("ines", ("Inês", "Carvalho"), KESTREL, (655, 1), &[Username("ines"), Locale("pt-PT"), TwoFactor]),
    person("pat", ("Pat", "O'Connor"), KESTREL, (640, 4), &[Phone("+12025550130"), ExternalId("driver-7")]),
    person("lars", ("Lars", "Öberg"), KESTREL, (533, 12), &[ExternalId("driver-8"), Locale("sv-SE")]),
    person("zeynep", ("Zeynep", "Yıldız"), KESTREL, (421, 2), &[ExternalId("driver-9")]),
    person("mateus", ("Mateus", "da Silva"), KESTREL, (377, 3), &[ExternalId("driver-10")]),
    person("chidi", ("Chidi", "Anyanwu"), KESTREL, (260, 1), &[Google("108000000000000000034"), Image]),
    person("driver-kiosk", ("", ""), "", (222, 1), &[Username("kestrel-kiosk")]),
    person("ana", ("Ana", "Petrović"), KESTREL, (111, 40), &[]),
    person("bo", ("Bo", "Li"), KESTREL, (35, NEVER), &[Unverified]),
    person("camille", ("Camille", "Dubois"), DUBOIS, (611, 1), &[Username("camille"), Locale("fr-FR"), Image]),
    person("luc", ("Luc", "Dubois"), DUBOIS, (611, 6), &[Locale("fr-FR")]),
    person("chloe", ("Chloé", "Lefèvre"), DUBOIS, (455, 2), &[Phone("+33199000041")]),
    person("yasmine", ("Yasmine", "Benali"), DUBOIS, (320, 1), &[Google("108000000000000000041")]),
    person("theo", ("Théo", "Girard"), DUBOIS, (200, 22), &[]),
    person("agnes", ("Agnès", "Marchand"), DUBOIS, (99, 3), &[SecondEmail("agnes@mail.example")]),
    person("haruka", ("遥", "佐藤"), TOHOKU, (580, 2), &[Username("haruka"), Locale("ja-JP"), TwoFactor]),
    person("ren", ("蓮", "鈴木"), TOHOKU, (544, 1), &[Locale("ja-JP")]),
    person("aoi", ("Aoi", "Takahashi"), TOHOKU, (390, 14), &[Locale("ja-JP"), Image]),
    person("minjun", ("민준", "김"), TOHOKU, (250, 5), &[Locale("ko-KR")]),
    person("sota", ("Sōta", "Itō"), TOHOKU, (80, 1), &[]),
    person("ingrid", ("Ingrid", "Sørland"), SORLAND, (433, 3), &[Locale("nb-NO"), Phone("+4799000049")]),
    person("oystein", ("Øystein", "Bakke"), SORLAND, (401, 1), &[Username("oystein")]),
    person("aino", ("Aino", "Mäkinen"), SORLAND, (222, 180), &[Locale("fi-FI")]),
    person("gunnar", ("Gunnar", "Þórsson"), SORLAND, (60, 2), &[Locale("is-IS")]),
    person("maya", ("Maya", "Fernández"), PAPAYA, (150, 1), &[Username("maya"), Image]),
    person("kofi", ("Kofi", "Mensah"), PAPAYA, (149, 2), &[Google("108000000000000000053")]),
    person("mallory", ("Mallory", "Quick"), MAIL, (280, 120), &[Username("mallory"), Banned]),
    person("trent", ("Trent", "Almeida"), MAIL, (310, 10), &[Username("trent"), Locked]),
    person("satoshi", ("", ""), "", (365, 50), &[Wallet("0x000000000000000000000000000000000000dead")]),
    person("caller", ("Rosa", "Delgado"), "", (170, 4), &[Phone("+12025550158")]),
    person("quinn", ("Quinn", ""), MAIL, (130, 25), &[SecondEmail("quinn@work.example"), Image]),
    person("newcomer", ("Amélie", "Zhang-O’Brien"), MAIL, (1, 1), &[]),
    person("ghost", ("", ""), "", (500, NEVER), &[ExternalId("import-000061")]),
];
