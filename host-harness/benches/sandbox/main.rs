//! The cost of the sandbox inside one process: an instance, a list, a call, and a call behind the guard of other hosts.
#![expect(dead_code, unused_imports, reason = "the program's modules, of which the benchmarks use part")]

use std::hint::black_box;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use clerk_emulator::{DEMO_SECRET_KEY, Emulator};
use criterion::{Criterion, criterion_group, criterion_main};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;

#[path = "../../src/budget.rs"]
mod budget;
#[path = "../../src/component/mod.rs"]
mod component;
#[path = "../../src/computing/mod.rs"]
mod computing;
#[path = "../../src/connector.rs"]
mod connector;
#[path = "../../src/egress/mod.rs"]
mod egress;
#[path = "../../src/engine/mod.rs"]
mod engine;
mod guarded;
#[path = "../../src/key.rs"]
mod key;
#[path = "../../src/origin.rs"]
mod origin;
#[path = "../../src/retry.rs"]
mod retry;
#[path = "../../src/sliding_windows.rs"]
mod sliding_windows;
#[path = "../../src/who.rs"]
mod who;

use budget::{Budget, Limits};
use component::{Caller, Component, Confirm, Masks, Mode, Outcome, Policy, PrivateMetadata, Round};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// The arguments of `clerk_get_user`.
const USER: &str = r#"{"user_id":"user_3f52u5b9F5UOrOd4b8C551cCfyc"}"#;

/// The most time that one call may take.
const TIMEOUT: Duration = Duration::from_secs(30);

fn component(origin: &str) -> Component {
    let origin = origin::Origin::parse(origin).expect("an origin");
    let unlimited = Budget::new(Limits { requests: Some(0), writes: 0 });
    Component::load(None, egress::Egress::new(origin, unlimited), TIMEOUT).expect("the component")
}

fn caller() -> Caller {
    Caller {
        key: key::SecretKey::parse(DEMO_SECRET_KEY).expect("a key"),
        policy: policy(&[]),
        who: who::Who::default(),
        brings_key: false,
        capabilities: "{}".into(),
        shows_views: false,
        trace: None,
        requests: Arc::default(),
        writes: Arc::default(),
        before_write: Arc::default(),
    }
}

fn policy(toolsets: &[&str]) -> Policy {
    Policy {
        mode: Mode::Standard,
        production: false,
        confirm: Confirm::Token,
        toolsets: toolsets.iter().map(ToString::to_string).collect(),
        tools: Vec::new(),
        exclude_tools: Vec::new(),
        private_metadata: PrivateMetadata::Show,
        ask_metadata: false,
        page_bytes: 60_000,
        keeps_secrets: false,
        masks: Masks { emails: false, phones: false },
        organizations: Vec::new(),
        users: Vec::new(),
    }
}

/// The URL of an API that the runtime serves.
fn emulator(runtime: &Runtime) -> String {
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a port");
    let address = listener.local_addr().expect("its address");
    runtime.spawn(Emulator::sample().serve(listener));
    format!("http://{address}/v1")
}

fn sandbox(criterion: &mut Criterion) {
    let runtime = runtime();
    let component = component(&emulator(&runtime));
    let (everything, nothing) = (policy(&[]), policy(&["none"]));
    criterion.bench_function("a fresh instance", |bencher| {
        bencher.to_async(&runtime).iter(async || black_box(component.list_tools(&nothing).await));
    });
    criterion.bench_function("list", |bencher| {
        bencher.to_async(&runtime).iter(async || black_box(component.list_tools(&everything).await));
    });
    let calls = [("clerk_get_user", USER), ("clerk_api_search", r#"{"query":"a link that signs somebody in"}"#)];
    for (tool, arguments) in calls.map(|(tool, arguments)| (tool, arguments.to_owned())) {
        criterion.bench_function(&format!("call {tool}"), |bencher| {
            bencher.to_async(&runtime).iter(async || {
                let (round, deadline) = (Round::default(), Instant::now() + TIMEOUT);
                black_box(component.call_tool(&caller(), round, deadline, tool, &arguments).await)
            });
        });
    }
}

/// Processor time (Linux), which says more of a difference than the time that passes.
fn guard(criterion: &mut Criterion) {
    let runtime = runtime();
    let url = emulator(&runtime);
    let arguments = USER.to_owned();
    for (place, file) in [("alone", "clerk-tools.wasm"), ("behind the guard", "clerk-tools-guarded.wasm")] {
        let file = guarded::component(file);
        let host = match guarded::Host::load(&file, &url, DEMO_SECRET_KEY) {
            Ok(host) => host,
            Err(error) => {
                eprintln!("not measured {place}, {} (make components): {error}", file.display());
                continue;
            }
        };
        let call = || async {
            let outcome = host.call("clerk_get_user", &arguments).await.expect("the tools run");
            assert!(matches!(&outcome, Outcome::Complete(result) if !result.is_error), "an error {place}");
            outcome
        };
        criterion.bench_function(&format!("call clerk_get_user {place}"), |bencher| {
            bencher.to_async(&runtime).iter_custom(|times| {
                let call = &call;
                async move {
                    let before = guarded::processor_time();
                    for _ in 0..times {
                        black_box(call().await);
                    }
                    guarded::processor_time().saturating_sub(before)
                }
            });
        });
    }
}

criterion_group!(benches, sandbox, guard);
criterion_main!(benches);
