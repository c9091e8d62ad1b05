#!/usr/bin/env bash
# Nobody signs in at the screen or over the network: no password fits anybody, and no ssh listens.
set -euo pipefail
on_chroot <<F
systemctl disable ssh.service ssh.socket
usermod --password '*' root
if getent passwd "$FIRST_USER_NAME" >/dev/null; then
  usermod --password '*' --shell /usr/sbin/nologin "$FIRST_USER_NAME"
fi
F
