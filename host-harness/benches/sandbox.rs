//! What the sandbox costs inside one process: loading the component, an instance, a list, a call.
#![expect(dead_code, unused_imports, reason = "the program's modules, of which the benchmarks use part")]

use std::hint::black_box;
use std::net::Ipv4Addr;
use std::time::Duration;

use clerk_emulator::{DEMO_SECRET_KEY, Emulator};
use criterion::{Criterion, criterion_group, criterion_main};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

#[path = "../src/component.rs"]
mod component;
#[path = "../src/egress.rs"]
mod egress;
#[path = "../src/engine.rs"]
mod engine;
#[path = "../src/key.rs"]
mod key;
#[path = "../src/origin.rs"]
mod origin;
#[path = "../src/retry.rs"]
mod retry;

use component::{Policy, Tools};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn tools(origin: &str) -> Tools {
    let origin = origin::Origin::parse(origin).expect("an origin");
    Tools::load(None, egress::Egress::new(origin), policy(&[]), Duration::from_secs(30)).expect("the component")
}

fn policy(toolsets: &[&str]) -> Policy {
    Policy { read_only: false, toolsets: toolsets.iter().map(ToString::to_string).collect() }
}

fn sandbox(criterion: &mut Criterion) {
    let runtime = runtime();
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a port");
    let address = listener.local_addr().expect("its address");
    runtime.spawn(Emulator::sample().serve(listener));

    let tools = tools(&format!("http://{address}/v1"));
    let key = key::SecretKey::parse(DEMO_SECRET_KEY).expect("a key");
    let nothing = policy(&["none"]);
    criterion.bench_function("a fresh instance", |bencher| {
        bencher.to_async(&runtime).iter(async || black_box(tools.list_under(&nothing).await));
    });
    criterion.bench_function("list", |bencher| {
        bencher.to_async(&runtime).iter(async || black_box(tools.list().await));
    });
    criterion.bench_function("call clerk_get_user", |bencher| {
        bencher.to_async(&runtime).iter(async || {
            let arguments = r#"{"user_id":"user_3f52u5b9F5UOrOd4b8C551cCfyc"}"#;
            black_box(tools.call(key.clone(), "clerk_get_user".into(), arguments.into()).await)
        });
    });
}

criterion_group!(benches, sandbox);
criterion_main!(benches);
