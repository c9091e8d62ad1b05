#!/usr/bin/env bash
# The package comes in as a file: /run and /tmp are other file systems while something runs in the root.
set -euo pipefail
install -m 644 "$OTPB_DEB" "$ROOTFS_DIR/var/cache/otp-broker.deb"
