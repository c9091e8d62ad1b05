#!/usr/bin/env bash
# Nothing leaves with the image that two cards must not share, that only the build needed, or that is of its day.
set -euo pipefail
unmount "$ROOTFS_DIR"
cd "$ROOTFS_DIR"

# Empty, not "uninitialized": the latter has systemd enable every unit that is installed, ssh too.
: >etc/machine-id
rm -f var/lib/dbus/machine-id etc/ssh/ssh_host_*_key* var/lib/systemd/{random-seed,credential.secret}
rm -f var/lib/NetworkManager/{secret_key,timestamps,seen-bssids} root/.bash_history root/.wget-hsts

rm -f usr/sbin/policy-rc.d etc/apt/apt.conf.d/51cache etc/apt/sources.list.d/00-temp.list
rm -f etc/{passwd,group,shadow,gshadow,subuid,subgid}- var/lib/dpkg/*-old var/cache/debconf/*-old
rm -rf var/cache/apt/* var/lib/apt/lists/* var/cache/ldconfig/* tmp/* var/tmp/* run/* wget-log*
find var/log -type f -delete
# What resolved or NetworkManager makes of it at boot.
rm -f etc/resolv.conf
[ ! -e lib/systemd/system/systemd-resolved.service ] || ln -s ../run/systemd/resolve/stub-resolv.conf etc/resolv.conf

if [ "$OTPB_ARCH" = amd64 ]; then
  cp boot/vmlinuz-* boot/firmware/vmlinuz
  cp boot/initrd.img-* boot/firmware/initrd.img
fi
printf '%s\n' "$OTPB_RELEASE" >etc/otp-broker-image
cp etc/otp-broker-image boot/firmware/otp-broker-image.txt

# Without a clock of its own the device begins on the day of what it runs.
install -d -o "$(stat -c %u etc)" var/lib/systemd/timesync
: >usr/lib/clock-epoch
# shellcheck disable=SC2016
chroot . sh -c 'install -m 755 -o systemd-timesync -g systemd-timesync -d /var/lib/systemd/timesync &&
  install -m 644 -o systemd-timesync -g systemd-timesync /dev/null /var/lib/systemd/timesync/clock'
awk -F: -v OFS=: -v day=$((SOURCE_DATE_EPOCH / 86400)) '{ $3 = day; print }' etc/shadow >etc/shadow.new
cat etc/shadow.new >etc/shadow
rm etc/shadow.new
find . -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
