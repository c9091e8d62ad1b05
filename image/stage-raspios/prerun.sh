#!/usr/bin/env bash
# pi-gen's copy of what the stage before has made.
set -euo pipefail
[ -d "$ROOTFS_DIR" ] || copy_previous
