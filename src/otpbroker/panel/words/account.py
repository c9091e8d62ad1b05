"""Words of administrators and of one's own account."""

from typing import Final

WORDS: Final = {
    "account.address": ("Address", "Alamat"),
    "account.began": ("Signed in", "Masuk"),
    "account.change_password": ("Change password", "Ubah password"),
    "account.device": ("{browser} on {system}", "{browser} di {system}"),
    "account.device_unknown": ("Unknown device", "Perangkat tidak dikenal"),
    "account.end": ("Sign out there", "Keluarkan"),
    "account.end_all": ("Sign out everywhere", "Keluar dari semua perangkat"),
    "account.intro": ("You are signed in as {name}.", "Anda masuk sebagai {name}."),
    "account.language": ("Language of this browser", "Bahasa di browser ini"),
    "account.password": ("New password", "Password baru"),
    "account.password_changed": (
        "The password was changed. You are signed out everywhere else.",
        "Password sudah diubah. Anda sudah dikeluarkan dari semua perangkat lain.",
    ),
    "account.password_means": (
        "All other browsers of this account are signed out.",
        "Semua browser lain dari akun ini akan dikeluarkan.",
    ),
    "account.present": ("Present password", "Password saat ini"),
    "account.present_wrong": ("This is not your present password", "Ini bukan password Anda saat ini"),
    "account.seen": ("Last used", "Terakhir dipakai"),
    "account.session_ended": ("That browser was signed out", "Browser itu sudah dikeluarkan"),
    "account.sessions": ("Where you are signed in", "Perangkat tempat Anda masuk"),
    "account.sessions_intro": (
        "If you do not recognise one, sign it out and change your password.",
        "Jika ada yang tidak Anda kenal, keluarkan dan ubah password Anda.",
    ),
    "account.this_one": ("This browser", "Browser ini"),
    "account.title": ("My account", "Akun saya"),
    "account.who": ("About you", "Tentang Anda"),
    "admins.add": ("Add administrator", "Tambah administrator"),
    "admins.delete_means": (
        "This person is signed out at once and cannot sign in any more.",
        "Orang ini langsung dikeluarkan dan tidak dapat masuk lagi.",
    ),
    "admins.empty": ("No administrator yet.", "Belum ada administrator."),
    "admins.intro": (
        "Who may use this panel. Give everybody an account of their own: then the audit trail tells who did what.",
        "Siapa yang boleh memakai panel ini. Beri setiap orang akun sendiri agar jejak audit menunjukkan siapa "
        "melakukan apa.",
    ),
    "admins.title": ("Administrators", "Administrator"),
    "admins.you": ("You", "Anda"),
    "help.admins.active": (
        "An account that is not active cannot sign in.",
        "Akun yang tidak aktif tidak dapat masuk.",
    ),
    "help.admins.blocked": (
        "Blocked: signed out at once, and kept out until unblocked.",
        "Diblokir: langsung dikeluarkan, dan tidak dapat masuk sampai blokir dibuka.",
    ),
    "help.admins.email": (
        "If you forget your password, a code can be sent here.",
        "Jika Anda lupa password, kode dapat dikirim ke sini.",
    ),
    "help.admins.password": (
        "At least 10 characters. Best a few words that nobody else would guess.",
        "Minimal 10 karakter. Sebaiknya beberapa kata yang tidak akan ditebak orang lain.",
    ),
    "help.admins.phone": (
        "If you forget your password, a code can be sent here by SMS.",
        "Jika Anda lupa password, kode dapat dikirim ke sini lewat SMS.",
    ),
    "help.admins.username": (
        "The name to sign in with. It cannot be changed later.",
        "Dipakai untuk masuk. Tidak dapat diubah nanti.",
    ),
}
