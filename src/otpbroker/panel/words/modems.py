"""Words of the modems' pages."""

from typing import Final

WORDS: Final = {
    "modems.add": ("Add modem", "Tambah modem"),
    "modems.add_found": ("Add this modem", "Tambahkan modem ini"),
    "modems.added_found": ("{name} was added; it starts now", "{name} sudah ditambahkan dan sedang dimulai"),
    "modems.dbm": ("({dbm} dBm)", "({dbm} dBm)"),
    "modems.default": ("Default", "Default"),
    "modems.delete_means": (
        "Its settings are deleted. The modem itself may stay plugged in.",
        "Pengaturannya ikut dihapus. Modemnya sendiri boleh tetap terpasang.",
    ),
    "modems.do.absent": (
        "Plug it in again. Where several sticks are used, take a USB hub with its own power supply.",
        "Pasang kembali. Jika memakai beberapa modem, gunakan hub USB dengan catu daya sendiri.",
    ),
    "modems.do.denied": (
        "Is the SIM registered and topped up? Try it in a phone, or ask its operator.",
        "Apakah kartu SIM sudah diregistrasi dan masih aktif? Coba di ponsel, atau tanyakan ke operatornya.",
    ),
    "modems.do.disabled": (
        "Unplug it, wait ten seconds, and plug it in again.",
        "Cabut, tunggu sepuluh detik, lalu pasang kembali.",
    ),
    "modems.do.modem.held_by_modemmanager": (
        "Remove the program: sudo apt remove modemmanager",
        "Hapus program itu: sudo apt remove modemmanager",
    ),
    "modems.do.modem.hilink": (
        "It works as a network card only. Take a stick with a serial port (in “stick mode”), such as Huawei E173 or "
        "ZTE MF190.",
        "Modem ini hanya bekerja sebagai kartu jaringan. Gunakan modem dengan port serial (“stick mode”), misalnya "
        "Huawei E173 atau ZTE MF190.",
    ),
    "modems.do.modem.mute": (
        "Unplug it and plug it in again. If another program uses it, stop that. Not every stick is a modem.",
        "Cabut lalu pasang kembali. Jika dipakai program lain, hentikan program itu. Tidak semua stik USB adalah modem.",
    ),
    "modems.do.modem.no_answer": (
        "Choose another port of the same stick: most have two or three.",
        "Pilih port lain dari modem yang sama: kebanyakan memiliki dua atau tiga.",
    ),
    "modems.do.modem.no_signal": (
        "Move the device or the antenna, or use a USB extension cable.",
        "Pindahkan perangkat atau antenanya, atau gunakan kabel perpanjangan USB.",
    ),
    "modems.do.modem.pin_refused": (
        "Enter the right PIN. The wrong one is not tried again.",
        "Masukkan PIN yang benar. PIN yang salah tidak dicoba lagi.",
    ),
    "modems.do.modem.storage_mode": (
        "Unplug it and plug it in again; if that does not help, install usb-modeswitch.",
        "Cabut lalu pasang kembali; jika tidak menolong, pasang usb-modeswitch.",
    ),
    "modems.do.modem.wrong_imei": (
        "If you have replaced the stick, edit this modem and empty its IMEI.",
        "Jika modem memang diganti, ubah modem ini dan kosongkan IMEI-nya.",
    ),
    "modems.do.no_sim": (
        "Put a SIM card in, then unplug the modem and plug it in again.",
        "Masukkan kartu SIM, lalu cabut modem dan pasang kembali.",
    ),
    "modems.do.puk_required": (
        "Put the SIM into a phone and enter the PUK that came with it. The phone asks for a new PIN: store that here.",
        "Pasang kartu SIM di ponsel dan masukkan PUK yang menyertainya. Ponsel meminta PIN baru: simpan PIN itu di "
        "sini.",
    ),
    "modems.empty": (
        "No modem yet. Plug one in, or add it by its port.",
        "Belum ada modem. Pasang satu, atau tambahkan lewat portnya.",
    ),
    "modems.found": ("Plugged in, not set up yet", "Terpasang, belum disiapkan"),
    "modems.found_gone": (
        "That modem is no longer plugged in, or was added already",
        "Modem itu sudah tidak terpasang, atau sudah ditambahkan",
    ),
    "modems.from_api_off": ("Not for API", "Tidak untuk API"),
    "modems.group_identity": ("Modem and SIM", "Modem dan SIM"),
    "modems.group_internet": ("Internet by this modem", "Internet lewat modem ini"),
    "modems.group_quota": ("Quota", "Kuota"),
    "modems.group_sending": ("Sending and prices", "Pengiriman dan harga"),
    "modems.group_serial": ("Serial port", "Port serial"),
    "modems.group_settings": ("Sending", "Pengiriman"),
    "modems.iccid": ("ICCID", "ICCID"),
    "modems.inbox": ("Inbox", "Kotak masuk"),
    "modems.intro": (
        "The GSM modems and their SIM cards. A modem that is not active sends nothing, even when it is plugged in.",
        "Modem GSM dan kartu SIM-nya. Modem yang tidak aktif tidak mengirim apa pun meskipun terpasang.",
    ),
    "modems.look_again": ("Look again", "Muat ulang"),
    "modems.manufacturer": ("Manufacturer", "Pabrikan"),
    "modems.model": ("Model", "Model"),
    "modems.no_word": (
        "The sending service does not answer just now: states are missing, settings can be changed.",
        "Layanan pengiriman sedang tidak menjawab: status tidak tersedia, pengaturan tetap dapat diubah.",
    ),
    "modems.now": ("What the device sees", "Yang terbaca perangkat"),
    "modems.of_quota": ("{sent} of {quota}", "{sent} dari {quota}"),
    "modems.operator": ("Operator", "Operator"),
    "modems.pin_change": ("Lock of the SIM card", "Kunci kartu SIM"),
    "modems.pin_change_help": (
        "With the lock on, the SIM asks for its PIN whenever it is started; this device stores the PIN and answers. "
        "The PIN is never shown.",
        "Jika kunci aktif, kartu SIM meminta PIN setiap kali dinyalakan; perangkat ini menyimpan PIN dan menjawabnya. "
        "PIN tidak pernah ditampilkan.",
    ),
    "modems.pin_enter": ("Enter PIN", "Masukkan PIN"),
    "modems.pin_needs": (
        "The modem must be ready for this.",
        "Modem harus siap untuk melakukan ini.",
    ),
    "modems.pin_of": ("PIN of the SIM in {name}", "PIN kartu SIM di {name}"),
    "modems.pin_off": ("Turn PIN lock off", "Matikan kunci PIN"),
    "modems.pin_on": ("Turn PIN lock on", "Aktifkan kunci PIN"),
    "modems.pin_stored": (
        "The PIN of {name} is stored; the modem tries it once",
        "PIN {name} sudah disimpan; modem mencobanya satu kali",
    ),
    "modems.pin_tries": ("Tries left: {tries}", "Sisa percobaan: {tries}"),
    "modems.pin_was_removed": ("The SIM of {name} no longer asks for a PIN", "SIM {name} tidak lagi meminta PIN"),
    "modems.pin_was_set": (
        "The SIM of {name} is locked; its PIN is stored here",
        "SIM {name} terkunci; PIN-nya disimpan di sini",
    ),
    "modems.preset": ("Fill in for", "Isi untuk"),
    "modems.preset_done": (
        "The fields below hold what {name} wants. Nothing is saved yet.",
        "Kolom di bawah sudah diisi untuk {name}. Belum ada yang disimpan.",
    ),
    "modems.registered": ("Registered", "Terdaftar di jaringan"),
    "modems.revision": ("Revision", "Revisi"),
    "modems.sent_month": ("Sent this month", "Terkirim bulan ini"),
    "modems.sent_today": ("Sent today", "Terkirim hari ini"),
    "modems.signal": ("Signal", "Sinyal"),
    "modems.signal_0": ("none", "tidak ada"),
    "modems.signal_1": ("weak", "lemah"),
    "modems.signal_2": ("fair", "cukup"),
    "modems.signal_3": ("good", "baik"),
    "modems.signal_4": ("very good", "sangat baik"),
    "modems.state.absent": ("Not plugged in", "Tidak terpasang"),
    "modems.state.denied": ("Refused by network", "Ditolak jaringan"),
    "modems.state.disabled": ("Not responding", "Tidak merespons"),
    "modems.state.inactive": ("Inactive", "Nonaktif"),
    "modems.state.internet": ("Internet only", "Hanya internet"),
    "modems.state.no_sim": ("No SIM", "Tanpa SIM"),
    "modems.state.not_a_modem": ("Unusable", "Tidak dapat dipakai"),
    "modems.state.pin_refused": ("PIN wrong", "PIN salah"),
    "modems.state.pin_required": ("PIN needed", "Perlu PIN"),
    "modems.state.puk_required": ("PUK needed", "Perlu PUK"),
    "modems.state.ready": ("Ready", "Siap"),
    "modems.state.recovering": ("Recovering", "Dipulihkan"),
    "modems.state.searching": ("Searching network", "Mencari jaringan"),
    "modems.state.starting": ("Starting", "Memulai"),
    "modems.state.unknown": ("State unknown", "Status tidak diketahui"),
    "modems.state.wrong_modem": ("Other modem", "Modem lain"),
    "modems.tariff_from": ("from SMS number", "mulai SMS ke"),
    "modems.tariff_others": ("all others", "semua lainnya"),
    "modems.tariff_prefix": ("Prefix", "Prefix"),
    "modems.tariff_price": ("Price per SMS", "Harga per SMS"),
    "modems.test": ("Send a test SMS", "Kirim SMS uji"),
    "modems.title": ("Modems", "Modem"),
    "modems.ussd": ("USSD", "USSD"),
}
