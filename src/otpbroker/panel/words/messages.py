"""Words that the pages of messages share: modems to choose from, outcomes, and what to do about each."""

from typing import Final

WORDS: Final = {
    "code_help.0000": ("Nothing more is to be done.", "Tidak ada lagi yang perlu dilakukan."),
    "code_help.1000": (
        "The modem's port is not there. Plug the modem in again, or correct its port.",
        "Port modem tidak ditemukan. Pasang kembali modemnya, atau perbaiki portnya.",
    ),
    "code_help.1100": (
        "The device did not accept who asks. Sign in again.",
        "Perangkat tidak mengenali siapa yang meminta. Silakan masuk lagi.",
    ),
    "code_help.1101": (
        "Nothing was sent. Look whether a modem is plugged in, active, registered and below its quota.",
        "Tidak ada yang dikirim. Periksa apakah ada modem yang terpasang, aktif, terdaftar di jaringan, dan kuotanya masih ada.",
    ),
    "code_help.1102": (
        "It was not sent. Try again in a moment, or by another way.",
        "Tidak terkirim. Coba lagi sebentar lagi, atau lewat jalur lain.",
    ),
    "code_help.1103": (
        "Numbers on the block list get no message. Unblock it first if it should get one.",
        "Nomor dalam daftar blokir tidak dikirimi pesan. Buka blokirnya dulu jika memang perlu dikirimi.",
    ),
    "code_help.1104": (
        "Type it as 0812…, +62 812… or 62812…; a short code has 3 to 7 digits.",
        "Ketik seperti 0812…, +62 812…, atau 62812…; kode pendek terdiri dari 3 sampai 7 angka.",
    ),
    "code_help.1105": (
        "Nothing was sent. Correct the form and send it again.",
        "Tidak ada yang dikirim. Perbaiki isian lalu kirim lagi.",
    ),
    "code_help.1106": (
        "It may have arrived. Ask the recipient before you send it again.",
        "Mungkin sudah sampai. Tanyakan dulu kepada penerima sebelum mengirim lagi.",
    ),
    "code_help.1107": (
        "Nothing was sent. Wait a while, or raise the limit in the settings.",
        "Tidak ada yang dikirim. Tunggu sebentar, atau naikkan batasnya di pengaturan.",
    ),
    "code_help.1108": (
        "Nothing was sent. Shorten the text; plain letters take less room than others.",
        "Tidak ada yang dikirim. Persingkat teksnya; huruf biasa lebih hemat daripada karakter khusus.",
    ),
    "code_help.1109": (
        "The panel and the services do not understand each other; restart the services.",
        "Panel dan layanan tidak saling mengerti; mulai ulang layanannya.",
    ),
    "code_help.1201": (
        "The reference is in use until its time is over; take another.",
        "Referensi masih dipakai sampai waktunya habis; gunakan yang lain.",
    ),
    "code_help.1202": (
        "Type the code as it was received, or ask for a new one.",
        "Ketik kode seperti yang diterima, atau minta yang baru.",
    ),
    "code_help.1203": (
        "Its time was over before it could leave; nothing was sent. Try again in a while.",
        "Waktunya habis sebelum sempat dikirim; tidak ada yang dikirim. Coba lagi beberapa saat lagi.",
    ),
    "messages.automatic": ("Automatic (by the routing rules)", "Otomatis (menurut aturan rute)"),
    "messages.modem": ("Modem", "Modem"),
    "messages.no_modem": ("There is no active modem yet.", "Belum ada modem yang aktif."),
    "modem_is.absent": ("not plugged in", "tidak terpasang"),
    "modem_is.denied": ("refused by the network", "ditolak jaringan"),
    "modem_is.disabled": ("not responding", "tidak merespons"),
    "modem_is.inactive": ("inactive", "nonaktif"),
    "modem_is.internet": ("for the internet only", "hanya untuk internet"),
    "modem_is.no_sim": ("no SIM", "tanpa SIM"),
    "modem_is.not_a_modem": ("unusable", "tidak dapat dipakai"),
    "modem_is.pin_refused": ("PIN wrong", "PIN salah"),
    "modem_is.pin_required": ("PIN needed", "perlu PIN"),
    "modem_is.puk_required": ("PUK needed", "perlu PUK"),
    "modem_is.ready": ("ready", "siap"),
    "modem_is.recovering": ("being brought back", "sedang dipulihkan"),
    "modem_is.searching": ("searching for a network", "mencari jaringan"),
    "modem_is.starting": ("starting", "memulai"),
    "modem_is.wrong_modem": ("another modem", "modem lain"),
    "outcome.code": ("Code", "Kode"),
    "outcome.cost": ("Cost", "Biaya"),
    "outcome.delivered": ("Delivered: the phone has confirmed it", "Sampai: ponsel penerima sudah mengonfirmasi"),
    "outcome.form_used": (
        "This form was sent before with other content. What stands below was not sent yet; send it now if you want to.",
        "Formulir ini sudah pernah dikirim dengan isi lain. Yang di bawah ini belum dikirim; kirim sekarang jika memang mau.",
    ),
    "outcome.id": ("Message ID", "ID pesan"),
    "outcome.in_doubt": ("Outcome unknown: it may have been sent", "Hasil tidak diketahui: mungkin sudah terkirim"),
    "outcome.mailed": ("Sent: the mail server has taken the mail", "Terkirim: server email sudah menerima"),
    "outcome.parts": ("Parts", "Bagian"),
    "outcome.queued": ("On its way", "Sedang diproses"),
    "outcome.replayed": (
        "The same form had been sent already: this is that outcome, nothing was sent twice.",
        "Formulir yang sama sudah dikirim: ini hasilnya, tidak ada yang dikirim dua kali.",
    ),
    "outcome.resent": (
        "The first modem went silent, so it was sent once more by another; it may arrive twice.",
        "Modem pertama tidak menjawab, jadi dikirim sekali lagi lewat modem lain; mungkin sampai dua kali.",
    ),
    "outcome.sending": ("Being sent", "Sedang dikirim"),
    "outcome.submitted": ("Sent: the network has taken the message", "Terkirim: jaringan sudah menerima pesan"),
    "outcome.took": ("Took", "Lama"),
}
