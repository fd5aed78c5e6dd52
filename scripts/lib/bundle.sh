# shellcheck shell=bash
# atratus' source as one file, which starts in a third of the time of some 350. Sourced by setup.sh.

# choose_source: sets `main` to what deno.exe is to run, and exports the source's state, which names rewritten code.
choose_source() {
  ATRATUS_SOURCES=$(cd "$root" && find deno.json main.ts kernel loader ntdll -name '*.ts' -print0 -o -name deno.json -print0 |
    sort -z | xargs -0 cat | md5sum | cut -c1-16)
  export ATRATUS_SOURCES
  local bundle=$root/dist/source-$ATRATUS_SOURCES.js
  if [[ ! -e $bundle ]]; then
    mkdir -p "$root/dist"
    # commander is loaded only when there are options, and does not bear bundling.
    if (cd "$root" && log "$deno" bundle -q --platform deno --external commander -o "$bundle.$$" main.ts); then
      find "$root/dist" -name 'source-*.js' ! -path "$bundle" -delete
      mv -f "$bundle.$$" "$bundle"
    else
      rm -f "$bundle.$$"
    fi
  fi
  main=$root/main.ts
  [[ ! -e $bundle ]] || main=$bundle
}
