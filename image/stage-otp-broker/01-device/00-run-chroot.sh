# shellcheck shell=bash
# From here on network and firewall are ours.
otpb setup --take-over-network
