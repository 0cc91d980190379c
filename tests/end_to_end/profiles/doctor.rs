//! The doctor looks at each profile.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use super::{Two, file, of};
use crate::harness::{Directory, KEY};

#[test]
fn each_profile_is_looked_at() {
    let two = Two::new();
    let key = two.directory.0.join("key");
    fs::write(&key, KEY).expect("it can be written");
    fs::set_permissions(&key, Permissions::from_mode(0o644)).expect("its mode can be set");
    let more = format!(
        "[profiles.third]\nkey_file = \"key\"\napi_url = \"{}\"\n[profiles.fourth]\nkey_env = \"NONE\"\n",
        two.staging.url
    );
    let text = fs::read_to_string(two.file("mode = \"full\"", "mode = \"read-only\"")).expect("it was written");
    let home = Directory::new();
    let program = of(&file(&two.directory, &format!("{text}{more}"))).variable("HOME", &home.text());
    let finished = program.arguments(&["doctor", "--no-start"]).run();
    assert_eq!(finished.status, 1, "{}", finished.stderr);
    for part in [
        "staging, production, third, fourth; staging is the default",
        "staging: of a development instance, from KEY_OF_STAGING",
        "production: of a production instance, from KEY_OF_PRODUCTION",
        "staging: the API takes the key",
        "production: the API takes the key",
        "mode: read-only",
        "third: others on this machine can read",
        "the variable NONE is not set",
    ] {
        assert!(finished.stdout.contains(part), "{part}: {}", finished.stdout);
    }
}

#[test]
fn a_file_that_stops_the_start_is_a_problem() {
    let directory = Directory::new();
    let program = of(&file(&directory, "[profiles.a]\nmood = 5\n")).variable("HOME", &directory.text());
    let finished = program.arguments(&["doctor", "--no-start"]).run();
    assert_eq!(finished.status, 1, "{}", finished.stderr);
    assert!(finished.stdout.contains("no setting \"mood\""), "{}", finished.stdout);
}
