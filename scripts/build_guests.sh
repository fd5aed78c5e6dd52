#!/usr/bin/env bash
# scripts/build_guests.sh [FOLDER...]: builds the guest programs of the tests (static, guest, dynamic) whose source changed.
set -euo pipefail
# shellcheck source=scripts/setup.sh
. "${BASH_SOURCE[0]%/*}/setup.sh"

mkdir -p "$cache"
(($# > 0)) || set -- static guest
build_guests "$@"
