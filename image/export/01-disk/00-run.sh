#!/usr/bin/env bash
# The disk, where scripts/build-image looks for it.
set -euo pipefail
id=$(printf '%s' "$OTPB_NAME $SOURCE_DATE_EPOCH" | sha256sum | cut -c 1-32)
# Raspberry Pi OS names its partitions by the disk's number, and changes that at the first boot.
sed -i "s/BOOTDEV/PARTUUID=${id:0:8}-01/; s/ROOTDEV/PARTUUID=${id:0:8}-02/" \
  "$ROOTFS_DIR/etc/fstab" "$ROOTFS_DIR/boot/firmware/cmdline.txt"
mkdir -p "$DEPLOY_DIR"
"$OTPB_IMAGE/make-disk" "$ROOTFS_DIR" "$DEPLOY_DIR/$IMG_FILENAME.img" "$id"
