"""Words of administrators and of one's own account."""

from typing import Final

WORDS: Final = {
    "account.address": ("Address", "Alamat"),
    "account.began": ("Signed in", "Masuk"),
    "account.change_password": ("Change password", "Ubah kata sandi"),
    "account.device": ("{browser} on {system}", "{browser} di {system}"),
    "account.device_unknown": ("Unknown device", "Perangkat tidak dikenal"),
    "account.end": ("Sign out there", "Keluarkan"),
    "account.end_all": ("Sign out everywhere", "Keluar dari semua perangkat"),
    "account.intro": ("You are signed in as {name}.", "Anda masuk sebagai {name}."),
    "account.language": ("Language of this browser", "Bahasa di peramban ini"),
    "account.password": ("New password", "Kata sandi baru"),
    "account.password_changed": (
        "The password was changed. You are signed out everywhere else.",
        "Kata sandi sudah diubah. Anda sudah dikeluarkan dari semua perangkat lain.",
    ),
    "account.password_means": (
        "All other browsers of this account are signed out.",
        "Semua peramban lain dari akun ini akan dikeluarkan.",
    ),
    "account.present": ("Present password", "Kata sandi sekarang"),
    "account.present_wrong": ("This is not your present password", "Ini bukan kata sandi Anda yang sekarang"),
    "account.seen": ("Last seen", "Terakhir terlihat"),
    "account.session_ended": ("That browser was signed out", "Peramban itu sudah dikeluarkan"),
    "account.sessions": ("Where you are signed in", "Tempat Anda masuk"),
    "account.sessions_intro": (
        "If you do not recognise one, sign it out and change your password.",
        "Jika ada yang tidak Anda kenal, keluarkan dan ubah kata sandi Anda.",
    ),
    "account.this_one": ("This browser", "Peramban ini"),
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
        "A code for a forgotten password can go here.",
        "Kode untuk kata sandi yang terlupa dapat dikirim ke sini.",
    ),
    "help.admins.password": (
        "At least 10 characters. A few words that only you would put together are best.",
        "Minimal 10 karakter. Yang terbaik: beberapa kata yang hanya Anda yang akan menggabungkannya.",
    ),
    "help.admins.phone": (
        "A code for a forgotten password can go here by SMS.",
        "Kode untuk kata sandi yang terlupa dapat dikirim ke sini lewat SMS.",
    ),
    "help.admins.username": (
        "The name to sign in with. It cannot be changed later.",
        "Nama untuk masuk. Tidak dapat diubah nanti.",
    ),
}
