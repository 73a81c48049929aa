#!/usr/bin/env bash
# Builds everything with warnings as errors, publishes the native binary, and runs every test. This is what CI runs.
#
#   ./test.sh
#
# It installs the tools that the tests need where they are missing (Debian or Ubuntu). Its last line tells how many
# tests passed and failed; a build that fails counts as one failed test. Exit code: 0 when nothing failed.

set -uo pipefail
cd "$(dirname "$0")" || exit
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

passed=0 failed=0 skipped=0
log=$(mktemp)

report() {
  rm -f "$log"
  local line="$passed passed, $failed failed"
  ((skipped == 0)) || line+=", $skipped skipped"
  echo
  echo "$line"
  # With its code named: a bare exit in a trap would end with the code from before the trap.
  exit $((failed > 0))
}

# Also when this script is stopped or breaks: a run without its last line could be taken for a green one.
trap report EXIT
trap 'fail "the tests were stopped"; exit' INT TERM

fail() {
  failed=$((failed + 1))
  echo "FAILED: $1" >&2
}

step() { printf '\n== %s (after %d s)\n' "$1" "$SECONDS"; }

apt_updated=false
need() { # command-or-path package [option...]
  command -v "$1" >/dev/null || [[ -e $1 ]] && return
  echo "Installing $2, for $1"
  if ! $apt_updated; then apt-get update -qq && apt_updated=true; fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${@:2}" >/dev/null && return
  fail "$1 is missing, and $2 could not be installed"
  exit
}

total() { # name: that line of the summary, which comes after whatever the tests printed
  awk -v name="$1:" '
    /^Test run summary:/ { count = 0; summary = 1 }
    summary && $1 == name { count = $2 }
    END { print count + 0 }' "$log"
}

run_tests() { # project [option...]
  local code=0 failures
  step "Testing $(basename "$1")${WEFT_TEST_STORE:+, over $WEFT_TEST_STORE}"
  dotnet test --project "$1" -c Release --no-build "${@:2}" 2>&1 | tee "$log" || code=$?
  failures=$(total failed)
  passed=$((passed + $(total succeeded)))
  skipped=$((skipped + $(total skipped)))
  failed=$((failed + failures))
  # A test program that dies prints no summary, and one without tests proves nothing.
  ((code == 0 || failures > 0)) || fail "$1 ended with exit code $code"
}

# The same tests, with their coordinators over PostgreSQL: all but those of a folder's files.
run_tests_over_postgres() { # project [option...]
  WEFT_TEST_STORE=postgres run_tests "$1" --filter-not-trait Store=sqlite "${@:2}"
}

step 'Looking for tools'
command -v dotnet >/dev/null || {
  fail 'the .NET SDK (10.0 or later) is missing: https://dotnet.microsoft.com/download'
  exit
}
command -v gcc >/dev/null || need clang clang
need curl curl
need nc netcat-openbsd
need chromium chromium
need firefox-esr firefox-esr
# For whom Chromium trusts.
need certutil libnss3-tools
# For the clients' own tests.
need python3 python3
need node nodejs
# For the browser tests' modules in C.
need clang clang
need wasm-ld lld
need /usr/include/wasm32-wasi wasi-libc
need "$(clang -print-resource-dir)/lib/wasi" "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev-wasm32"
# For Python in browsers, which its tests need.
need npm npm
# For the sample notebook: 7 MB without what they only recommend.
need jupyter-nbconvert jupyter-nbconvert --no-install-recommends
need /usr/share/jupyter/kernels/python3 python3-ipykernel --no-install-recommends
# What the files in deploy/ are for.
need nginx nginx-light
need caddy caddy
need systemd-analyze systemd
need promtool prometheus
# initdb and its like are in no folder of the PATH.
[[ -n $(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null) ]] || need initdb postgresql

step 'Building'
# Locked: packages as the lock files have them, by version and hash, or not at all.
dotnet restore Weft.slnx -p:RestoreLockedMode=true -v minimal || {
  fail 'the packages are not those of the lock files'
  exit
}
dotnet build Weft.slnx -c Release -warnaserror --no-restore --nologo -v minimal || { fail 'the build'; exit; }

for project in tests/*/*.csproj; do
  [[ $project == */Weft.EndToEnd*.csproj || $project == */Weft.Torture.csproj ]] || run_tests "$project"
done
run_tests_over_postgres tests/Weft.Tests/Weft.Tests.csproj
run_tests_over_postgres tests/Weft.Client.Tests/Weft.Client.Tests.csproj

step 'Building a clone in another folder'
if tests/clone.sh; then passed=$((passed + 1)); else fail 'a clone in another folder'; fi

step 'Publishing'
if ./build.sh; then
  export WEFT_BINARY=$PWD/dist/weft
  compgen -G 'dist/wwwroot/python/*/pyodide.mjs' >/dev/null ||
    fail 'Python for browsers is missing: npm has no package pyodide'
  run_tests tests/Weft.EndToEnd/Weft.EndToEnd.csproj
  # Without what is the same before every store: attacks on the front, and commands, which ask the API for everything.
  # Those that open a store themselves have just opened one of each kind.
  run_tests_over_postgres tests/Weft.EndToEnd/Weft.EndToEnd.csproj --filter-not-namespace \
    Weft.EndToEnd.Cli Weft.EndToEnd.Deploy Weft.EndToEnd.Fuzz Weft.EndToEnd.Hostile Weft.EndToEnd.Postgres \
    Weft.EndToEnd.Script
  run_tests tests/Weft.EndToEnd.Browser/Weft.EndToEnd.Browser.csproj
  step 'Torturing the native binary'
  # A few rounds of everything; docs/reliability.md has the long runs. What can't run here says NOT RUN.
  if ./torture.sh --rounds 20 --power-loss 3 --every-call 30 --liars 3; then passed=$((passed + 1))
  else fail 'the torture'; fi
  step 'Torturing three coordinators over PostgreSQL'
  # Its controls take as long again; those over SQLite have just shown that the checker notices.
  if ./torture.sh --store postgres --rounds 10 --failovers 1 --liars 1 --retentions 0 --no-controls
  then passed=$((passed + 1))
  else fail 'the torture over PostgreSQL'; fi
else
  fail 'the native publish'
fi
