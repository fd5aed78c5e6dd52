#!/usr/bin/env bash
# scripts/wine.sh PROGRAM ARGS...: runs a Windows program (a path, or `deno` for deno.exe) under Wine. Its stdin,
# stdout, stderr and exit status are the program's own.
set -euo pipefail
# shellcheck source=scripts/setup.sh
. "${BASH_SOURCE[0]%/*}/setup.sh"

(($# > 0)) || die "usage: scripts/wine.sh PROGRAM ARGS..."
setup_run
start_wine
[[ $1 != deno ]] || set -- "$deno_exe" "${@:2}"
exec "$wine" "$@"
