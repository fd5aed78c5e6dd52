# shellcheck shell=bash
# The guest programs of the tests: ours, from their source, and Debian's busybox and bash.

# Whether gcc makes 32-bit programs, too: freestanding ones need no more than gcc itself.
check_gcc() {
  need gcc gcc
  need make make
  local out
  out=$(mktemp)
  if ! echo 'void _start(void){}' | gcc -m32 -nostdlib -static -x c -o "$out" - 2>/dev/null; then
    apt_install gcc-multilib
    echo 'void _start(void){}' | gcc -m32 -nostdlib -static -x c -o "$out" - 2>/dev/null ||
      die "gcc -m32 does not work on this machine: install gcc-multilib"
  fi
  rm -f "$out"
}

# Whether gcc also links against static C and C++ libraries of both ABIs, and musl.
check_static_libraries() {
  need musl-gcc musl-tools
  local out
  out=$(mktemp)
  if ! echo 'int main(){throw 1;}' | g++ -m32 -static -x c++ -o "$out" - 2>/dev/null; then
    apt_install g++-multilib
    echo 'int main(){throw 1;}' | g++ -m32 -static -x c++ -o "$out" - 2>/dev/null ||
      die "g++ -m32 -static does not work on this machine: install g++-multilib"
  fi
  rm -f "$out"
}

# build_guests FOLDER...: the guest programs of these folders of tests/ whose source changed.
build_guests() {
  local name
  for name in "$@"; do
    make -q -s -C "$root/tests/$name" 2>/dev/null && continue
    (
      flock 9
      check_gcc 9>&-
      [[ $name == static ]] || check_static_libraries 9>&-
      say "building tests/$name"
      make -s -j2 -C "$root/tests/$name" >&2 9>&-
    ) 9>"$cache/guests.lock"
  done
}

# Debian's busybox-static and bash-static with nothing changed in them: NAME (amd64) and NAME.i386 in $shells_dir.
shells_dir=$cache/shells-trixie-1

fetch_shells() {
  local dir=$shells_dir.part program abi name
  say "fetching Debian 13's busybox-static and bash-static"
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || die "needs apt-get to fetch Debian's static shells"
  fresh "$dir"
  debian13_download "$dir" "Debian 13's static shells" {busybox,bash}-static:{amd64,i386}
  fresh "$shells_dir"
  for program in busybox bash; do
    for abi in amd64 i386; do
      name=$program
      [[ $abi == amd64 ]] || name+=.$abi
      dpkg-deb --fsys-tarfile "$dir/$program"-static_*_"$abi".deb |
        tar -x -O --wildcards './*bin/busybox' './*bin/bash-static' >"$shells_dir/$name" 2>/dev/null || true
      [[ -s $shells_dir/$name ]] || die "found no $program in Debian's $program-static:$abi"
      chmod +x "$shells_dir/$name"
    done
  done
  rm -rf "$dir"
}

# All that the guest suites run.
setup_guests() {
  build_guests static guest dynamic
  once "${shells_dir##*/}" fetch_shells
  export ATRATUS_SHELLS=$shells_dir
  setup_tree
}

# What the unit tests look at besides: a 32-bit C library (gcc-multilib's) and Python as samples of real programs.
setup_samples() {
  need python3 python3-minimal
  [[ -e /lib32/libc.so.6 || -e /lib/i386-linux-gnu/libc.so.6 ]] || apt_install gcc-multilib
}
