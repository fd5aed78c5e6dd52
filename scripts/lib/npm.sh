# shellcheck shell=bash
# What comes from the npm registry, in the way this machine's npm is set up: Deno itself, and node_modules.

deno_version=2.9.5
deno=$cache/deno/linux/deno
deno_exe=$cache/deno/windows/deno.exe

# npm_unpack PACKAGE@VERSION SHA512 DIR: the package's files in DIR, checked against the pinned hash.
npm_unpack() {
  local package=$1 sha512=$2 dir=$3 tarball
  need npm npm
  fresh "$dir.part"
  log npm pack --silent --pack-destination "$dir.part" "$package" ||
    die "npm could not fetch $package (no network?)"
  tarball=$(echo "$dir.part"/*.tgz)
  [[ $(openssl dgst -sha512 -binary "$tarball" | base64 -w0) == "$sha512" ]] ||
    die "$package is not the one that was pinned: its SHA-512 differs"
  tar -x -f "$tarball" -C "$dir.part" --strip-components=1
  rm "$tarball"
  rm -rf "$dir"
  mv "$dir.part" "$dir"
}

fetch_deno() {
  say "fetching Deno $deno_version for Linux and Windows"
  mkdir -p "$cache/deno"
  need openssl openssl
  npm_unpack "@deno/linux-x64-glibc@$deno_version" \
    TDqcnoLe3jlgqYEQm7H7MK6q0JOth+o8iSZzknRODnVkJfPiNnjVn1M1Zc6vnp+ipkyb6Av1/CUlHgHtlq59Gw== "${deno%/*}"
  chmod +x "$deno"
  npm_unpack "@deno/win32-x64@$deno_version" \
    LkcERsH0olOgevg9L9eootSr1U8ydyfnX1bS3mFqU+lGBeTYtlec5b/QF473WUOGVgPlWECrkxi4As5kEaFOzg== "${deno_exe%/*}"
}

# Wine maps an aligned program, and would read Deno as it comes into memory at each start.
align_deno() {
  log "$deno" run -A --quiet "$root/scripts/align_image.ts" "$deno_exe" || die "deno.exe could not be aligned"
}

# A Windows program that Deno compiled, for DENORT_BIN where Deno's own site cannot be reached. For tests only.
denort=$cache/denort/jira-fetch.exe

fetch_denort() {
  say "fetching a base for 'deno compile' from npm (for tests: a release is built on Deno's own)"
  need openssl openssl
  npm_unpack @casaper/jira-fetch-win32-x64@0.6.0 \
    zT+DIGan+DWJMyabf/UU1w1+txRxiDy7BgkMtaG83I6rc1nM3/68XvPe7KNOeyRu0r8VsQtN4tNcYKejvR3mWw== "${denort%/*}"
}

# The project's own packages, in its own folder; npm checks the hashes in package-lock.json.
install_packages() {
  local lock=$root/package-lock.json stamp=$root/node_modules/.atratus
  [[ $stamp -nt $lock ]] && return
  need npm npm
  (
    flock 9
    [[ $stamp -nt $lock ]] && exit
    say "installing npm packages"
    cd "$root" && log npm ci 9>&- || die "npm ci failed (no network?)"
    : >"$stamp"
  ) 9>"$cache/lock"
}
