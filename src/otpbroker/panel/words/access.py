"""Words of the way in and out."""

from typing import Final

WORDS: Final = {
    "login.forgot": ("Forgot your password?", "Lupa kata sandi?"),
    "login.in": ("Sign in", "Masuk"),
    "login.locked": (
        "Too many attempts have failed. Please wait {wait}, then try again.",
        "Terlalu banyak percobaan yang gagal. Mohon tunggu {wait}, lalu coba lagi.",
    ),
    "login.out": ("Sign out", "Keluar"),
    "login.title": ("Sign in", "Masuk"),
    "login.wrong": (
        "User name or password is wrong, or the account is blocked",
        "Nama pengguna atau kata sandi salah, atau akun diblokir",
    ),
    "setup.create": ("Create administrator", "Buat administrator"),
    "setup.intro": (
        "This device has no administrator yet. Whoever you create here can set everything, and nobody, not even an "
        "administrator, can read the codes that are sent.",
        "Perangkat ini belum memiliki administrator. Siapa pun yang Anda buat di sini dapat mengatur semuanya, dan "
        "tidak seorang pun, administrator sekalipun, dapat membaca kode yang dikirim.",
    ),
    "setup.title": ("Create the administrator", "Buat administrator"),
}
