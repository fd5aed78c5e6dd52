# shellcheck shell=bash
# Paths, messages, and "do this once". Sourced by every script; prints on stderr only.

root=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd -P)
cache=${ATRATUS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/atratus}
# Wine and deno.exe are handed this path, so it must not depend on where they are started.
case $cache in /*) ;; *) cache=$PWD/$cache ;; esac

# Where to read more about what failed.
logged=

say() { echo "atratus set-up: $*" >&2; }

die() {
  say "cannot go on: $*${logged:+ (details: $logged)}"
  exit 1
}

# once STAMP COMMAND...: runs COMMAND unless it has succeeded before, one process at a time. The stamp's name
# carries the versions, so a new version runs again. COMMAND works in *.part and renames, so it may be interrupted.
once() {
  local stamp=$cache/stamps/$1
  shift
  [[ -e $stamp ]] && return
  mkdir -p "$cache/stamps"
  # A subshell with set -e of its own: inside `||` or `if` bash would ignore failures.
  (
    set -euo pipefail
    [[ -n ${locked-} ]] || flock 9 # COMMAND may want something done once, too
    locked=1
    [[ -e $stamp ]] && exit
    "$@" 9>&-
    : >"$stamp"
  ) 9>"$cache/lock" >&2
}

# fresh DIR: an empty DIR, whatever an interrupted run left there.
fresh() {
  rm -rf "$1"
  mkdir -p "$1"
}

# log COMMAND...: runs it quietly. What it printed stays in a file for whoever wants more than our one line.
log() {
  mkdir -p "$cache"
  { echo "\$ $*" && "$@" </dev/null; } >>"$cache/setup.log" 2>&1 && return
  logged=$cache/setup.log
  return 1
}

# apt_install PACKAGE...: installs Debian packages as root, or says in one line what is missing.
apt_install() {
  local sudo=()
  command -v apt-get >/dev/null || die "missing Debian packages: $* (this system has no apt-get; install their like)"
  if ((EUID != 0)); then
    sudo -n true 2>/dev/null || die "missing Debian packages: $* (not root: run 'apt-get install $*' as root)"
    sudo=(sudo -n)
  fi
  say "installing $*"
  # The lists may be missing or old; an update of one broken third-party source must not stop us.
  log "${sudo[@]}" apt-get -qq update || true
  log "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=300 \
    --no-install-recommends "$@" ||
    die "apt-get could not install $* (no network?)"
}

# need COMMAND PACKAGE: installs PACKAGE if COMMAND is missing.
need() {
  command -v "$1" >/dev/null || apt_install "$2"
}
