//! The directory for secrets that the API gives: each is written to a file of its own, which only the operator can read.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::file_system::{self, Exposed, MAKE_PRIVATE};

/// The largest secret that is kept, in bytes.
const LARGEST: usize = 64 * 1024;
/// The longest part of a file's name that a tool or a field makes, in bytes.
const LONGEST: usize = 60;

/// A directory that only this user can read.
#[derive(Clone, Debug)]
pub(crate) struct SecretsDirectory(PathBuf);

/// A secret that is not in a file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unkept {
    #[error("there is no directory {}; {MAKE_PRIVATE}", .0.display())]
    Missing(PathBuf),
    #[error("{} is no directory", .0.display())]
    NoDirectory(PathBuf),
    #[error(transparent)]
    Exposed(#[from] Exposed),
    #[error("{} cannot be written: {}", .0.display(), .1)]
    Unwritable(PathBuf, io::Error),
    #[error("it has more than {LARGEST} bytes")]
    TooLarge,
    #[error("one call writes no more of them: ask for fewer at once")]
    TooMany,
}

impl SecretsDirectory {
    /// Takes a directory in which secrets can be kept.
    ///
    /// # Errors
    ///
    /// It is none, others can read it, or it cannot be written.
    pub(crate) fn open(path: &Path) -> Result<Self, Unkept> {
        let found = dunce::canonicalize(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Unkept::Missing(path.into()),
            _ => Unkept::Unwritable(path.into(), error),
        })?;
        let directory = Self(found);
        directory.check()?;
        // Nothing else proves that files can be made there.
        let probe = directory.0.join(format!(".probe-{}", directory.random()?));
        create(&probe).and_then(|_| fs::remove_file(&probe)).map_err(|error| directory.unwritable(error))?;
        Ok(directory)
    }

    /// Writes a secret to a new file, through to the disk. Nothing remains of one that cannot be written.
    ///
    /// # Errors
    ///
    /// It could not be written.
    pub(crate) fn keep(&self, tool: &str, field: &str, secret: &str) -> Result<PathBuf, Unkept> {
        if secret.len() > LARGEST {
            return Err(Unkept::TooLarge);
        }
        // It may be another one than when this program started.
        self.check()?;
        let path = self.0.join(format!("{}-{}-{}-{}", time(), plain(tool), plain(field), self.random()?));
        let mut file = create(&path).map_err(|error| self.unwritable(error))?;
        let written = file
            .write_all(secret.as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| file_system::sync_directory(&self.0));
        match written {
            Ok(()) => Ok(path),
            Err(error) => {
                let _ = fs::remove_file(&path);
                Err(self.unwritable(error))
            }
        }
    }

    fn check(&self) -> Result<(), Unkept> {
        let metadata = fs::metadata(&self.0).map_err(|error| self.unwritable(error))?;
        if !metadata.is_dir() {
            return Err(Unkept::NoDirectory(self.0.clone()));
        }
        Ok(file_system::check_private(&self.0).map_err(|error| self.unwritable(error))??)
    }

    fn random(&self) -> Result<String, Unkept> {
        let mut bytes = [0; 8];
        let filled = SystemRandom::new().fill(&mut bytes);
        filled.map_err(|_| self.unwritable(io::Error::other("the system gives no random bytes")))?;
        Ok(format!("{:016x}", u64::from_be_bytes(bytes)))
    }

    fn unwritable(&self, error: io::Error) -> Unkept {
        Unkept::Unwritable(self.0.clone(), error)
    }
}

/// Creates a file that was not there, for this user alone. A link of its name is not followed.
fn create(path: &Path) -> io::Result<File> {
    file_system::options().write(true).create_new(true).open(path)
}

/// The time to the second, as a part of a file's name.
fn time() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_secs());
    let now = Timestamp::from_second(i64::try_from(seconds).unwrap_or_default()).unwrap_or_default();
    now.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A name as a part of a file's name.
fn plain(name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    name.chars().take(LONGEST).map(|letter| if is_plain(letter) { letter } else { '.' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(unix)]
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    /// A new directory for one test.
    fn directory(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("clerk-mcp-secrets-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).expect("a directory can be made");
        #[cfg(unix)]
        set_mode(&path, 0o700);
        path
    }

    #[cfg(unix)]
    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("its mode can be set");
    }

    fn names(path: &Path) -> Vec<String> {
        let files = fs::read_dir(path).expect("it can be read").map(|file| file.expect("a file").file_name());
        files.map(|name| name.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_secret_is_in_a_file_of_its_own_that_only_its_user_can_read() {
        let path = directory("file");
        let kept = SecretsDirectory::open(&path).expect("it is fit");
        assert_eq!(names(&path), [""; 0], "the probe is gone");
        let [one, other] = ["t_1", "t_2"].map(|secret| kept.keep("clerk_x", "done.0.url", secret).expect("it is kept"));
        assert_ne!(one, other);
        for (file, secret) in [(&one, "t_1"), (&other, "t_2")] {
            assert_eq!(fs::read_to_string(file).expect("it is there"), secret);
            #[cfg(unix)]
            assert_eq!(fs::metadata(file).expect("it is there").mode() & 0o7777, 0o600);
        }
        let name = one.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        assert!(name.contains("Z-clerk_x-done.0.url-") && !name.contains("t_1"), "{name}");
        fs::remove_dir_all(&path).expect("it can be removed");
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        let path = directory("name");
        let kept = SecretsDirectory::open(&path).expect("it is fit");
        let file = kept.keep("../../x/\n", &"\u{202e}/".repeat(200), "t").expect("it is kept");
        assert_eq!(file.parent(), dunce::canonicalize(&path).ok().as_deref());
        assert!(file.file_name().is_some_and(|name| name.len() < 150 && name.to_str().is_some_and(str::is_ascii)));
        fs::remove_dir_all(&path).expect("it can be removed");
    }

    #[test]
    #[cfg(unix)]
    fn what_others_can_get_into_is_no_place_for_secrets() {
        let is_open = |path: &Path| matches!(SecretsDirectory::open(path), Err(Unkept::Exposed(Exposed::Open(..))));
        let path = directory("open");
        for mode in [0o750, 0o701, 0o702, 0o777] {
            set_mode(&path, mode);
            assert!(is_open(&path), "{mode:o}");
        }
        set_mode(&path, 0o700);
        let kept = SecretsDirectory::open(&path).expect("it is fit");
        set_mode(&path, 0o755);
        assert!(matches!(kept.keep("x", "y", "t"), Err(Unkept::Exposed(Exposed::Open(..)))), "it is looked at again");
        fs::remove_dir_all(&path).expect("it can be removed");
    }

    #[test]
    #[cfg(windows)]
    fn what_lies_outside_of_the_profile_is_no_place_for_secrets() {
        let profile = std::env::home_dir().expect("there is a profile");
        let outside = profile.parent().expect("profiles lie together");
        for path in [outside, &outside.join("Public")] {
            fs::create_dir_all(path).expect("it can be made");
            let refusal = SecretsDirectory::open(path).expect_err("others can get in").to_string();
            assert!(refusal.contains(" is taken") && !refusal.contains(r"\\?\"), "{refusal}");
        }
    }

    #[test]
    fn a_directory_that_goes_is_missed() {
        let path = directory("gone");
        let kept = SecretsDirectory::open(&path).expect("it is fit");
        fs::remove_dir_all(&path).expect("it can be removed");
        assert!(kept.keep("x", "y", "t").is_err());
        assert!(matches!(SecretsDirectory::open(&path), Err(Unkept::Missing(_))));
        fs::write(&path, "").expect("a file can be written");
        assert!(matches!(SecretsDirectory::open(&path), Err(Unkept::NoDirectory(_))));
        fs::remove_file(&path).expect("it can be removed");
    }

    #[test]
    fn no_file_that_is_there_and_no_link_is_written_to() {
        let path = directory("link");
        let target = path.join("target");
        #[cfg(unix)]
        {
            let link = path.join("link");
            symlink(&target, &link).expect("a link can be made");
            assert!(create(&link).is_err() && !target.exists());
        }
        assert!(create(&target).is_ok() && create(&target).is_err());
        fs::remove_dir_all(&path).expect("it can be removed");
    }

    #[test]
    fn a_secret_has_a_largest_size() {
        let path = directory("large");
        let kept = SecretsDirectory::open(&path).expect("it is fit");
        assert!(kept.keep("x", "y", &"t".repeat(LARGEST)).is_ok());
        assert!(matches!(kept.keep("x", "y", &"t".repeat(LARGEST + 1)), Err(Unkept::TooLarge)));
        fs::remove_dir_all(&path).expect("it can be removed");
    }
}
