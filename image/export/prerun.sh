#!/usr/bin/env bash
# The image's root is a copy, so that a stage can be run again; no disk is mounted for it (see make-disk).
set -euo pipefail
rm -rf "$ROOTFS_DIR"
mkdir -p "$ROOTFS_DIR"
rsync -aHAXx --exclude /var/cache/apt/archives --exclude '/var/lib/apt/lists/*' "$EXPORT_ROOTFS_DIR/" "$ROOTFS_DIR/"
