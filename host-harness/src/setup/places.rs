//! Directories of this user on this system, and the paths in the table of clients.

use std::env;
use std::path::{Path, PathBuf};

use super::clients::{Client, Files};

/// The kind of system, by which paths differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    Linux,
    MacOs,
    Windows,
}

/// What a path in the table of clients begins with where it is the user's directory of configurations: `~/.config` unless
/// the environment says otherwise.
const XDG: &str = "$XDG_CONFIG_HOME/";
const HOME: &str = "~/";
const APPDATA: &str = "%APPDATA%/";

/// The environment, as far as paths depend on it.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    pub(crate) system: System,
    home: PathBuf,
    configuration: PathBuf,
    /// Only on Windows.
    application_data: Option<PathBuf>,
    project: PathBuf,
    variable: fn(&str) -> Option<PathBuf>,
}

/// There is no directory of the user.
#[derive(Debug, thiserror::Error)]
#[error("the directory of the user is not known: set {0}")]
pub(crate) struct Homeless(&'static str);

impl System {
    pub(crate) const CURRENT: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Linux
    };

    fn home_variable(self) -> &'static str {
        if self == Self::Windows { "USERPROFILE" } else { "HOME" }
    }
}

impl Files {
    pub(crate) fn on(&self, system: System) -> &'static [&'static str] {
        match system {
            System::Linux => self.linux,
            System::MacOs => self.macos,
            System::Windows => self.windows,
        }
    }
}

impl Places {
    /// Those of the process.
    ///
    /// # Errors
    ///
    /// The environment does not name the user's directory.
    pub(crate) fn of_process() -> Result<Self, Homeless> {
        let project = env::current_dir().unwrap_or_default();
        Self::new(System::CURRENT, project, |name| {
            env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
        })
    }

    pub(crate) fn new(
        system: System,
        project: PathBuf,
        variable: fn(&str) -> Option<PathBuf>,
    ) -> Result<Self, Homeless> {
        let home_variable = system.home_variable();
        let home = variable(home_variable).filter(|home| home.is_absolute()).ok_or(Homeless(home_variable))?;
        let configuration = variable("XDG_CONFIG_HOME").filter(|path| path.is_absolute());
        let configuration = configuration.unwrap_or_else(|| home.join(".config"));
        let application_data = (system == System::Windows)
            .then(|| variable("APPDATA").unwrap_or_else(|| home.join("AppData").join("Roaming")));
        Ok(Self { system, home, configuration, application_data, project, variable })
    }

    /// The file in which this program keeps the secret key.
    pub(crate) fn key_file(&self) -> PathBuf {
        let directory = match (self.system, &self.application_data) {
            (System::MacOs, _) => below(&self.home, "Library/Application Support"),
            (System::Windows, Some(data)) => data.clone(),
            _ => self.configuration.clone(),
        };
        directory.join("clerk-mcp").join("secret-key")
    }

    /// The files that a client may have its servers in for this user, the one for a new entry first.
    pub(crate) fn user_files(&self, client: &Client) -> Vec<PathBuf> {
        let by_variable = client.directory.and_then(|(name, file)| Some((self.variable)(name)?.join(file)));
        if let Some(file) = by_variable {
            return vec![file];
        }
        let mut files: Vec<PathBuf> =
            client.user.on(self.system).iter().filter_map(|path| self.resolve(path)).collect();
        // One that is there before one that is not; otherwise in their order.
        files.sort_by_key(|file| !file.exists());
        files
    }

    /// The file for those who work on the project in the current directory.
    pub(crate) fn project_file(&self, client: &Client) -> Option<PathBuf> {
        client.project.map(|path| below(&self.project, path))
    }

    /// Tells whether this user has the client.
    pub(crate) fn has(&self, client: &Client) -> bool {
        let is_there = |path: &str| self.resolve(path).is_some_and(|path| path.exists());
        self.user_files(client).iter().any(|file| file.exists())
            || client.signs.iter().any(|sign| is_there(sign))
            || client.programs.iter().any(|program| self.program(Path::new(program)).is_some())
    }

    /// The file that is run by a command: found where the system looks for commands, unless it is a path.
    pub(crate) fn program(&self, command: &Path) -> Option<PathBuf> {
        let endings: &[&str] = if self.system == System::Windows { &["", ".exe", ".cmd", ".bat"] } else { &[""] };
        let with_ending = |path: &Path, ending: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            Some(PathBuf::from(name)).filter(|path| path.is_file())
        };
        let find = |path: &Path| endings.iter().find_map(|ending| with_ending(path, ending));
        if command.components().count() > 1 {
            return find(command);
        }
        let directories = (self.variable)("PATH").unwrap_or_default();
        env::split_paths(&directories).find_map(|directory| find(&directory.join(command)))
    }

    /// The path that one in the table stands for here; none on a system that has no such place.
    fn resolve(&self, path: &str) -> Option<PathBuf> {
        if let Some(rest) = path.strip_prefix(HOME) {
            return Some(below(&self.home, rest));
        }
        if let Some(rest) = path.strip_prefix(XDG) {
            return Some(below(&self.configuration, rest));
        }
        Some(below(self.application_data.as_ref()?, path.strip_prefix(APPDATA)?))
    }
}

/// A path of the table, as this system writes it, below a directory.
fn below(directory: &Path, path: &str) -> PathBuf {
    path.split('/').fold(directory.to_owned(), |directory, part| directory.join(part))
}

// A path of Unix stands in them for one of any system, and on Windows it is not absolute.
#[cfg(all(test, unix))]
#[path = "places_tests.rs"]
mod tests;
