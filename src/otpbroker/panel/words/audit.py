"""Words of the audit trail; what was done is said by `otpbroker.texts` (`audit.…`), for the command line too."""

from typing import Final

WORDS: Final = {
    "audit.change": ("{field}: {old} → {new}", "{field}: {old} → {new}"),
    "audit.command_line": ("Command line", "Baris perintah"),
    "audit.empty_value": ("empty", "kosong"),
    "audit.entry_added": ("added: {name}", "ditambahkan: {name}"),
    "audit.entry_removed": ("deleted: {name}", "dihapus: {name}"),
    "audit.everybody": ("Everybody", "Semua orang"),
    "audit.filter": ("Show", "Tampilkan"),
    "audit.intro": (
        "Who did what on this device. Passwords, codes and message texts are never written down.",
        "Siapa melakukan apa di perangkat ini. Password, kode, dan isi pesan tidak pernah dicatat.",
    ),
    "audit.lost": (
        "This trail is incomplete: {count} entries could not be saved. The storage may be full.",
        "Jejak ini tidak lengkap: {count} catatan tidak dapat disimpan. Penyimpanan mungkin penuh.",
    ),
    "audit.more": ("and {count} more", "dan {count} lagi"),
    "audit.newest": ("Newest", "Terbaru"),
    "audit.nobody": ("Not signed in", "Belum masuk"),
    "audit.nothing": (
        "Nothing here yet. Every change of settings will be listed.",
        "Belum ada apa-apa. Setiap perubahan pengaturan akan tercatat di sini.",
    ),
    "audit.older": ("Older", "Lebih lama"),
    "audit.secret": ("{field}: changed", "{field}: diubah"),
    "audit.secret_set": ("{field}: set", "{field}: diisi"),
    "audit.section.admins": ("administrators", "administrator"),
    "audit.section.amqp": ("RabbitMQ", "RabbitMQ"),
    "audit.section.api": ("API", "API"),
    "audit.section.api_users": ("API users", "pengguna API"),
    "audit.section.callbacks": ("callbacks", "callback"),
    "audit.section.email": ("e-mail accounts", "akun email"),
    "audit.section.general": ("general", "umum"),
    "audit.section.limits": ("limits", "batas"),
    "audit.section.modems": ("modems", "modem"),
    "audit.section.otp": ("one-time passwords", "OTP"),
    "audit.section.panel": ("panel", "panel"),
    "audit.section.smtp": ("local SMTP", "SMTP lokal"),
    "audit.section.sms": ("SMS settings", "pengaturan SMS"),
    "audit.section.webhooks": ("webhooks", "webhook"),
    "audit.section.websocket": ("WSMessageBroker", "WSMessageBroker"),
    "audit.title": ("Audit trail", "Jejak audit"),
    "audit.value": ("{field}: {value}", "{field}: {value}"),
    "audit.who": ("Who", "Siapa"),
}
