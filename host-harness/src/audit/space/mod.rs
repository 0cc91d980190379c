//! Proves that a file can grow, without writing to it: whoever follows it sees nothing.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(super) use unix::reserve;
#[cfg(windows)]
pub(super) use windows::reserve;

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    #[test]
    fn what_is_reserved_does_not_show() {
        let path = std::env::temp_dir().join(format!("clerk-mcp-space-{}", std::process::id()));
        let file = File::create(&path).expect("it can be made");
        for end in [0, 100_000] {
            reserve(&file, &path, end, 128 * 1024).expect("there is space");
            assert_eq!(file.metadata().expect("it is there").len(), 0);
        }
        std::fs::remove_file(path).expect("it is there");
    }
}
