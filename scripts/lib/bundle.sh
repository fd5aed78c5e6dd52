# shellcheck shell=bash
# atratus' source as a few files, which start in a third of the time of some 350. Sourced by setup.sh.

v8_flags=$(grep '^--' "$root/scripts/lib/v8_flags" | paste -sd,)

# choose_source: sets `main` to what deno.exe is to run, and exports the source's state, which names rewritten code.
choose_source() {
  ATRATUS_SOURCES=$(cd "$root" && find deno.json main.ts kernel loader ntdll -name '*.ts' -print0 -o -name deno.json -print0 |
    sort -z | xargs -0 cat | md5sum | cut -c1-16)
  export ATRATUS_SOURCES
  local bundle=$root/dist/source-$ATRATUS_SOURCES
  if [[ ! -e $bundle ]]; then
    mkdir -p "$root/dist"
    if log "$deno" run -A --quiet "$root/scripts/bundle.ts" "dist/${bundle##*/}.$$"; then
      find "$root/dist" -maxdepth 1 -name 'source-*' ! -name '*.*' ! -path "$bundle" -exec rm -rf {} +
      mv -T "$bundle.$$" "$bundle" 2>/dev/null || rm -rf "$bundle.$$"
    else
      rm -rf "$bundle.$$"
    fi
  fi
  main=$root/main.ts
  [[ ! -e $bundle ]] || main=$bundle/main.js
}
