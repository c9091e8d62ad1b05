"""Words of the general page and of the clock."""

from typing import Final

WORDS: Final = {
    "choice.general.language.en": ("English", "English"),
    "choice.general.language.id": ("Bahasa Indonesia", "Bahasa Indonesia"),
    "clock.browser": ("This phone or computer", "Ponsel atau komputer ini"),
    "clock.by_hand": ("Set by hand", "Atur sendiri"),
    "clock.device": ("Device", "Perangkat"),
    "clock.differs": (
        "The clocks differ by {by}. Messages carry the time, and links to other services need the right one.",
        "Kedua jam berbeda {by}. Waktu dicatat di setiap pesan, dan sambungan ke layanan lain memerlukan jam yang benar.",
    ),
    "clock.from_browser": ("Set from this phone", "Samakan dengan ponsel ini"),
    "clock.local": ("Date and time, in the device's time zone", "Tanggal dan jam, menurut zona waktu perangkat"),
    "clock.ntp": ("Time server (NTP)", "Server waktu (NTP)"),
    "clock.ntp_last": ("last asked {at}", "terakhir ditanya {at}"),
    "clock.ntp_no": ("Not synchronised", "Belum sinkron"),
    "clock.ntp_yes": ("Synchronised", "Sinkron"),
    "clock.rtc": ("Clock with a battery (RTC)", "Jam berbaterai (RTC)"),
    "clock.rtc_none": ("none", "tidak ada"),
    "clock.same": ("The same as on this phone", "Sama dengan ponsel ini"),
    "clock.set": ("Set clock", "Atur jam"),
    "clock.title": ("Date and time", "Tanggal dan jam"),
    "clock.unreadable": (
        "That is no date and time; write it as 2026-11-27T14:05",
        "Itu bukan tanggal dan jam; tulis seperti 2026-11-27T14:05",
    ),
    "clock.use_zone": ("Use this time zone", "Pakai zona waktu ini"),
    "clock.was_set": ("The clock is set: {time}", "Jam sudah diatur: {time}"),
    "clock.zone_differs": ("This phone is in {zone}", "Ponsel ini berada di {zone}"),
    "clock.zone_was_set": ("Time zone: {zone}", "Zona waktu: {zone}"),
    "field.general.currency": ("Currency", "Mata Uang"),
    "field.general.device_name": ("Device Name", "Nama Perangkat"),
    "field.general.language": ("Language", "Bahasa"),
    "field.general.ntp_interval": ("NTP Interval", "Interval NTP"),
    "field.general.ntp_server": ("NTP Server", "Server NTP"),
    "field.general.time_zone": ("Time Zone", "Zona Waktu"),
    "general.group_device": ("Device", "Perangkat"),
    "general.group_time": ("Time", "Waktu"),
    "general.intro": (
        "What this device is called, and how it writes money and time.",
        "Nama perangkat ini, serta cara menulis uang dan waktu.",
    ),
    "general.title": ("General", "Umum"),
    "help.general.currency": (
        "Three letters, such as IDR. Tariffs and reports are written in it.",
        "Tiga huruf, misalnya IDR. Tarif dan laporan ditulis dalam mata uang ini.",
    ),
    "help.general.device_name": (
        "Stands above this panel and in the subject of mails.",
        "Tampil di atas panel ini dan di judul email.",
    ),
    "help.general.language": (
        "Of what the device writes by itself, and of visitors whose browser prefers neither language.",
        "Untuk tulisan perangkat sendiri, dan untuk pengunjung yang browser-nya tidak memilih salah satu bahasa.",
    ),
    "help.general.ntp_interval": (
        "Seconds between two questions at the most, 64 to 86400.",
        "Jeda paling lama antara dua pertanyaan, dalam detik, 64 sampai 86400.",
    ),
    "help.general.ntp_server": (
        "Host name or address of the time server, such as pool.ntp.org.",
        "Nama host atau alamat server waktu, misalnya pool.ntp.org.",
    ),
    "help.general.time_zone": (
        "Days of quotas, tariffs and reports begin at midnight there.",
        "Hari untuk kuota, tarif, dan laporan dimulai pada tengah malam di sana.",
    ),
}
