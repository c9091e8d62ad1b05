"""Words of the restart page."""

from typing import Final

WORDS: Final = {
    "field.general.restart_device": ("Restart the device at", "Mulai ulang perangkat pada"),
    "field.general.restart_services": ("Restart the services at", "Mulai ulang layanan pada"),
    "help.general.restart_device": (
        "As above. A restart takes about a minute; nobody can send meanwhile.",
        "Seperti di atas. Mulai ulang memakan waktu sekitar satu menit; selama itu tidak ada yang dapat mengirim.",
    ),
    "help.general.restart_services": (
        "03:30 for every day, Sun 03:30 for every week (Mon, Tue, Wed, Thu, Fri, Sat, Sun), empty for never; in the device's time zone.",
        "03:30 untuk setiap hari, Sun 03:30 untuk setiap minggu (Mon, Tue, Wed, Thu, Fri, Sat, Sun), kosong untuk tidak pernah; menurut zona waktu perangkat.",
    ),
    "restart.back": ("Open the panel", "Buka panel"),
    "restart.device": ("Restart the device", "Mulai ulang perangkat"),
    "restart.device_means": (
        "Everything stops and starts anew, modems too. It takes about a minute; you sign in again then.",
        "Semuanya berhenti dan dimulai lagi, termasuk modem. Sekitar satu menit; setelah itu Anda masuk lagi.",
    ),
    "restart.drains": (
        "Messages that a modem has in hand are finished first.",
        "Pesan yang sedang dikirim modem diselesaikan dahulu.",
    ),
    "restart.in_flight": (
        "Messages that wait or are being sent now: {count}",
        "Pesan yang menunggu atau sedang dikirim: {count}",
    ),
    "restart.intro": (
        "Restart the services, or the whole device, now or by a schedule.",
        "Mulai ulang layanan, atau seluruh perangkat, sekarang atau terjadwal.",
    ),
    "restart.now": ("Now", "Sekarang"),
    "restart.restarting_device": ("The device restarts", "Perangkat dimulai ulang"),
    "restart.restarting_services": ("The services restart", "Layanan dimulai ulang"),
    "restart.schedule": ("Schedule", "Jadwal"),
    "restart.services": ("Restart the services", "Mulai ulang layanan"),
    "restart.services_means": (
        "The programs of OTP Broker stop and start anew; network and operating system go on. It takes some seconds; you sign in again then.",
        "Program OTP Broker berhenti dan dimulai lagi; jaringan dan sistem operasi tetap berjalan. Beberapa detik; setelah itu Anda masuk lagi.",
    ),
    "restart.title": ("Restart", "Mulai Ulang"),
    "restart.wait": (
        "This page comes back by itself as soon as the panel answers again.",
        "Halaman ini kembali sendiri begitu panel menjawab lagi.",
    ),
}
