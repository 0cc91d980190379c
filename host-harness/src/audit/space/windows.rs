//! Looks whether there is space: reserved, it would show.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Finds out whether this user may fill so many bytes more on the volume of a file. Others may take them meanwhile.
pub(in crate::audit) fn reserve(_: &File, path: &Path, _: u64, bytes: u64) -> io::Result<()> {
    let directory = path.parent().unwrap_or(path);
    match fs4::available_space(directory) {
        Ok(free) if free < bytes => Err(ErrorKind::StorageFull.into()),
        // Some file systems do not tell.
        Err(error) if error.kind() != ErrorKind::Unsupported => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volume_has_less_space_than_everything() {
        let directory = std::env::temp_dir();
        let path = directory.join(format!("clerk-mcp-free-{}", std::process::id()));
        let file = File::create(&path).expect("it can be made");
        assert!(reserve(&file, &path, 0, u64::MAX).is_err_and(|error| error.kind() == ErrorKind::StorageFull));
        std::fs::remove_file(path).expect("it is there");
    }
}
