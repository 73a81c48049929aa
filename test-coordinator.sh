#!/usr/bin/env bash
# Checks a running coordinator from outside, through its six endpoints: bash and curl, or nc where there is no curl.
#
#   ./test-coordinator.sh [--force] [url]        default: http://127.0.0.1:8080
#
# It submits two small tasks, finishes both itself, and never answers a task of anybody else. Claiming is the one
# step that could take somebody's task, so the script stops before it where tasks wait or run, unless --force is given.
# Exit code: 0 everything passed, 1 something failed, 2 not everything could be checked.

set -u -o pipefail

usage='usage: test-coordinator.sh [--force] [url]'
claim_max=20          # With --force: how many foreign tasks to take, at most, before our own must have come.
missing_id=2147483647 # The last id that a 32-bit client can parse; no coordinator gets there.
payload='{"A":"[[1,2],[3,4]]","B":"[[5,6],[7,8]]"}'
answer='[[19,22],[43,50]]'

force=false url=
for argument in "$@"; do
  case $argument in
    --force) force=true ;;
    -h | --help) echo "$usage"; exit 0 ;;
    -*) echo "$usage" >&2; exit 2 ;;
    *) url=$argument ;;
  esac
done
url=${url:-http://127.0.0.1:8080}
url=${url%/}

passed=0 failed=0 foreign='' step='' task='' found='' status='' headers='' body=''
open_tasks=()

give_up() { echo "test-coordinator: $*" >&2; exit 2; }
report() { echo; echo "$passed passed, $failed failed"; }
pass() { passed=$((passed + 1)); echo "  ok      $step: $1"; }
fail() { failed=$((failed + 1)); echo "  FAILED  $step: $1"; }

# --- one request ---------------------------------------------------------------------------------------------------

over_curl() { # method path body header...
  local method=$1 path=$2 content=$3 options=() header
  shift 3
  for header in "$@"; do options+=(-H "$header"); done
  [[ $method == POST ]] && options+=(-H 'Content-Type: application/json' --data-binary "$content")
  curl --silent --show-error --include --http1.1 --max-time 15 -X "$method" "${options[@]}" "$url$path"
}

over_nc() { # the same; HTTP/1.0, so that the answer is never chunked and ends with the connection
  local method=$1 path=$2 content=$3 authority=${url#http://} header request
  shift 3
  authority=${authority%%/*}
  local port=${authority##*:} LC_ALL=C
  [[ $port == "$authority" ]] && port=80
  request="$method $path HTTP/1.0"$'\r\n'"Host: $authority"$'\r\n'
  for header in "$@"; do request+="$header"$'\r\n'; done
  [[ $method == POST ]] && request+='Content-Type: application/json'$'\r\n'"Content-Length: ${#content}"$'\r\n'
  printf '%s\r\n%s' "$request" "$content" | nc -w 15 "${authority%:*}" "$port"
}

if command -v curl >/dev/null; then send=over_curl
elif ! command -v nc >/dev/null; then give_up 'needs curl or nc'
elif [[ $url == https://* ]]; then give_up 'needs curl for https'
else send=over_nc
fi

request() { # method path [body [header...]] -> status, headers (each line ends with a newline), body
  local answer_text
  step="$1 $2"
  # The end mark keeps the line ends that $(…) would cut off.
  answer_text=$("$send" "$1" "$2" "${3-}" "${@:4}" && echo end) || answer_text=
  answer_text=${answer_text%end*}
  headers=${answer_text%%$'\r\n\r\n'*}
  body=${answer_text#*$'\r\n\r\n'}
  headers=${headers//$'\r'/}$'\n'
  status=
  [[ $headers =~ ^HTTP/[0-9.]+\ ([0-9]{3}) ]] && status=${BASH_REMATCH[1]}
}

# --- what is expected ----------------------------------------------------------------------------------------------

is_status() {
  if [[ $status == "$1" ]]; then pass "answers $1"
  else fail "expected $1, got ${status:-no answer}${body:+ with ${body:0:200}}"
  fi
}

complaint_about_header() { # name pattern: exactly once, since browsers take a doubled one for none
  local line name value='' count=0
  while IFS= read -r line; do
    name=${line%%:*}
    [[ ${name,,} == "${1,,}" ]] || continue
    count=$((count + 1))
    value=${line#*:}
    value=${value# }
  done <<<"$headers"
  if ((count != 1)); then echo "has $1 $count times, not once"
  elif [[ ! $value =~ ^($2)$ ]]; then echo "has $1: $value, not $2"
  fi
}

has_header() { # name pattern
  local complaint
  complaint=$(complaint_about_header "$1" "$2")
  if [[ -n $complaint ]]; then fail "$complaint"; else pass "has $1"; fi
}

has_common_headers() {
  local name pattern complaint
  while IFS='|' read -r name pattern; do
    complaint=$(complaint_about_header "$name" "$pattern")
    [[ -z $complaint ]] || { fail "$complaint"; return; }
  done <<'TABLE'
Cross-Origin-Opener-Policy|same-origin
Cross-Origin-Embedder-Policy|require-corp
Cross-Origin-Resource-Policy|cross-origin
Access-Control-Allow-Origin|.+
Access-Control-Allow-Methods|GET, POST, PUT, DELETE, OPTIONS
Access-Control-Allow-Headers|Content-Type, Authorization, Idempotency-Key
X-Content-Type-Options|nosniff
TABLE
  pass 'has the seven common headers'
}

member() { # name -> found: the member's value as it stands, up to the next comma or brace
  found=
  local pattern="\"$1\"[[:space:]]*:[[:space:]]*(\"[^\"]*\"|[^,}]*)"
  [[ $body =~ $pattern ]] && found=${BASH_REMATCH[1]}
}

has_member() { # name pattern
  member "$1"
  if [[ $found =~ ^($2)$ ]]; then pass "has \"$1\": $found"
  else fail "expected \"$1\": $2 in ${body:0:400}"
  fi
}

is_empty() {
  if [[ -z $body ]]; then pass 'has no body'; else fail "has a body: ${body:0:200}"; fi
}

expect() { # status method path [body [header...]]
  local code=$1
  shift
  request "$@"
  is_status "$code"
  has_common_headers
}

expect_error() { # status message method path [body]
  local code=$1 message=$2
  shift 2
  expect "$code" "$@"
  has_member error "\"$message\""
}

submit() {
  expect 200 POST /task "$payload"
  has_member taskId '[1-9][0-9]*'
  task=$found
  [[ $task =~ ^[1-9][0-9]*$ ]] || { report; exit 1; }
  open_tasks+=("$task")
}

# Whatever happens, no worker computes a test's task after us.
finish_open_tasks() {
  local id
  for id in ${open_tasks[@]+"${open_tasks[@]}"}; do request POST "/task/$id/result" "{\"result\":\"$answer\"}"; done
}
trap finish_open_tasks EXIT

# --- the checks ----------------------------------------------------------------------------------------------------

check_health() {
  expect 200 GET /health
  has_member status '"ok"'
  has_member service '"coordinator"'
}

check_stats() {
  local name
  expect 200 GET /stats
  for name in totalTasks completedTasks activeTasks queueSize pending processing completed failed total active; do
    has_member "$name" '[0-9]+'
  done
  has_member uptime '[0-9]+(\.[0-9]+)?'
  has_member workers '\{.*'
}

stop_if_in_use() {
  local waiting running
  request GET /stats
  member pending; waiting=${found:-?}
  member processing; running=${found:-?}
  [[ $force == true || "$waiting $running" == '0 0' ]] && return
  report
  give_up "Stopped before claiming: $waiting tasks wait and $running run at $url, and one of them could be taken" \
    "from its workers. Try again when it is idle, or use --force."
}

claim() { # our own task; foreign ones only with --force, and those are left to their lease
  local attempt
  for ((attempt = 0; attempt < claim_max; attempt++)); do
    request GET '/task/next?workerId=test-coordinator'
    member taskId
    [[ $status != 200 || $found == "$task" ]] && break
    foreign+=" $found"
    [[ $force == true ]] || break
  done
  if [[ $status == 204 ]]; then
    fail "task $task is not in the queue: does a worker run here? Then test when it is idle"
    return
  fi
  is_status 200
  has_common_headers
  has_header Cache-Control 'no-store'
  has_member taskId "$task"
  if [[ $body == *"\"data\":$payload"* ]]; then pass 'hands out the body as it was posted'
  else fail "does not hand out $payload but $body"
  fi
}

check_empty_queue() {
  if [[ -n $foreign ]]; then echo "  --      the empty queue's 204 is not checked: other tasks are there"; return; fi
  expect 204 GET '/task/next?workerId=test-coordinator'
  is_empty
  expect 204 GET /task/next
}

check_life() {
  submit
  expect 200 GET "/result/$task"
  has_member status '"pending"'
  has_member result '""'
  claim
  expect 200 GET "/result/$task"
  has_member status '"processing"'
  check_empty_queue

  expect 200 POST "/task/$task/result" "{\"result\":\"$answer\"}"
  has_member status '"success"'
  expect 200 GET "/result/$task"
  has_header Cache-Control 'no-store'
  has_member taskId "$task"
  has_member status '"completed"'
  has_member result "\"${answer//[/\\[}\""

  expect 200 POST "/task/$task/result" '{"result":"too late"}'
  expect 200 GET "/result/$task"
  step+=' after a second result'
  has_member result "\"${answer//[/\\[}\""
}

check_odd_result() {
  submit
  expect 200 POST "/task/$task/result" '{"result":"a \"quoted\" word\nand a line"}'
  expect 200 GET "/result/$task"
  if [[ $body == *'a \"quoted\" word\nand a line'* || $body == *'a \u0022quoted\u0022 word\nand a line'* ]]; then
    pass 'escapes quotes and newlines in a result'
  else fail "breaks the quotes or newlines of a result: $body"
  fi
}

check_refusals() {
  local id
  expect_error 404 'Task not found' GET "/result/$missing_id"
  expect_error 404 'Task not found' POST "/task/$missing_id/result" '{"result":"1"}'
  for id in abc 0 -1 1.5; do
    expect_error 400 'Invalid task ID' GET "/result/$id"
    expect_error 400 'Invalid task ID' POST "/task/$id/result" '{"result":"1"}'
  done
  expect 400 POST /task ''
  has_member error '"[^"]+"'
  expect_error 404 'Not Found' GET /no-such-path
  expect 405 DELETE /health
  has_header Allow '.*GET.*'
  expect 405 GET /task
  has_header Allow '.*POST.*'
}

check_options() {
  local path
  for path in / /task /task/next /stats /no-such-path; do
    expect 200 OPTIONS "$path"
    is_empty
    expect 200 OPTIONS "$path" '' 'Origin: http://example.com' 'Access-Control-Request-Method: POST'
    is_empty
  done
}

request GET /health
[[ -n $status ]] || give_up "no coordinator answers at $url"
echo "Testing the coordinator at $url"
check_health
check_stats
check_refusals
check_options
stop_if_in_use
check_life
check_odd_result

[[ -z $foreign ]] || echo "Claimed tasks that are not ours:$foreign. They go back to the queue when their lease ends."
report
((failed == 0))
