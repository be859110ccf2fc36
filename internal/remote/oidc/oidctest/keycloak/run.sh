#!/usr/bin/env bash
# Starts Keycloak 26.7.3 from Maven Central with a realm of two people, runs a command beside it, and stops it.
# Needs Maven, unzip and Java 17. It is some 170 MB, kept in build/keycloak.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
home=$here/../../../../../build/keycloak
mkdir -p "$home"
home=$(cd "$home" && pwd)
kc=$home/keycloak-26.7.3
if [ ! -x "$kc/bin/kc.sh" ]; then
  mvn -q -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$home" >&2
  unzip -q -o "$home"/keycloak-quarkus-dist-26.7.3.zip -d "$home"
fi
rm -rf "$kc/data"
mkdir -p "$kc/data/import"
cp "$here/realm.json" "$kc/data/import/"
port=${KEYCLOAK_PORT:-8181}
setsid "$kc/bin/kc.sh" start-dev --http-host 127.0.0.1 --http-port "$port" --import-realm >"$home/log" 2>&1 &
pid=$!
trap 'kill -TERM -- -$pid 2>/dev/null || true; wait $pid 2>/dev/null || true' EXIT
for _ in $(seq 120); do
  curl -fs -o /dev/null "http://127.0.0.1:$port/realms/skole/.well-known/openid-configuration" && break
  kill -0 $pid 2>/dev/null || { tail -n 20 "$home/log" >&2; exit 1; }
  sleep 1
done
export BREVDUE_KEYCLOAK=http://127.0.0.1:$port/realms/skole
"$@"
