FROM rust:1.95-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends libpq-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin helpdesk && .ci/sbom > target/helpdesk.cdx.json

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends libpq5 ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/helpdesk helpdesk \
    && install --directory --owner helpdesk --mode 700 /var/lib/helpdesk/files
COPY --from=build /src/target/release/helpdesk /usr/local/bin/helpdesk
COPY --from=build /src/target/helpdesk.cdx.json /usr/share/doc/helpdesk/
USER helpdesk
ENV HELPDESK_DATA_DIR=/var/lib/helpdesk
EXPOSE 8080
CMD ["helpdesk", "serve"]
