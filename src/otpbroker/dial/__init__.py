"""The internet by modem: pppd for each modem that is lent for it, called again and again."""
