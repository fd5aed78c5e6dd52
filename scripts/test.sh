#!/usr/bin/env bash
# scripts/test.sh [OPTIONS]: the whole test suite; see scripts/test.ts for the options.
set -euo pipefail
# shellcheck source=scripts/setup.sh
. "${BASH_SOURCE[0]%/*}/setup.sh"

setup_all
setup_samples
setup_guests
# In the background a shell starts its commands with SIGINT and SIGQUIT ignored, which guests would inherit natively.
exec env --default-signal=INT,QUIT "$deno" run -A --quiet --no-check "$root/scripts/test.ts" "$@"
