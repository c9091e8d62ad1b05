#!/usr/bin/env bash
# What every Debian machine has of its own: names, file systems, package sources.
set -euo pipefail
etc=$ROOTFS_DIR/etc
printf '%s\n' "$TARGET_HOSTNAME" >"$etc/hostname"
printf '127.0.0.1\tlocalhost\n::1\t\tlocalhost ip6-localhost ip6-loopback\n127.0.1.1\t%s\n' "$TARGET_HOSTNAME" >"$etc/hosts"
# The boot partition may hold a passphrase for a while: root alone reads it. It is waited for, since the first boot reads
# and writes it, and the device runs all the same without it.
cat >"$etc/fstab" <<'F'
LABEL=rootfs / ext4 defaults,noatime,x-systemd.growfs 0 1
LABEL=bootfs /boot/firmware vfat defaults,noatime,nofail,umask=0077,x-systemd.before=local-fs.target,x-systemd.device-timeout=60s 0 2
F
# The builder's name servers, while packages are fetched; image/export leaves the device's own.
rm -f "$etc/resolv.conf"
cp -L /etc/resolv.conf "$etc/resolv.conf"
rm -f "$etc/apt/sources.list"
cat >"$etc/apt/sources.list.d/debian.sources" <<F
Types: deb
URIs: $OTPB_MIRROR
Suites: $RELEASE $RELEASE-updates
Components: main non-free-firmware
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: $OTPB_SECURITY_MIRROR
Suites: $RELEASE-security
Components: main non-free-firmware
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
F
printf '%s\n' "$TIMEZONE_DEFAULT" >"$etc/timezone"
ln -sfn "/usr/share/zoneinfo/$TIMEZONE_DEFAULT" "$etc/localtime"
# Growing needs the card's real size, so it happens at boot; a card that is full-grown already costs a few milliseconds.
install -D -m 755 files/grow-root "$ROOTFS_DIR/usr/lib/otp-broker-image/grow-root"
install -D -m 644 files/grow-root.service "$etc/systemd/system/grow-root.service"
