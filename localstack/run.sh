#!/usr/bin/env bash
# Brevdue on LocalStack without Docker: installs what is missing under .localstack, starts LocalStack (unless something
# answers at AWS_ENDPOINT_URL already) and Digital Post's simulator, deploys infra/template.yaml, and prints where it
# is. Ctrl-C stops all of it. With arguments it runs them as a command instead of waiting, and stops after it.
set -euo pipefail
cd "$(dirname "$0")/.."
home=$PWD/.localstack
mkdir -p "$home/tmp"
say() { echo "$@" >&2; }

pids=()
stop() {
  trap - EXIT INT TERM
  for pid in "${pids[@]}"; do kill -TERM -- "-$pid" 2>/dev/null || true; done
  for _ in $(seq 50); do
    alive=
    for pid in "${pids[@]}"; do kill -0 -- "-$pid" 2>/dev/null && alive=yes; done
    [ -n "$alive" ] || return 0
    sleep 0.1
  done
  for pid in "${pids[@]}"; do kill -KILL -- "-$pid" 2>/dev/null || true; done # LocalStack sometimes stays, and Java with it
}
trap stop EXIT
trap 'exit 130' INT TERM

python313() {
  if command -v python3.13 >/dev/null && python3.13 --version >/dev/null 2>&1; then echo python3.13; return; fi
  for p in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python; do [ -x "$p" ] && { echo "$p"; return; }; done
  say "Python 3.13 is not here: LocalStack 4.14.0 fails on 3.11 and 3.12"
  return 1
}

install() {
  if ! sha256sum --status -c "$home/installed" 2>/dev/null; then
    say "installing LocalStack 4.14.0 (once)"
    rm -rf "$home/venv" localstack/plugin/build
    "$(python313)" -m venv "$home/venv"
    "$home/venv/bin/pip" install -q --require-hashes -r localstack/requirements.txt
    "$home/venv/bin/pip" install -q --no-deps --no-build-isolation --force-reinstall ./localstack/plugin
    rm -rf localstack/plugin/build localstack/plugin/*.egg-info
    command -v mvn >/dev/null || { say "Maven is not here: DynamoDB Local comes from Maven Central"; return 1; }
    mvn -q -f localstack/dynamodb.xml dependency:copy-dependencies -DoutputDirectory="$home/dynamodb" >&2
    sha256sum localstack/requirements.txt localstack/dynamodb.xml localstack/plugin/localstack_process_executor/*.py >"$home/installed"
  fi
  export PATH="$home/venv/bin:$PATH"
}

start_localstack() {
  rm -rf "$home/fs" "$home/tmp"
  mkdir -p "$home/tmp"
  say "starting LocalStack at $AWS_ENDPOINT_URL (log: .localstack/localstack.log)"
  local port=${AWS_ENDPOINT_URL##*:}
  FILESYSTEM_ROOT=$home/fs TMPDIR=$home/tmp PYTHONUNBUFFERED=1 GATEWAY_SERVER=hypercorn GATEWAY_LISTEN=127.0.0.1:$port \
    LOCALSTACK_HOST=localhost:$port SKIP_SSL_CERT_DOWNLOAD=1 DISABLE_EVENTS=1 DNS_ADDRESS=0 OVERRIDE_IN_DOCKER=0 \
    LAMBDA_RUNTIME_EXECUTOR=process LAMBDA_SYNCHRONOUS_CREATE=1 SQS_ENDPOINT_STRATEGY=path PROVIDER_OVERRIDE_DYNAMODB=maven \
    DYNAMODB_LOCAL_LIB=$home/dynamodb DYNAMODB_IN_MEMORY=1 CFN_IGNORE_UNSUPPORTED_RESOURCE_TYPES=1 DISABLE_CORS_CHECKS=1 \
    setsid "$home/venv/bin/python" -m localstack.runtime.main >"$home/localstack.log" 2>&1 &
  pids+=($!)
  for _ in $(seq 300); do
    answers && return 0
    sleep 0.2
  done
  say "LocalStack does not answer; see .localstack/localstack.log"
  return 1
}

answers() { curl -fs --max-time 2 -o /dev/null "$AWS_ENDPOINT_URL/_localstack/health" || aws --endpoint-url "$AWS_ENDPOINT_URL" sts get-caller-identity >/dev/null 2>&1; }

# free PORT NAME: the simulator and the faults cannot share a port, and say nothing of who needs it.
free() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || return 0
  say "port $1 is in use, and $2 needs it: stop what listens there (ss -ltnp 'sport = :$1'), then start again"
  return 1
}

start_simulator() {
  rm -rf "$home/simulator"
  # Receipts come after the answer to a post was stored, as really: sooner, each letter is written twice, which costs.
  setsid bin/brevdue simulator --addr "${BREVDUE_SIMULATOR_ADDR:-127.0.0.1}:8090" --data "$home/simulator" --delay 3s >"$home/simulator.log" 2>&1 &
  pids+=($!)
  for _ in $(seq 50); do
    grep -q apis/v1 "$home/simulator.log" && break
    sleep 0.1
  done
  BREVDUE_SIMULATOR=$(grep -o 'http://[^ ]*/apis/v1' "$home/simulator.log") || { cat "$home/simulator.log" >&2; return 1; }
  if [ -n "${BREVDUE_SIMULATOR_HOST:-}" ]; then BREVDUE_SIMULATOR="http://$BREVDUE_SIMULATOR_HOST:8090/apis/v1"; fi # as functions in containers see it
  export BREVDUE_SIMULATOR
}

export AWS_ENDPOINT_URL=${AWS_ENDPOINT_URL:-http://127.0.0.1:4566} AWS_ACCESS_KEY_ID=${AWS_ACCESS_KEY_ID:-test} \
  AWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY:-test} AWS_REGION=${AWS_REGION:-eu-central-1}
export AWS_DEFAULT_REGION=$AWS_REGION
make --no-print-directory build >&2
install
if [ -n "${BREVDUE_FAULTS:-}" ]; then # make load-localstack: something stands in between that fails calls when it is told to
  free 4567 "localstack/faults"
  free 8091 "localstack/faults"
  go build -o bin/faults ./localstack/faults
  setsid bin/faults -pairs "127.0.0.1:4567=$AWS_ENDPOINT_URL,127.0.0.1:8091=http://127.0.0.1:8090" >&2 &
  pids+=($!)
  export BREVDUE_FUNCTIONS_ENDPOINT=http://127.0.0.1:4567
fi
free 8090 "Digital Post's simulator"
answers || start_localstack
start_simulator
if [ -n "${BREVDUE_FAULTS:-}" ]; then export BREVDUE_SIMULATOR=http://127.0.0.1:8091/apis/v1; fi
infra/deploy.sh local >"$home/stack.json"
export BREVDUE_STACK=$home/stack.json

if [ $# -gt 0 ]; then
  "$@"
  exit
fi
cat "$home/stack.json"
python3 - "$home/stack.json" "$BREVDUE_SIMULATOR" <<'EOF'
import json, sys
s = json.load(open(sys.argv[1]))
print(f"""
  Portal       {s['portal']}
  Log ind      bruger »{s['user']}«, kode »{s['code']}«
  API          BREVDUE_SERVER={s['api']} BREVDUE_KEY={s['key']}
  Digital Post simulator, intet forlader maskinen. Hvad den har taget imod: {sys.argv[2].removesuffix('/apis/v1')}/messages
  Post til jer curl -d '{{"to":"99060816","from":"0101901234"}}' {sys.argv[2].removesuffix('/apis/v1')}/waiting

Ctrl-C stopper alt.""")
EOF
wait
