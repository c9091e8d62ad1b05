# Debian's packages, and the one of ours: sourced, never run.
# shellcheck shell=bash

# apt_site PATTERN: the first of the archives that this machine's apt uses whose address matches.
apt_site() {
  # shellcheck disable=SC2016 # apt fills it in
  apt-get indextargets --format '$(SITE)' | grep -E "$1" | head -n 1
}

# built_deb: builds our package and says its path.
built_deb() {
  "$ROOT/scripts/build-deb" >&2
  find "$ROOT/dist" -name 'otp-broker_*_all.deb' -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d ' ' -f 2-
}

# ensure_arm64: programs of the Raspberry Pi run here, by an emulator where this machine is another (needs root).
ensure_arm64() {
  [ "$(dpkg --print-architecture)" != arm64 ] || return 0
  [ -e /proc/sys/fs/binfmt_misc/status ] || mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
  arch-test arm64 >/dev/null 2>&1 || update-binfmts --enable qemu-aarch64
}
