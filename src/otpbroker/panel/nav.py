"""The panel's map: what the menu shows, in groups. Pages that do not exist (yet) are left out by the renderer."""

from typing import Final, NamedTuple


class Entry(NamedTuple):
    """`key` names the page's title among the words."""

    path: str
    key: str


GROUPS: Final[tuple[tuple[str, tuple[Entry, ...]], ...]] = (
    (
        "nav.watch",
        (
            Entry("/", "home.title"),
            Entry("/monitor", "monitor.title"),
            Entry("/report", "report.title"),
            Entry("/server", "server.title"),
            Entry("/logs", "logs.title"),
        ),
    ),
    (
        "nav.messages",
        (
            Entry("/sms", "sms.title"),
            Entry("/inbox", "inbox.title"),
            Entry("/ussd", "ussd.title"),
            Entry("/send-email", "send_email.title"),
            Entry("/route", "route_page.title"),
            Entry("/block-list", "block_list.title"),
        ),
    ),
    (
        "nav.sending",
        (
            Entry("/modems", "modems.title"),
            Entry("/sms-settings", "sms_settings.title"),
            Entry("/limits", "limits.title"),
            Entry("/otp", "otp.title"),
            Entry("/email-accounts", "email.title"),
            Entry("/local-smtp", "smtp.title"),
        ),
    ),
    (
        "nav.doors",
        (
            Entry("/api", "api.title"),
            Entry("/api-users", "api_users.title"),
            Entry("/key-store", "keystore.title"),
            Entry("/acme", "acme_page.title"),
            Entry("/rabbitmq", "amqp.title"),
            Entry("/wsmessagebroker", "websocket.title"),
            Entry("/webhooks", "webhooks.title"),
            Entry("/callbacks", "callbacks.title"),
        ),
    ),
    (
        "nav.network",
        (
            Entry("/network", "network.title"),
            Entry("/wlan", "wlan.title"),
            Entry("/dhcp", "dhcp.title"),
            Entry("/ethernet", "ethernet.title"),
            Entry("/firewall", "firewall.title"),
        ),
    ),
    (
        "nav.ddns",
        (
            Entry("/ddns", "ddns_page.title"),
            Entry("/public-address", "public_address.title"),
            Entry("/cloudflare", "cloudflare.title"),
            Entry("/noip", "noip.title"),
            Entry("/dynu", "dynu.title"),
            Entry("/afraid", "afraid.title"),
        ),
    ),
    (
        "nav.device",
        (
            Entry("/start", "start.title"),
            Entry("/general", "general.title"),
            Entry("/administrators", "admins.title"),
            Entry("/account", "account.title"),
            Entry("/panel", "panel.title"),
            Entry("/audit", "audit.title"),
            Entry("/backup", "backup.title"),
            Entry("/restart", "restart.title"),
        ),
    ),
)
