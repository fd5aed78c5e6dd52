#!/usr/bin/env bash
# Makes ready what the project needs on Linux: both Denos, Wine, npm packages, guest programs. Does it once, shows
# progress on stderr, may be interrupted or run twice at once. `scripts/setup.sh` alone does everything; the other
# scripts source it and call the parts.
set -euo pipefail

lib=${BASH_SOURCE[0]%/*}/lib
# shellcheck source=scripts/lib/common.sh
. "$lib/common.sh"
# shellcheck source=scripts/lib/npm.sh
. "$lib/npm.sh"
# shellcheck source=scripts/lib/wine_packages.sh
. "$lib/wine_packages.sh"
# shellcheck source=scripts/lib/wine.sh
. "$lib/wine.sh"
# shellcheck source=scripts/lib/bundle.sh
. "$lib/bundle.sh"
# shellcheck source=scripts/lib/guests.sh
. "$lib/guests.sh"
# shellcheck source=scripts/lib/debian_tree.sh
. "$lib/debian_tree.sh"

[[ $(uname -sm) == "Linux x86_64" ]] || die "these scripts are for Linux on x86-64; on Windows: deno task start"

# What it takes to run atratus from source.
setup_run() {
  mkdir -p "$cache"
  once "deno-$deno_version" fetch_deno
  once "deno-$deno_version-aligned" align_deno
  install_packages
  setup_wine
}

setup_all() {
  setup_run
  build_guests static
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  setup_all
fi
