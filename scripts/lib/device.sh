# The emulated device's disk, made when something of it has changed: sourced, never run.
# shellcheck shell=bash
# shellcheck source=scripts/lib/debian.sh
. "$ROOT/scripts/lib/debian.sh"

# ensure_device ARCH: build/device/ARCH/device is of the tree as it is.
ensure_device() {
  local arch=$1 dir=$ROOT/build/device/$1 wanted deb emulator=(qemu-system-x86)
  case $arch in
    amd64) ;;
    arm64) emulator=(qemu-system-arm qemu-user-static binfmt-support arch-test device-tree-compiler) ;;
    *) say "--arch amd64 or arm64"; return 2 ;;
  esac
  if [ -z "${OTPB_NO_INSTALL:-}" ]; then
    need_apt "${emulator[@]}" qemu-utils mmdebstrap mtools dosfstools fdisk e2fsprogs openssh-client
    ensure_panel_assets
  fi
  wanted=$(git -C "$ROOT" ls-files -z src overlay image pi-gen-config scripts/build-deb scripts/lib/device-image pyproject.toml |
    tar -C "$ROOT" --null --no-recursion -T - --mtime=@0 --owner=0 --group=0 -c | sha256sum)
  [ "$(cat "$dir/device/of" 2>/dev/null)" = "$wanted" ] && return 0
  deb=$(built_deb)
  as_root "$ROOT/scripts/lib/device-image" "$arch" "$deb" "$dir"
  printf '%s' "$wanted" | as_root tee "$dir/device/of" >/dev/null
}
