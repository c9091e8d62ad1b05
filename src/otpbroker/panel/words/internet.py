"""Words of the internet by modem, on the modems' pages."""

from typing import Final

WORDS: Final = {
    "internet.address": ("Address", "Alamat"),
    "internet.again": (
        "It is called again after {seconds} seconds, as often as need be.",
        "Akan dicoba lagi setelah {seconds} detik, berapa kali pun diperlukan.",
    ),
    "internet.beside": (
        "SMS go by another port of the same modem meanwhile.",
        "Sementara itu SMS memakai port lain dari modem yang sama.",
    ),
    "internet.interface": ("Interface", "Antarmuka"),
    "internet.last_failure": ("Last failure, {moment}", "Kegagalan terakhir, {moment}"),
    "internet.means": (
        "A modem with two serial ports sends SMS beside that. One with a single port is then for the internet only: it "
        "neither sends nor receives SMS until this is turned off. Where Ethernet leads to the internet, that is used first.",
        "Modem dengan dua port serial tetap mengirim SMS. Modem dengan satu port kemudian hanya untuk internet: tidak "
        "mengirim dan menerima SMS sampai ini dimatikan. Jika Ethernet tersambung ke internet, Ethernet dipakai lebih dulu.",
    ),
    "internet.name_servers": ("Name servers", "Server nama"),
    "internet.no_apn": (
        "No APN is set: most operators want one. Edit the modem and choose its operator.",
        "APN belum diisi: kebanyakan operator memerlukannya. Ubah modem ini dan pilih operatornya.",
    ),
    "internet.not_ours": (
        "The network of this machine is its owner's: nothing is connected here. On a device it is.",
        "Jaringan mesin ini milik pemiliknya: di sini tidak ada yang disambungkan. Pada perangkat, disambungkan.",
    ),
    "internet.only": (
        "This modem has one serial port, and that is for the internet now: it neither sends nor receives SMS until this "
        "is turned off.",
        "Modem ini hanya punya satu port serial, dan port itu sekarang untuk internet: modem tidak mengirim dan menerima "
        "SMS sampai ini dimatikan.",
    ),
    "internet.program": ("Called by", "Disambungkan oleh"),
    "internet.remedy": (
        "Look at the modem's page: it says when it is tried again. Check the SIM's data package and the APN.",
        "Lihat halaman modem: di sana tertulis kapan dicoba lagi. Periksa paket data kartu SIM dan APN.",
    ),
    "internet.received": ("Received", "Diterima"),
    "internet.sent": ("Sent", "Dikirim"),
    "internet.since": ("since {moment}", "sejak {moment}"),
    "internet.state.dialling": ("Internet: connecting", "Internet: menyambung"),
    "internet.state.failed": ("Internet: no connection", "Internet: tidak tersambung"),
    "internet.state.none": ("Internet: not started", "Internet: belum dimulai"),
    "internet.state.off": ("Internet: off", "Internet: mati"),
    "internet.state.up": ("Internet: connected", "Internet: tersambung"),
    "internet.state.waiting": ("Internet: waits for the modem", "Internet: menunggu modem"),
    "internet.turn_off": ("Turn internet off", "Matikan internet"),
    "internet.turn_on": ("Turn internet on", "Hidupkan internet"),
    "internet.was_turned_off": ("{name} is no longer for the internet", "{name} tidak lagi untuk internet"),
    "internet.was_turned_on": (
        "{name} is being connected to the internet",
        "{name} sedang disambungkan ke internet",
    ),
}
