"""Words of the route explorer."""

from typing import Final

WORDS: Final = {
    "route_page.ask": ("Show the route", "Tampilkan rute"),
    "route_page.first": ("takes it now", "mengirim sekarang"),
    "route_page.intro": (
        "Which modem would take a number, why, and what each part of an SMS costs. Nothing is sent.",
        "Modem mana yang akan mengirim ke suatu nomor, alasannya, dan biaya per bagian SMS. Tidak ada yang dikirim.",
    ),
    "route_page.mode_prefix": (
        "Routing by prefix: modems whose list matches the number's first digits take turns.",
        "Rute menurut prefix: modem yang daftarnya cocok dengan angka awal nomor mengirim bergiliran.",
    ),
    "route_page.mode_tariff": (
        "Routing by tariff: the cheapest modems for this number take turns.",
        "Rute menurut tarif: modem termurah untuk nomor ini mengirim bergiliran.",
    ),
    "route_page.number": ("Number", "Nomor"),
    "route_page.out": ("left out", "tidak dipakai"),
    "route_page.place": ("Turn and reason", "Giliran dan alasan"),
    "route_page.price": ("Price", "Harga"),
    "route_page.refused": ("This number gets no SMS.", "Nomor ini tidak dikirimi SMS."),
    "route_page.send": ("Send an SMS to it", "Kirim SMS ke nomor ini"),
    "route_page.standby": ("stands by", "cadangan"),
    "route_page.table": ("Modems for this number", "Modem untuk nomor ini"),
    "route_page.takes": ("{modem} would send it", "{modem} yang akan mengirim"),
    "route_page.title": ("Check a route", "Cek rute"),
    "route_page.turns": ("takes turns", "bergiliran"),
}
