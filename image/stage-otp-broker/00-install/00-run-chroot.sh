# shellcheck shell=bash
# A device has all that the package can use: what it only recommends or suggests, too.
package=/var/cache/otp-broker.deb
wanted=$(dpkg-deb -f "$package" Recommends Suggests | sed -E 's/^[A-Za-z]+://; s/\([^)]*\)//g; s/\|[^,]*//g' | tr ',\n' '  ')
# shellcheck disable=SC2086 # words
apt-get install -y --no-install-recommends "$package" $wanted
rm "$package"
