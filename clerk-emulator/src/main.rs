//! Serves the sample data on a port of its own: `clerk-emulator [--listen 127.0.0.1:4000]`.

use std::process::ExitCode;

use clerk_emulator::{DEMO_SECRET_KEY, Emulator};
use tokio::net::TcpListener;

const USAGE: &str = "usage: clerk-emulator [--listen 127.0.0.1:4000]";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let address = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => "127.0.0.1:4000",
        ["--listen", address] => address,
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match serve(address).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot serve on {address}: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(address: &str) -> std::io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    eprintln!("Clerk's Backend API, emulated: http://{}/v1", listener.local_addr()?);
    eprintln!("secret key: {DEMO_SECRET_KEY}");
    Emulator::sample().serve(listener).await
}
