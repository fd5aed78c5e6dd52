# shellcheck shell=bash
# Debian 13's Wine, cut down to what runs console programs, in a folder of its own: no root, no container.
#
# Its programs get that folder's C library through their ELF interpreter and RPATH; Wine itself finds its files
# relative to its programs. So guests, atratus and Wine see this machine's files as they are.

wine_packages=(
  libwine:amd64 libwine:i386 wine64:amd64 wine32:i386 libz-mingw-w64:all
  libc6:amd64 libc6:i386 libgcc-s1:amd64 libgcc-s1:i386 libstdc++6:amd64 libunwind8:amd64 liblzma5:amd64
  patchelf:amd64
)

# Of Wine's 1.3 GB these are what deno.exe, atratus and Wine's own services load, and a few for looking around.
wine_files=(
  advapi32.dll apisetschema.dll bcrypt.dll bcryptprimitives.dll cfgmgr32.dll cmd.exe combase.dll comctl32.dll
  coml2.dll compstui.dll conhost.exe crypt32.dll dbghelp.dll dnsapi.dll explorer.exe gdi32.dll hal.dll hostname.exe
  imm32.dll iphlpapi.dll kernel32.dll kernelbase.dll mountmgr.sys mpr.dll msvcrt.dll mswsock.dll ncrypt.dll
  netapi32.dll normaliz.dll nsi.dll nsiproxy.sys ntdll.dll ntoskrnl.exe ole32.dll oleaut32.dll plugplay.exe
  propsys.dll psapi.dll reg.exe rpcrt4.dll rpcss.exe rundll32.exe sechost.dll secur32.dll services.exe setupapi.dll
  shcore.dll shell32.dll shlwapi.dll start.exe svchost.exe taskkill.exe tasklist.exe ucrtbase.dll urlmon.dll
  user32.dll userenv.dll usp10.dll uxtheme.dll version.dll whoami.exe win32u.dll wineboot.exe wineconsole.exe
  winedevice.exe winepath.exe wininet.dll winmm.dll winspool.drv wow64.dll wow64cpu.dll wow64win.dll ws2_32.dll
  wsock32.dll
)

# The mirror this machine uses: the first Debian archive among its apt sources, one-line or deb822.
debian_mirror() {
  local mirror
  mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null |
    sed -nE -e 's/^deb +(\[[^]]*\] +)?([^ ]+) .*/\2/p' -e 's/^URIs: *([^ ]+).*/\1/p' |
    grep -E '/debian/?$' | head -n 1) || true
  [[ $mirror ]] || die "needs Wine 10 or newer: install it (no Debian mirror in /etc/apt to take it from)"
  echo "$mirror"
}

# debian_apt STATE ARGS...: apt-get on a world of its own, untouched by the machine's release and packages.
debian_apt() {
  local state=$1
  shift
  log apt-get -qq -o Dir::State="$state" -o Dir::State::status="$state/status" -o Dir::Cache="$state/cache" \
    -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=- -o APT::Architecture=amd64 \
    -o APT::Architectures::=i386 -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}

# debian_world DIR RELEASE: makes DIR such a world, with that release's package lists and nothing installed.
debian_world() {
  local dir=$1 release=$2 keyring=/usr/share/keyrings/debian-archive-keyring.gpg mirror
  [[ -e $keyring ]] || apt_install debian-archive-keyring
  mirror=$(debian_mirror)
  mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
  : >"$dir/status"
  echo "deb [signed-by=$keyring] $mirror $release main" >"$dir/sources.list"
  debian_apt "$dir" -o APT::Update::Error-Mode=any update ||
    die "could not read Debian's package lists (no network?)"
}

# debian13_download DIR WHAT PACKAGE...: Debian 13's packages, as DIR/*.deb. WHAT is for messages.
debian13_download() {
  local dir=$1 what=$2
  shift 2
  debian_world "$dir" trixie
  (cd "$dir" && debian_apt "$dir" download "$@") || die "could not fetch $what (no network?)"
}

download_wine() {
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
    die "needs Wine 10 or newer: install it (this system has no apt-get to fetch Debian's)"
  debian13_download "$1" "Debian 13's Wine" "${wine_packages[@]}"
}

# unpack_wine DEBS TREE: the packages' files, without the DLLs that nothing here needs.
unpack_wine() {
  local debs=$1 tree=$2 deb file
  local patterns=(./usr/lib/wine './usr/lib*/ld-linux*' './usr/lib*/*.so.*' './usr/lib*/wine/*-unix'
    ./usr/share/wine/nls ./usr/share/wine/wine.inf ./usr/bin/patchelf './usr/*/lib/zlib1.dll')
  for file in "${wine_files[@]}"; do patterns+=("./usr/lib/*-windows/$file"); done
  for deb in "$debs"/*.deb; do
    # tar reports a pattern that this package has nothing for; what is really missing fails later.
    { dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$tree" --wildcards "${patterns[@]}" 2>/dev/null; } || true
  done
}

# own_libraries TREE FINAL: makes the programs use FINAL's C library, where TREE is going to be.
own_libraries() {
  local tree=$1 final=$2 lib64=usr/lib/x86_64-linux-gnu lib32=usr/lib/i386-linux-gnu program
  patch() {
    "$tree/$lib64/ld-linux-x86-64.so.2" --library-path "$tree/$lib64" "$tree/usr/bin/patchelf" "$@"
  }
  # Debian's `wineserver` is a script with absolute paths.
  mv "$tree/usr/lib/wine/wineserver64" "$tree/usr/lib/wine/wineserver"
  for program in wine64 wineserver; do
    patch --set-interpreter "$final/$lib64/ld-linux-x86-64.so.2" --force-rpath --set-rpath "$final/$lib64" \
      "$tree/usr/lib/wine/$program"
  done
  patch --set-interpreter "$final/$lib32/ld-linux.so.2" --force-rpath --set-rpath "$final/$lib32" \
    "$tree/usr/lib/wine/wine"
}

# builtin_dll FROM TO: marks a plain DLL as one of Wine's own, as libwine's postinst does with zlib1.dll.
builtin_dll() {
  {
    head -c 64 "$1"
    printf 'Wine builtin DLL'
    head -c 16 /dev/zero
    tail -c +97 "$1"
  } >"$2"
}

# Leaves out of a new prefix what only desktop programs use: it is made in 3 s instead of 38, and starts faster.
trim_wine_inf() {
  sed -i -e '/^RegisterDlls=/d' -e '/^AddService=/{/nsiproxy\|RpcSs\|PlugPlay/!d}' \
    -e '/^\[Tapi\]/,/^\[RegisterDlls/{/^\[/!d}' -e '/^\[Debugger\]/,/^\[DirectX/{/^\[/!d}' "$1"
}

fetch_wine() {
  local dir=$1 tree=$1.part debs=$1.debs wine
  say "fetching Debian 13's Wine (220 MB)"
  fresh "$debs"
  fresh "$tree"
  download_wine "$debs"
  say "unpacking Wine"
  unpack_wine "$debs" "$tree"
  wine=$tree/usr/lib
  own_libraries "$tree" "$dir"
  builtin_dll "$tree/usr/x86_64-w64-mingw32/lib/zlib1.dll" "$wine/x86_64-linux-gnu/wine/x86_64-windows/zlib1.dll"
  builtin_dll "$tree/usr/i686-w64-mingw32/lib/zlib1.dll" "$wine/i386-linux-gnu/wine/i386-windows/zlib1.dll"
  # Debian's wineserver looks in share/wine/wine/nls.
  ln -s . "$tree/usr/share/wine/wine"
  trim_wine_inf "$tree/usr/share/wine/wine.inf"
  rm -rf "$debs" "$dir" "$tree"/usr/*-w64-mingw32* "$tree/usr/bin"
  mv "$tree" "$dir"
}
