# shellcheck shell=bash
sed -i 's/^update_initramfs=.*/update_initramfs=yes/' /etc/initramfs-tools/update-initramfs.conf
update-initramfs -c -k all
apt-get clean
