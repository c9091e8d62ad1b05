"""Words of the modems' pages."""

from typing import Final

WORDS: Final = {
    "modems.add": ("Add modem", "Tambah modem"),
    "modems.delete_means": (
        "Its settings are forgotten. The stick itself may stay plugged.",
        "Pengaturannya dilupakan. Modemnya sendiri boleh tetap terpasang.",
    ),
    "modems.empty": (
        "No modem yet. Plug one in, or add it by its port.",
        "Belum ada modem. Pasang satu, atau tambahkan dengan portnya.",
    ),
    "modems.group_identity": ("Modem and SIM", "Modem dan SIM"),
    "modems.group_internet": ("Internet by this modem", "Internet lewat modem ini"),
    "modems.group_quota": ("Quota", "Kuota"),
    "modems.group_sending": ("Sending and prices", "Pengiriman dan harga"),
    "modems.group_serial": ("Serial port", "Port serial"),
    "modems.intro": (
        "The GSM modems and their SIM cards. A modem that is not active sends nothing, even when it is plugged in.",
        "Modem GSM dan kartu SIM-nya. Modem yang tidak aktif tidak mengirim apa pun meskipun terpasang.",
    ),
    "modems.title": ("Modems", "Modem"),
}
