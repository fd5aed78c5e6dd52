#!/usr/bin/env bash
# scripts/atratus.sh ARGS...: runs atratus from source under Wine, setting everything up the first time.
set -euo pipefail
# shellcheck source=scripts/setup.sh
. "${BASH_SOURCE[0]%/*}/setup.sh"

setup_all
start_wine
choose_source
# Linux's / is Wine's Z:, named because the folder we are started in may lie on another drive.
exec "$wine" "$deno_exe" run -A --quiet --no-check --cached-only "--v8-flags=$v8_flags" "Z:$main" "$@"
