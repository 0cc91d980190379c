//! An entry that a person wrote is taken out, and no comment and no empty line of others goes with it.

use super::super::{Format, Place};

fn removed(format: Format, before: &str) -> String {
    let place = Place { format, servers: "s", name: "clerk" };
    place.remove(before, false).unwrap_or_else(|problem| panic!("{before}: {problem}"))
}

#[test]
fn json_keeps_comments_and_empty_lines() {
    for (before, after) in [
        (
            "{\n  \"s\": {\n    \"a\": 1,\n\n    // ours\n    \"clerk\": {}, // here\n\n    \"b\": 2\n  }\n}\n",
            "{\n  \"s\": {\n    \"a\": 1,\n\n    // ours\n    // here\n\n    \"b\": 2\n  }\n}\n",
        ),
        ("{ \"s\": { \"clerk\": {}, \"b\": {} } }", "{ \"s\": { \"b\": {} } }"),
        ("{ \"s\": { \"a\": {} , \"clerk\": {} } }", "{ \"s\": { \"a\": {}  } }"),
        ("{\n  \"s\": {\n    \"clerk\": {} /* c */,\n  },\n}\n", "{\n  \"s\": {\n    /* c */\n  },\n}\n"),
        ("{\n  \"s\": {\n    \"clerk\": {}\n  }, // mine\n  \"n\": 1\n}\n", "{\n  \"s\": {}, // mine\n  \"n\": 1\n}\n"),
        ("{\n  \"n\": 1,\n  \"s\": {\n    \"clerk\": {}\n  }\n}\n", "{\n  \"n\": 1\n}\n"),
    ] {
        assert_eq!(removed(Format::Json, before), after);
    }
}

#[test]
fn toml_keeps_comments_and_empty_lines() {
    for (before, after) in [
        (
            "a = 1\n\n# ours\n[s.clerk] # here\nb = 1 # c\n\n[s.clerk.env]\nd = 2\n\n# next\n[z]\n",
            "a = 1\n\n# ours\n\n# next\n[z]\n",
        ),
        ("[s.clerk]\nb = 1\n[s.a]\nc = 1\n\n[s.clerk.env]\nd = 2\n# end\n", "[s.a]\nc = 1\n# end\n"),
        // A table that is only implied: of tools, and the entry itself.
        ("m = 1\n\n[s.clerk]\nb = 1\n\n[s.clerk.tools.x]\nc = 1\n", "m = 1\n"),
        (
            "[s.a]\nh = 1\n\n[s.clerk]\nb = 1\n\n[s.clerk.tools.x]\nc = 1\n\n[s.clerk.tools.y]\nd = 1\n\n[z]\ne = 1\n",
            "[s.a]\nh = 1\n\n[z]\ne = 1\n",
        ),
        ("n = 1\n\n[s.clerk.env]\nA = 1\n\n[z]\n", "n = 1\n\n[z]\n"),
        ("[s]\nclerk = { b = 1 } # c\na.b = 1\n", "[s]\n# c\na.b = 1\n"),
        ("s.clerk.b = 1\ns.clerk.e.c = 1\n\n[t]\na = 1\n", "\n[t]\na = 1\n"),
        ("s = { clerk = { b = 1 } } # mine\n", "s = {} # mine\n"),
        ("n = 1\ns = { clerk = { b = 1 } }\n", "n = 1\n"),
    ] {
        assert_eq!(removed(Format::Toml, before), after);
    }
}

#[test]
fn yaml_keeps_comments_and_empty_lines() {
    for (before, after) in [
        (
            "s:\n  a: {}\n\n  # ours\n  clerk:\n    b: 1 # c\n\n  # next\n  z:\n    y: 1\n",
            "s:\n  a: {}\n\n  # ours\n  # c\n\n  # next\n  z:\n    y: 1\n",
        ),
        ("s: # mine\n  # built in\n  clerk:\n    b: 1\nn: 1\n", "s: {} # mine\n  # built in\nn: 1\n"),
        ("s: {\n  clerk: {b: 1},\n  d: {e: 1}\n}\nn: 1\n", "s: {\n  d: {e: 1}\n}\nn: 1\n"),
        ("s: { d: {e: 1}, clerk: {b: 1} }\nn: 1\n", "s: { d: {e: 1} }\nn: 1\n"),
        ("n: 1\n\ns:\n  clerk:\n    b: |\n      c\n\n    d:\n    - e\nm: 1\n", "n: 1\n\nm: 1\n"),
    ] {
        assert_eq!(removed(Format::Yaml, before), after);
    }
}
