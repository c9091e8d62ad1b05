"""Words of accounts: API users and administrators."""

from typing import Final

WORDS: Final = {
    "api_users.add": ("Add API user", "Tambah pengguna API"),
    "api_users.delete_means": (
        "Whatever sends with this name and password is refused from now on.",
        "Apa pun yang mengirim dengan nama dan password ini akan ditolak mulai sekarang.",
    ),
    "api_users.empty": (
        "No application may send yet. Add a user for each one.",
        "Belum ada aplikasi yang boleh mengirim. Tambahkan satu pengguna untuk tiap aplikasi.",
    ),
    "api_users.intro": (
        "Who may send SMS and e-mail over the REST API: one user for each application.",
        "Siapa yang boleh mengirim SMS dan email melalui REST API: satu pengguna untuk tiap aplikasi.",
    ),
    "api_users.made": ("Password of {name}", "Password untuk {name}"),
    "api_users.title": ("API users", "Pengguna API"),
    "help.api_users.active": (
        "Only an active user may send.",
        "Hanya pengguna yang aktif yang boleh mengirim.",
    ),
    "help.api_users.blocked": (
        "A blocked user is refused, whatever else is set.",
        "Pengguna yang diblokir selalu ditolak.",
    ),
    "help.api_users.email": ("Whom to ask about this application.", "Siapa yang dapat dihubungi soal aplikasi ini."),
    "help.api_users.name": ("The application, so that you know it again.", "Nama aplikasi, agar mudah dikenali."),
    "help.api_users.password": (
        "At least 8 characters. It is stored as a hash and can never be shown again.",
        "Minimal 8 karakter. Disimpan sebagai hash dan tidak pernah dapat ditampilkan lagi.",
    ),
    "help.api_users.phone": ("Whom to ask about this application.", "Siapa yang dapat dihubungi soal aplikasi ini."),
    "help.api_users.username": (
        "What the application signs in with; any characters but a colon.",
        "Dipakai aplikasi untuk masuk; boleh berisi apa saja selain titik dua.",
    ),
    "made.api_users.password": ("Password", "Password"),
    "make.api_users.password": (
        "Make a password and show it once after saving",
        "Buat password dan tampilkan sekali setelah disimpan",
    ),
    "people.may": ("Access", "Akses"),
    "people.who": ("Account", "Akun"),
}
