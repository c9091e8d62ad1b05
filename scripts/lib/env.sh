# Shared set-up of the development scripts: sourced, never run.
# Installs what is missing, says what it does, and asks no network when nothing is missing.
# shellcheck shell=bash
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
VENV=${OTPB_VENV:-$ROOT/.venv}
export PYTHONPATH="$ROOT/src${PYTHONPATH:+:$PYTHONPATH}"

say() { printf '== %s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else
    say "root rights are needed for: $*"
    say "install sudo, or run that command as root, and start again"
    return 1
  fi
}

# need_apt PACKAGE...: installs the Debian packages that are not there yet.
need_apt() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ "${#missing[@]}" -eq 0 ] && return 0
  say "installing Debian packages: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# need_apt_quiet PACKAGE...: the same, and their daemons do not start: tests and benchmarks start their own.
need_apt_quiet() {
  local hold=/usr/sbin/policy-rc.d held='' status=0
  if [ ! -e "$hold" ] && ! dpkg-query -W "$@" >/dev/null 2>&1; then
    held=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$hold" >/dev/null
    as_root chmod 755 "$hold"
    # shellcheck disable=SC2064
    trap "as_root rm -f '$hold'" EXIT
  fi
  need_apt "$@" || status=$?
  if [ -n "$held" ]; then
    as_root rm -f "$hold"
    trap - EXIT
  fi
  return "$status"
}

# The Python that Debian ships when it is new enough, else the first python3 in PATH.
find_python() {
  local candidate
  for candidate in /usr/bin/python3 python3; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  say "Python 3.11 or newer is needed (Debian 12, Debian 13 or Raspberry Pi OS of the same age)"
  return 1
}

# ensure_venv REQUIREMENTS: the virtual environment holds exactly what the file pins (OTPB_NO_INSTALL: as it is).
ensure_venv() {
  local requirements=$1 stamp wanted python
  [ -z "${OTPB_NO_INSTALL:-}" ] || return 0
  stamp="$VENV/.stamp-$(basename "$requirements")"
  wanted=$(cat "$ROOT"/requirements*.txt | sha256sum)
  [ -x "$VENV/bin/python" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && return 0
  command -v python3 >/dev/null || need_apt python3
  python=$(find_python)
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then need_apt python3-venv; fi
  if [ ! -x "$VENV/bin/python" ]; then
    say "creating a virtual environment in $VENV"
    "$python" -m venv "$VENV"
  fi
  say "installing Python packages from $(basename "$requirements")"
  "$VENV/bin/python" -m pip install -q --disable-pip-version-check -r "$requirements" >&2
  link_netifaces || say "pages and commands will not tell of network interfaces"
  printf '%s' "$wanted" >"$stamp"
}

# link_netifaces: Debian's module, where it is for this Python; there is none to be had compiled elsewhere.
link_netifaces() {
  local module
  "$VENV/bin/python" -c 'import netifaces' 2>/dev/null && return 0
  need_apt python3-netifaces || return 1
  for module in /usr/lib/python3/dist-packages/netifaces.*.so; do
    ln -sf "$module" "$("$VENV/bin/python" -c 'import sysconfig; print(sysconfig.get_path("platlib"))')"
  done
  "$VENV/bin/python" -c 'import netifaces' 2>/dev/null
}

# node_packages FROM TO: in TO what the lock file in FROM names, once.
node_packages() {
  local from=$1 to=$2
  cmp -s "$from/package-lock.json" "$to/package-lock.json" && [ -d "$to/node_modules" ] && return 0
  mkdir -p "$to"
  cp "$from"/package*.json "$to"
  say "installing Node packages of $(basename "$from")"
  npm --prefix "$to" ci --silent --ignore-scripts --no-audit --no-fund >&2 || { rm -rf "$to"; return 1; }
}

# ensure_panel_assets: the style sheets and scripts that the panel's pages load, from npm by the lock file.
ensure_panel_assets() {
  local from=$ROOT/scripts/panel-assets built=$ROOT/build/panel-assets to=$ROOT/src/otpbroker/panel/static/vendor name
  [ -z "${OTPB_NO_INSTALL:-}" ] || return 0
  cmp -s "$from/package-lock.json" "$to/.lock" && return 0
  command -v npm >/dev/null || need_apt npm || return 1
  node_packages "$from" "$built" || return 1
  rm -rf "$to"
  mkdir -p "$to"
  for name in @picocss/pico/css/pico.min.css htmx.org/dist/htmx.min.js \
    uplot/dist/uPlot.iife.min.js uplot/dist/uPlot.min.css; do
    cp "$built/node_modules/$name" "$to/"
  done
  cp "$built/node_modules/@picocss/pico/LICENSE.md" "$to/pico.LICENSE"
  cp "$built/node_modules/htmx.org/LICENSE" "$to/htmx.LICENSE"
  cp "$built/node_modules/uplot/LICENSE" "$to/uPlot.LICENSE"
  cp "$from/package-lock.json" "$to/.lock"
}
