#!/usr/bin/env bash
# Kernel and what the board's firmware reads: raspi-firmware's hook writes the boot partition from /etc/default.
set -euo pipefail
# One initramfs, made when everything is installed (image/export): under emulation each takes minutes.
sed -i 's/^update_initramfs=.*/update_initramfs=no/' "$ROOTFS_DIR/etc/initramfs-tools/update-initramfs.conf"
# The builder's own root would be asked for its type; and a root file system that is never checked never gets repaired.
echo FSTYPE=ext4 >"$ROOTFS_DIR/etc/initramfs-tools/conf.d/otp-broker"
echo "do_symlinks=0" >"$ROOTFS_DIR/etc/kernel-img.conf"
mkdir -p "$ROOTFS_DIR/boot/firmware"
packages=("linux-image-$OTPB_ARCH")
[ "$OTPB_ARCH" != arm64 ] || packages+=(raspi-firmware firmware-brcm80211)
on_chroot <<F
INITRD=No apt-get install -y --no-install-recommends ${packages[*]}
F
if [ "$OTPB_ARCH" = arm64 ]; then
  install -m 644 files/raspi-firmware files/raspi-firmware-custom files/raspi-extra-cmdline "$ROOTFS_DIR/etc/default/"
  mkdir -p "$ROOTFS_DIR/boot/firmware/overlays"
  # Debian's firmware package has hardly any.
  for overlay in otpb-ds3231 otpb-buzzer; do
    dtc -q -I dts -O dtb -o "$ROOTFS_DIR/boot/firmware/overlays/$overlay.dtbo" "files/$overlay.dts"
  done
else
  # No board has it: what an emulator gives the kernel, as the Pi's firmware would.
  install -m 644 files/cmdline-amd64.txt "$ROOTFS_DIR/boot/firmware/cmdline.txt"
fi
