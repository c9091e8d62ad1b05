# shellcheck shell=bash
# Nobody is asked for a name and a password at a screen; nothing phones home.
systemctl mask userconfig.service
apt-get purge -y rpi-connect-lite
