# shellcheck shell=bash
systemctl enable grow-root.service systemd-networkd.service systemd-resolved.service systemd-timesyncd.service
apt-get update -o APT::Update::Error-Mode=any
