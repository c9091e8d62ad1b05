"""The panel's map as its own code gives it, so that what is added later is walked too."""

import importlib
import pkgutil

from otpbroker.panel import nav, pages
from otpbroker.panel.listing import Listing
from otpbroker.panel.setting import Setting

# The least that a form that adds needs, by section; the field that is the entry's name comes from the test.
LEAST = {
    "modems": {"port": "/dev/ttyUSB9"},
    "api_users": {"password": "cukup panjang 1"},
    "admins": {"password": "cukup panjang sekali 1"},
    "email": {"host": "mail.example", "sender": "otp@mail.example", "password": "kata sandi"},
    "webhooks": {"url": "https://hook.example/otp"},
    "firewall": {"port": "2222"},
    "ddns": {"zone": "contoh.example", "record_name": "otp"},
}

# A field that may be changed, and two values.
CHANGED = {
    "modems": ("quota_day", "7", "8"),
    "api_users": ("name", "Toko Satu", "Toko Dua"),
    "admins": ("name", "Siti", "Sari"),
    "email": ("host", "satu.example", "dua.example"),
    "webhooks": ("url", "https://satu.example/otp", "https://dua.example/otp"),
    "firewall": ("port", "2223", "2224"),
    "ddns": ("interval", "600", "900"),
}


def _constants(kind):
    """Each once, by the modules of the pages."""
    found = {}
    for info in pkgutil.iter_modules(pages.__path__):
        module = importlib.import_module(f"{pages.__name__}.{info.name}")
        constants = [each for name, each in vars(module).items() if name.isupper()]
        constants += [each for some in constants if isinstance(some, tuple) for each in some]
        found |= {each.path: each for each in constants if isinstance(each, kind)}
    return list(found.values())


def listings():
    return _constants(Listing)


def settings_pages():
    return _constants(Setting)


def menu(routes):
    """The paths that the menu shows."""
    there = {route.path for route in routes if route.method == "GET"}
    return [entry.path for _, entries in nav.GROUPS for entry in entries if entry.path in there]


def addresses(routes, key, **keys):
    """Where a GET leads somewhere, `key` being an entry of every list, `keys` better ones of some sections; files that
    pages load are left out.
    """
    keyed = {f"{listing.path}/": keys.get(listing.section, key) for listing in listings()}
    for route in routes:
        if route.method == "GET" and not route.path.startswith("/static/"):
            found = [value for path, value in keyed.items() if route.path.startswith(path)]
            yield route.path + (f"?key={found[0]}" if found else "")
