# shellcheck shell=bash
# A tree of Debian 12's packages, nothing in them changed, for `atratus --root`: shells, languages and compilers.

# Dynamic programs of all sorts, and what they call.
tree_packages=(
  bash coreutils dash debianutils diffutils findutils gawk grep gzip hostname sed tar util-linux xz-utils
  gcc git libc-bin libc6-dev make perl python3 sqlite3
)
tree_dir=$cache/tree-bookworm-2

# unpack_tree DEBS TREE: as dpkg would on a system with a merged /usr, but for the packages' scripts.
unpack_tree() {
  local debs=$1 tree=$2 deb name
  for name in bin sbin lib lib64; do
    mkdir -p "$tree/usr/$name"
    ln -s "usr/$name" "$tree/$name"
  done
  for deb in "$debs"/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$tree" --keep-directory-symlink --no-same-owner \
      --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*'
  done
  # What the packages' scripts would have made.
  [[ -e $tree/usr/bin/sh ]] || ln -s dash "$tree/usr/bin/sh"
  [[ -e $tree/usr/bin/cc ]] || ln -s gcc "$tree/usr/bin/cc"
  [[ -e $tree/usr/bin/awk ]] || ln -s gawk "$tree/usr/bin/awk"
  mkdir -p "$tree"/{tmp,root,dev,proc,sys}
  chmod 1777 "$tree/tmp"
  printf 'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n' >"$tree/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' >"$tree/etc/group"
  [[ -e $tree/etc/ld.so.conf ]] || echo 'include /etc/ld.so.conf.d/*.conf' >"$tree/etc/ld.so.conf"
  "$tree/sbin/ldconfig" -r "$tree"
}

fetch_tree() {
  local tree=$tree_dir.part debs=$tree_dir.debs
  say "fetching a tree of Debian 12 (100 MB)"
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || die "needs apt-get to fetch Debian's packages"
  fresh "$debs"
  fresh "$tree"
  debian_world "$debs" bookworm
  debian_apt "$debs" install -y --no-install-recommends --download-only "${tree_packages[@]}" ||
    die "could not fetch Debian 12's packages (no network?)"
  unpack_tree "$debs/cache/archives" "$tree"
  rm -rf "$debs" "$tree_dir"
  mv "$tree" "$tree_dir"
}

setup_tree() {
  once "${tree_dir##*/}" fetch_tree
  export ATRATUS_TREE=$tree_dir
}
