"""Words of alarms, and what to do about each (`remedy.` before the alarm's key)."""

from typing import Final

WORDS: Final = {
    "alarms.account_failing": ("The account cannot send", "Akun tidak dapat mengirim"),
    "alarms.account_quota": (
        "Today's quota of this account is used; the other accounts go on",
        "Kuota akun ini untuk hari ini sudah habis; akun lain tetap mengirim",
    ),
    "alarms.bad": ("Needs you", "Perlu ditangani"),
    "alarms.certificate_over": (
        "The certificate of HTTPS has expired",
        "Sertifikat HTTPS sudah kedaluwarsa",
    ),
    "alarms.certificate_soon": (
        "The certificate of HTTPS expires in {days} days",
        "Sertifikat HTTPS kedaluwarsa dalam {days} hari",
    ),
    "alarms.feeder_connecting": (
        "The server has not answered for more than a minute",
        "Server belum menjawab selama lebih dari satu menit",
    ),
    "alarms.hot": ("The device is {degrees} °C hot", "Suhu perangkat {degrees} °C, terlalu panas"),
    "alarms.memory_full": ("Memory is {percent}% full", "Memori terpakai {percent}%"),
    "alarms.more": ("{count} more", "{count} peringatan lain"),
    "alarms.none": ("Everything is fine", "Semua baik-baik saja"),
    "alarms.open": ("Open", "Buka"),
    "alarms.service_down": ("The service {service} does not run", "Layanan {service} tidak berjalan"),
    "alarms.service_restarts": (
        "The service {service} ended by itself and was started anew",
        "Layanan {service} berhenti sendiri lalu dijalankan ulang",
    ),
    "alarms.storage_full": ("Storage is {percent}% full", "Penyimpanan terpakai {percent}%"),
    "alarms.throttled": (
        "The device has slowed itself down to stay cool",
        "Perangkat melambat supaya tidak terlalu panas",
    ),
    "alarms.title": ("Alarms", "Peringatan"),
    "alarms.under_voltage": ("The power supply is too weak", "Catu daya terlalu lemah"),
    "alarms.under_voltage_before": (
        "The power supply was too weak at times since the device started",
        "Catu daya sempat terlalu lemah sejak perangkat menyala",
    ),
    "alarms.warn": ("Watch this", "Perhatikan"),
    "remedy.alarm.mail_state_unwritable": (
        "Free some storage; if there is enough, change the SD card.",
        "Kosongkan penyimpanan; jika masih cukup, ganti kartu SD.",
    ),
    "remedy.alarm.state_slow": (
        "Make a backup and change the SD card soon.",
        "Buat cadangan lalu segera ganti kartu SD.",
    ),
    "remedy.alarm.state_unwritable": (
        "Free some storage; if there is enough, change the SD card.",
        "Kosongkan penyimpanan; jika masih cukup, ganti kartu SD.",
    ),
    "remedy.alarm.webhook_dropped": (
        "See at the receiver why it took so long to answer.",
        "Periksa di sisi penerima mengapa tidak menjawab.",
    ),
    "remedy.alarm.webhook_failing": (
        "Check the address, and whether the receiver runs.",
        "Periksa alamatnya dan apakah penerimanya berjalan.",
    ),
    "remedy.alarm.webhook_gone": (
        "Correct the address, or delete the webhook.",
        "Perbaiki alamatnya, atau hapus webhook itu.",
    ),
    "remedy.alarms.account_quota": (
        "Add another account if more has to leave today.",
        "Tambahkan akun lain jika hari ini masih banyak yang harus dikirim.",
    ),
    "remedy.alarms.certificate_over": (
        "Put a new one into the key store; if the device's date is wrong, set it.",
        "Masukkan yang baru ke penyimpanan kunci; jika tanggal perangkat salah, atur dahulu.",
    ),
    "remedy.alarms.certificate_soon": (
        "Have it renewed, and put the new one into the key store.",
        "Perbarui, lalu masukkan yang baru ke penyimpanan kunci.",
    ),
    "remedy.alarms.feeder_connecting": (
        "Check host, port and the network.",
        "Periksa host, port, dan jaringan.",
    ),
    "remedy.alarms.hot": (
        "Give it air: take it out of the case or the sun, add a heat sink or a fan.",
        "Beri udara: keluarkan dari kotak atau dari sinar matahari, pasang pendingin atau kipas.",
    ),
    "remedy.alarms.memory_full": (
        "Restart the device at a quiet hour; if it comes back, look at the logs.",
        "Mulai ulang perangkat saat sepi; jika terulang, lihat log.",
    ),
    "remedy.alarms.service_down": (
        "It is started anew by itself. The logs say why it ended.",
        "Layanan dijalankan ulang sendiri. Log menjelaskan penyebabnya.",
    ),
    "remedy.alarms.service_restarts": ("The logs say why.", "Log menjelaskan penyebabnya."),
    "remedy.alarms.storage_full": (
        "Use a larger SD card, or remove files that others put there.",
        "Pakai kartu SD yang lebih besar, atau hapus file lain di dalamnya.",
    ),
    "remedy.alarms.throttled": (
        "Give it air, and use a stronger power supply.",
        "Beri udara, dan pakai catu daya yang lebih kuat.",
    ),
    "remedy.alarms.under_voltage": (
        "Use the official power supply (5 V, 3 A) and a short cable; put the modems on a powered USB hub.",
        "Pakai catu daya resmi (5 V, 3 A) dengan kabel pendek; pasang modem pada hub USB berdaya sendiri.",
    ),
    "remedy.alarms.under_voltage_before": (
        "Use the official power supply (5 V, 3 A) and a short cable; put the modems on a powered USB hub.",
        "Pakai catu daya resmi (5 V, 3 A) dengan kabel pendek; pasang modem pada hub USB berdaya sendiri.",
    ),
    "remedy.dispatch.unavailable": (
        "It is started anew by itself; nothing can be sent until then.",
        "Layanan akan dijalankan ulang sendiri; sampai saat itu tidak ada yang dapat dikirim.",
    ),
    "remedy.feeder.credentials": (
        "Correct user name and password in the settings.",
        "Perbaiki username dan password di pengaturan.",
    ),
    "remedy.feeder.lost": (
        "It connects again by itself. Check the network if this stays.",
        "Akan tersambung lagi sendiri. Periksa jaringan jika tetap begini.",
    ),
    "remedy.feeder.nobody_listens": (
        "Start the message broker, or correct host and port.",
        "Jalankan message broker-nya, atau perbaiki host dan port.",
    ),
    "remedy.feeder.timeout": (
        "Check host, port and the network.",
        "Periksa host, port, dan jaringan.",
    ),
    "remedy.feeder.unreachable": (
        "Check host, port and the network.",
        "Periksa host, port, dan jaringan.",
    ),
    "remedy.mail.unavailable": (
        "It is started anew by itself; no e-mail leaves until then.",
        "Layanan akan dijalankan ulang sendiri; sampai saat itu email tidak terkirim.",
    ),
    "remedy.modem.failed": (
        "It is started anew by itself. Unplug the modem and plug it in again if this stays.",
        "Akan dimulai ulang sendiri. Jika tetap begini, cabut lalu pasang lagi modemnya.",
    ),
    "remedy.modem.hung": (
        "It is brought back by itself. Unplug it and plug it in again if this stays.",
        "Akan dipulihkan sendiri. Jika tetap begini, cabut lalu pasang lagi.",
    ),
    "remedy.modem.locked": (
        "Ask the operator for the unlock code, or use a SIM of the modem's own operator.",
        "Minta kode pembuka ke operator, atau pakai SIM dari operator modem itu.",
    ),
    "remedy.modem.pin_last_try": (
        "Enter the right PIN on the modem's page; a wrong one locks the SIM.",
        "Masukkan PIN yang benar di halaman modem; PIN yang salah mengunci SIM.",
    ),
    "remedy.modem.pin_required": (
        "Enter the SIM's PIN in the modem's settings.",
        "Masukkan PIN SIM di pengaturan modem.",
    ),
    "remedy.modem.port_busy": (
        "Stop the other program that uses this port.",
        "Hentikan program lain yang memakai port ini.",
    ),
    "remedy.modem.port_denied": (
        "The service's user must be in the group dialout.",
        "Pengguna layanan harus ada di grup dialout.",
    ),
    "remedy.modem.port_held": (
        "Stop the other program that uses this port.",
        "Hentikan program lain yang memakai port ini.",
    ),
    "remedy.modem.port_not_serial": (
        "Choose another port in the settings of this modem.",
        "Pilih port lain di pengaturan modem ini.",
    ),
    "remedy.modem.store_full": (
        "Delete read messages in the inbox of this modem.",
        "Hapus pesan yang sudah dibaca di kotak masuk modem ini.",
    ),
    "remedy.notifier.unavailable": (
        "It is started anew by itself; webhooks and callbacks wait until then.",
        "Layanan akan dijalankan ulang sendiri; webhook dan callback menunggu sampai saat itu.",
    ),
}
