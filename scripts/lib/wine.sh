# shellcheck shell=bash
# Which Wine runs Windows programs here, its prefix, and its server.

wine_tree=$cache/wine-trixie-1

# Sets wine, wineserver and wine_id: the system's if it is 10 or newer (8.0 does not start Deno), else our own.
choose_wine() {
  local version=
  # Without ours, asking costs a process; with it, a system Wine was found wanting before.
  if [[ ! -e $cache/stamps/${wine_tree##*/} ]] && command -v wine >/dev/null && command -v wineserver >/dev/null; then
    version=$(WINEDEBUG=-all wine --version 2>/dev/null || true)
    version=${version#wine-}
  fi
  if [[ ${version%%.*} =~ ^[0-9]+$ ]] && ((${version%%.*} >= 10)); then
    wine=$(command -v wine) wineserver=$(command -v wineserver) wine_id=system-${version%% *}
  else
    wine=$wine_tree/usr/lib/wine/wine64 wineserver=$wine_tree/usr/lib/wine/wineserver wine_id=${wine_tree##*/}
  fi
}

# What every Windows program runs with: its own prefix, no window system, not a word from Wine itself.
wine_environment() {
  export WINEPREFIX=$cache/prefix-$wine_id
  export WINEDEBUG=${ATRATUS_WINEDEBUG:--all} WINEDLLOVERRIDES='mscoree,mshtml,winemenubuilder.exe,winedbg.exe='
  export DENO_NO_UPDATE_CHECK=1
  unset DISPLAY WAYLAND_DISPLAY WINEARCH WINELOADER WINESERVER WINEDLLPATH
  # Arguments and file names are UTF-8, which the C locale does not tell Wine.
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *[uU][tT][fF]*) ;;
    *) export LC_ALL=C.UTF-8 ;;
  esac
}

make_prefix() {
  say "making a Wine prefix"
  local prefix=$WINEPREFIX
  export WINEPREFIX=$prefix.part
  [[ ! -e $WINEPREFIX ]] || "$wineserver" -k >/dev/null 2>&1 || true
  rm -rf "$WINEPREFIX" "$prefix"
  mkdir "$WINEPREFIX"
  # Services would keep our own stdout open: see start_wine.
  timeout 300 "$wine" wineboot -i >/dev/null 2>&1 </dev/null || die "Wine could not make a prefix ($wine wineboot -i)"
  "$wineserver" -k || true
  "$wineserver" -w
  mv "$WINEPREFIX" "$prefix"
  export WINEPREFIX=$prefix
}

setup_wine() {
  choose_wine
  [[ $wine_id == system-* ]] || once "$wine_id" fetch_wine "$wine_tree"
  wine_environment
  once "prefix-$wine_id" make_prefix
}

# Starts the server and Wine's services, which outlive a command and would keep its stdout open, so that a pipe
# behind it never ended. They stay for five minutes after the last command, which makes that one start fast.
start_wine() {
  (
    flock 9
    # Says 2 when a server already runs for this prefix.
    if "$wineserver" -p300 </dev/null >/dev/null 2>&1 9>&-; then
      "$wine" wineboot </dev/null >/dev/null 2>&1 9>&-
    fi
  ) 9>"$WINEPREFIX/atratus.lock"
}

# Ends the server, its services, and every program of this prefix.
stop_wine() {
  "$wineserver" -k || true
}
