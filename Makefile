# The few commands of this project. `make` alone lists them.

# Root's PostgreSQL runs as another user, who cannot look into every home folder.
CHECKOUT := $(shell printf %s "$(CURDIR)" | cksum | cut -d ' ' -f 1)
DATA := $(if $(filter 0,$(shell id -u)),/var/tmp/helpdesk-$(CHECKOUT),$(CURDIR)/var)
export HELPDESK_DATA_DIR ?= $(DATA)

LINT := target/lint
CHROMIUM ?= $(shell command -v chromium)

.PHONY: help run test bench load spreadsheets faults mail browser redmine lint sbom openapi declare clients fuzz setup

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

run: setup ## Build, fill with demo data and serve, on a private PostgreSQL
	cargo build --quiet --bin helpdesk
	@target/debug/helpdesk demo --log warn
	@exec target/debug/helpdesk serve

test: setup ## Everything that Rust can check: format, lints, unit, property and black-box tests
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	@# Black-box tests wait as long as they compute.
	RUST_TEST_THREADS=$$((2 * $$(getconf _NPROCESSORS_ONLN))) cargo test --workspace

bench: setup ## What requests cost at 10,000 and 1,000,000 tickets, beside what PostgreSQL could do
	@.ci/load_tools
	cargo build --release --quiet --bin helpdesk
	@python3 .ci/bench

load: setup ## Figures of a release build under load: people who sign in, heavy calls, floods, searches
	cargo build --release --quiet --bin helpdesk
	HELPDESK_BINARY=$(CURDIR)/target/release/helpdesk \
		cargo test --quiet --test black_box -- load:: --ignored --nocapture --test-threads 1

spreadsheets: setup ## Open the tables of reports and exports with LibreOffice
	@.ci/libreoffice
	cargo test --quiet --test black_box -- reports::spreadsheets --ignored

faults: setup ## Kill the database and the service sixty times under writes: nothing may be lost
	cargo test --quiet --test black_box -- faults:: --ignored --nocapture --test-threads 1

mail: setup ## Converse over a real Postfix and fetch from a real Dovecot (root)
	@.ci/mailserver
	cargo test --quiet --test black_box -- mailserver:: --ignored --test-threads 2

browser: setup ## In Chromium: a page of our own (links, previews, the stream), and filing in Swagger UI
	@command -v "$(CHROMIUM)" >/dev/null || { echo "make browser needs Chromium"; exit 1; }
	@npm install --silent --no-fund --no-audit --prefix target/browser puppeteer-core@24.8.2
	@cp tests/browser/*.mjs tests/browser/*.html target/browser/
	CHROMIUM=$(CHROMIUM) cargo test --quiet --test black_box -- browser:: --ignored

redmine: ## Start a real Redmine (Debian 12, root), import it, change it, import again, compare
	cargo build --quiet --release
	tests/redmine/run.sh

lint: ## Check the OpenAPI document and the dependencies (needs Node.js; pip spares a build)
	@command -v npm >/dev/null || { echo "make lint needs Node.js with npm"; exit 1; }
	@test -x $(LINT)/node_modules/.bin/redocly || npm install --silent --no-fund --no-audit \
		--ignore-scripts --prefix $(LINT) @stoplight/spectral-cli@6.16.3 @redocly/cli@2.77.0
	@# One rule knows scopes of OAuth alone; OpenAPI 3.1 gives them to every scheme, and Redocly checks those.
	@printf '%s\n' 'extends: ["spectral:oas"]' 'rules: { oas3-operation-security-defined: off }' > $(LINT)/spectral.yaml
	$(LINT)/node_modules/.bin/spectral lint --fail-severity=hint --ruleset $(LINT)/spectral.yaml openapi/openapi.json
	REDOCLY_TELEMETRY=off $(LINT)/node_modules/.bin/redocly lint --extends recommended --max-problems 50 openapi/openapi.json
	@./.ci/dependencies

sbom: ## Write target/helpdesk.cdx.json: what a release is made of (CycloneDX)
	@mkdir -p target
	@./.ci/sbom > target/helpdesk.cdx.json

openapi: ## Write openapi/openapi.json from the code
	cargo run --quiet --bin helpdesk -- openapi > target/openapi.json
	mv target/openapi.json openapi/openapi.json

declare: ## Declare the present document and migrations: from now on no client breaks, and no migration is edited
	cp openapi/openapi.json openapi/declared.json
	cd migrations && sha256sum */*.sql > released.sha256

clients: setup ## Generate clients in eight ways, compile them and run the main workflow with them
	@tests/clients/run.sh

fuzz: setup ## Test the service against its document with Schemathesis, ten minutes in four roles
	@tests/clients/fuzz.sh

setup: # Installs what is missing, where it can
	@./.ci/prerequisites
