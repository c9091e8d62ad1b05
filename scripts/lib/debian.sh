# Where Debian's packages come from: sourced, never run.
# shellcheck shell=bash

# apt_site PATTERN: the first of the archives that this machine's apt uses whose address matches.
apt_site() {
  # shellcheck disable=SC2016 # apt fills it in
  apt-get indextargets --format '$(SITE)' | grep -E "$1" | head -n 1
}
