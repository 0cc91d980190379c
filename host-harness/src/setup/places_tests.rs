//! Paths on each system.

use super::*;
use crate::setup::clients::CLIENTS;

fn on(system: System, variable: fn(&str) -> Option<PathBuf>) -> Places {
    Places::new(system, "/work/app".into(), variable).expect("there is a home")
}

fn home(name: &str) -> Option<PathBuf> {
    ["HOME", "USERPROFILE"].contains(&name).then(|| "/home/ada".into())
}

fn elsewhere(name: &str) -> Option<PathBuf> {
    match name {
        "XDG_CONFIG_HOME" => Some("/x".into()),
        "CODEX_HOME" => Some("/codex".into()),
        name => home(name),
    }
}

fn file(places: &Places, client: &str) -> PathBuf {
    places.user_files(Client::named(client).expect("there is one")).remove(0)
}

#[test]
fn the_key_is_in_the_directory_of_configurations() {
    for (system, path) in [
        (System::Linux, "/home/ada/.config/clerk-mcp/secret-key"),
        (System::MacOs, "/home/ada/Library/Application Support/clerk-mcp/secret-key"),
        (System::Windows, "/home/ada/AppData/Roaming/clerk-mcp/secret-key"),
    ] {
        assert_eq!(on(system, home).key_file(), PathBuf::from(path), "{system:?}");
    }
    assert_eq!(on(System::Linux, elsewhere).key_file(), PathBuf::from("/x/clerk-mcp/secret-key"));
}

#[test]
fn every_client_has_a_place_on_every_system() {
    for system in [System::Linux, System::MacOs, System::Windows] {
        for client in CLIENTS {
            let files = on(system, home).user_files(client);
            assert_eq!(files.len(), client.user.on(system).len(), "{}: a path cannot be resolved", client.name);
            assert!(files.iter().all(|file| file.starts_with("/home/ada")), "{}", client.name);
        }
    }
}

#[test]
fn the_environment_leads_elsewhere() {
    let places = on(System::Linux, elsewhere);
    assert_eq!(file(&places, "codex"), PathBuf::from("/codex/config.toml"));
    assert_eq!(file(&places, "zed"), PathBuf::from("/x/zed/settings.json"));
    assert_eq!(file(&places, "claude-code"), PathBuf::from("/home/ada/.claude.json"));
    assert!(Places::new(System::Linux, PathBuf::new(), |_| None).is_err(), "without a home there is no place");
}
