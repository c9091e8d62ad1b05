#!/usr/bin/env bash
# The root file system from Debian alone; stands where pi-gen's stages 0 to 2 stand in the configuration raspios.
set -euo pipefail
[ ! -d "$ROOTFS_DIR" ] || exit 0
mkdir -p "$(dirname "$ROOTFS_DIR")"
packages=(systemd systemd-sysv systemd-resolved systemd-timesyncd libpam-systemd dbus udev kmod adduser ca-certificates
  initramfs-tools zstd iproute2 iputils-ping procps less openssh-server e2fsprogs fdisk dosfstools util-linux-extra tzdata)
# Without a daemon's start: what is installed here runs on the device, not on the machine that builds.
# shellcheck disable=SC2016 # the hook's own argument
mmdebstrap --mode=root --variant=apt --architectures="$OTPB_ARCH" --components=main,non-free-firmware \
  --aptopt='APT::Install-Recommends "false"' \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  --essential-hook='printf "#!/bin/sh\nexit 101\n" >"$1/usr/sbin/policy-rc.d"; chmod 755 "$1/usr/sbin/policy-rc.d"' \
  --include="$(IFS=,; printf %s "${packages[*]}")" \
  "$RELEASE" "$ROOTFS_DIR" \
  "deb $OTPB_MIRROR $RELEASE main non-free-firmware" \
  "deb $OTPB_MIRROR $RELEASE-updates main non-free-firmware" \
  "deb $OTPB_SECURITY_MIRROR $RELEASE-security main non-free-firmware"
