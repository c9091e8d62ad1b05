"""Words of accounts: API users and administrators."""

from typing import Final

WORDS: Final = {
    "api_users.add": ("Add API user", "Tambah pengguna API"),
    "api_users.delete_means": (
        "Whatever sends with this name and password is refused from now on.",
        "Apa pun yang mengirim dengan nama dan kata sandi ini akan ditolak mulai sekarang.",
    ),
    "api_users.empty": (
        "No application may send yet. Add a user for each one.",
        "Belum ada aplikasi yang boleh mengirim. Tambahkan satu pengguna untuk tiap aplikasi.",
    ),
    "api_users.intro": (
        "Who may send SMS and e-mail over the REST API: one user for each application.",
        "Siapa yang boleh mengirim SMS dan email melalui REST API: satu pengguna untuk tiap aplikasi.",
    ),
    "api_users.title": ("API users", "Pengguna API"),
    "people.may": ("Access", "Akses"),
    "people.who": ("Account", "Akun"),
}
