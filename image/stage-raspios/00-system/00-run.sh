#!/usr/bin/env bash
# What Raspberry Pi OS does otherwise than a device that nobody sits in front of.
set -euo pipefail
firmware=$ROOTFS_DIR/boot/firmware
cat >>"$firmware/config.txt" <<'F'

# OTP Broker: hardware watchdog; a DS3231 clock on the I2C pins, where there is one; nothing is drawn but a console.
[all]
dtparam=watchdog=on
dtparam=i2c_arm=on
dtoverlay=i2c-rtc,ds3231
gpu_mem=32
disable_splash=1
F
# One line, as the firmware wants it.
grep -q ieee80211_regdom "$firmware/cmdline.txt" ||
  sed -i "1s/\$/ cfg80211.ieee80211_regdom=$WPA_COUNTRY/" "$firmware/cmdline.txt"
sed -i '1s/$/ panic=10 systemd.ssh_auto=no quiet/' "$firmware/cmdline.txt"
# See stage-base for the boot partition; and the root file system grows without what systemd takes for a first boot.
sed -i -E 's#^(BOOTDEV\s+/boot/firmware\s+vfat\s+)\S+#\1defaults,noatime,nofail,umask=0077,x-systemd.before=local-fs.target,x-systemd.device-timeout=60s#
  s#^(ROOTDEV\s+/\s+ext4\s+)\S+#\1defaults,noatime,x-systemd.growfs#' "$ROOTFS_DIR/etc/fstab"
