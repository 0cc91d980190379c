//! Messages of HTTP/1.1 as far as this needs them.

use std::io::{self, BufRead as _, BufReader, Read as _};
use std::net::TcpStream;

/// The body of a message whose first line has been read; each line of its head goes to `note`, name and value.
pub(crate) fn body(connection: &mut BufReader<TcpStream>, mut note: impl FnMut(&str, &str)) -> io::Result<Vec<u8>> {
    let (mut length, mut line) = (0, String::new());
    while line != "\r\n" {
        line.clear();
        connection.read_line(&mut line)?;
        let (name, value) = line.split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
        note(name, value.trim());
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body)?;
    Ok(body)
}
