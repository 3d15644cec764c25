#!/usr/bin/env bash
# Sets up what the tests need, runs all of them, and ends with the line "N passed, N failed, N skipped".
# --long gives the readers ten times as many damaged files. All other arguments are passed on to the tests, for example:
# bash test.sh --filter-trait Category=Golden
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

arguments=()
for argument in "$@"; do
  if [ "$argument" = --long ]; then export WORKBENCH_LONG=1; else arguments+=("$argument"); fi
done
set -- ${arguments[@]+"${arguments[@]}"}

browser_packages="chromium fonts-dejavu-core fonts-inter fonts-jetbrains-mono"
if ! command -v chromium >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing the browser for the end-to-end tests: $browser_packages"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $browser_packages; } >/dev/null 2>&1 ||
      echo "The browser could not be installed; the browser tests will be skipped."
  else
    echo "The browser tests need Chromium and will be skipped. On Debian: sudo apt-get install $browser_packages"
  fi
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
dotnet build Workbench.sln -c Release -nologo -v minimal -warnaserror || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
dotnet test --solution Workbench.sln -c Release --no-build --no-progress --max-parallel-test-modules 1 "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

count() { grep -E "^ *$1: *[0-9]+" "$log" | tail -n 1 | grep -oE '[0-9]+' | head -n 1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
if [ -z "$passed" ] || { [ "$status" != 0 ] && [ "${failed:-0}" = 0 ]; }; then
  echo "The test run ended with code $status and no complete summary."
  failed=$((${failed:-0} + 1))
fi
echo "${passed:-0} passed, ${failed:-0} failed, ${skipped:-0} skipped"
[ "${failed:-0}" = 0 ]
