"""Words of sending one e-mail by hand."""

from typing import Final

WORDS: Final = {
    "send_email.account": ("Account", "Akun"),
    "send_email.automatic": ("Automatic (accounts take turns)", "Otomatis (akun bergiliran)"),
    "send_email.busy": (
        "Waiting for the mail server, at most {seconds} s …",
        "Menunggu server email, paling lama {seconds} detik …",
    ),
    "send_email.intro": (
        "One e-mail by hand, by your own accounts. Its text is never stored or logged.",
        "Satu email secara manual, lewat akun Anda sendiri. Teksnya tidak pernah disimpan atau dicatat.",
    ),
    "send_email.is_failing": ("failing", "bermasalah"),
    "send_email.is_inactive": ("inactive", "nonaktif"),
    "send_email.is_quota_used": ("today's quota is used", "kuota hari ini habis"),
    "send_email.is_ready": ("ready", "siap"),
    "send_email.is_resting": ("resting after a failure", "jeda setelah gagal"),
    "send_email.no_account": (
        "There is no active e-mail account yet, so nothing can be sent. Add one first:",
        "Belum ada akun email yang aktif, jadi belum ada yang dapat dikirim. Tambahkan dulu:",
    ),
    "send_email.result": ("What became of the e-mail", "Hasil pengiriman email"),
    "send_email.subject": ("Subject", "Subjek"),
    "send_email.subject_help": ("If empty: {name}", "Jika kosong: {name}"),
    "send_email.title": ("Send e-mail", "Kirim email"),
}
