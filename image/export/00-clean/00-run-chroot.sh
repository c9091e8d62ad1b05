# shellcheck shell=bash
# The emulated device's is made once for all its disks.
[ -z "${OTPB_KEEP_INITRAMFS:-}" ] || exit 0
sed -i 's/^update_initramfs=.*/update_initramfs=yes/' /etc/initramfs-tools/update-initramfs.conf
update-initramfs -c -k all
apt-get clean
