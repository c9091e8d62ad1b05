# A Debian trixie root with the device's own Python and package versions: sourced, never run.
# shellcheck shell=bash

TRIXIE=${OTPB_TRIXIE:-$ROOT/build/trixie}
_TRIXIE_PACKAGES=python3,python3-cheroot,python3-msgspec,python3-phonenumbers,python3-serial,python3-pyudev,python3-yaml,python3-bottle,python3-jinja2,python3-acme,python3-josepy,python3-requests
_TRIXIE_PACKAGES+=,python3-netifaces,python3-pika,python3-websocket,python3-nacl,python3-cryptography,nginx,python3-aiosmtpd,python3-dnspython
_TRIXIE_PACKAGES+=,rabbitmq-server,php-cli,php-amqplib,python3-trustme,python3-websockets
_TRIXIE_PACKAGES+=,dnsmasq-base,iproute2,nftables,pebble
_TRIXIE_PACKAGES+=,mtools,dosfstools,exfatprogs,fdisk,e2fsprogs
_TRIXIE_PACKAGES+=,python3-reportlab,python3-segno,poppler-utils,zbar-tools
_TRIXIE_PACKAGES+=,python3-pytest,python3-pytest-xdist,python3-pytest-timeout,python3-hypothesis,tzdata,curl

# ensure_trixie: makes the root once (about half a minute), from the mirror that this machine's apt uses.
ensure_trixie() {
  local mirror
  [ "$(cat "$TRIXIE/.packages" 2>/dev/null)" = "$_TRIXIE_PACKAGES" ] && return 0
  need_apt mmdebstrap
  # shellcheck disable=SC2016 # apt fills it in
  mirror=${OTPB_MIRROR:-$(apt-get indextargets --format '$(SITE)' | grep -E '/debian/?$' | head -n 1)}
  say "making a Debian trixie root in $TRIXIE"
  as_root rm -rf "$TRIXIE"
  mkdir -p "$(dirname "$TRIXIE")"
  as_root mmdebstrap --quiet --mode=root --variant=apt --include="$_TRIXIE_PACKAGES" trixie "$TRIXIE" "$mirror" >&2
  # What the scripts take for their virtual environment is Debian's own Python.
  as_root mkdir -p "$TRIXIE/opt/python/bin"
  as_root ln -s /usr/bin/python3 "$TRIXIE/opt/python/bin/python"
  as_root sh -c "printf %s '$_TRIXIE_PACKAGES' >'$TRIXIE/.packages'"
}

# in_trixie COMMAND...: runs it in the root, with the project mounted at /project, in a mount namespace of its own.
in_trixie() {
  # shellcheck disable=SC2016
  as_root unshare --mount sh -c '
    root=$1 project=$2; shift 2
    mkdir -p "$root/project"
    mount --bind "$project" "$root/project"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/tmp"
    exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 \
      OTPB_NO_INSTALL=1 OTPB_VENV=/opt/python PYTHONPATH=/project/src PYTHONDONTWRITEBYTECODE=1 sh -c "cd /project && exec \"\$@\"" sh "$@"
  ' sh "$TRIXIE" "$ROOT" "$@"
}
