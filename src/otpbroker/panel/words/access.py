"""Words of the way in and out."""

from typing import Final

WORDS: Final = {
    "login.forgot": ("Forgot your password?", "Lupa password?"),
    "login.in": ("Sign in", "Masuk"),
    "login.locked": (
        "Too many attempts have failed. Please wait {wait}, then try again.",
        "Terlalu banyak percobaan gagal. Mohon tunggu {wait}, lalu coba lagi.",
    ),
    "login.over": (
        "Your session is over. After signing in you go on where you were",
        "Sesi Anda sudah berakhir. Setelah masuk, Anda kembali ke halaman tadi",
    ),
    "login.stale": (
        "This page was open for too long. Please sign in once more",
        "Halaman ini terbuka terlalu lama. Silakan masuk sekali lagi",
    ),
    "login.unsent": (
        "Your session was over before you sent the form: nothing was saved or sent. Sign in, then do it again",
        "Sesi Anda sudah berakhir sebelum formulir dikirim: tidak ada yang disimpan atau dikirim. Masuk, lalu ulangi",
    ),
    "login.out": ("Sign out", "Keluar"),
    "login.title": ("Sign in", "Masuk"),
    "login.wrong": (
        "User name or password is wrong, or the account is blocked",
        "Username atau password salah, atau akun diblokir",
    ),
    "setup.code": ("Set-up code", "Kode penyiapan"),
    "setup.code_help": (
        "It is on the device's screen (HDMI), and on its SD card in the file otpbroker-access.txt, "
        "which any computer can open.",
        "Kode ini tampil di layar perangkat (HDMI), dan tersimpan di kartu SD-nya dalam berkas otpbroker-access.txt, "
        "yang dapat dibuka dengan komputer mana pun.",
    ),
    "setup.create": ("Create administrator", "Buat administrator"),
    "setup.intro": (
        "This device has no administrator yet. The administrator can set everything, but nobody, not even the "
        "administrator, can read the codes that are sent.",
        "Perangkat ini belum memiliki administrator. Administrator dapat mengatur semuanya, tetapi tidak seorang pun, "
        "termasuk administrator, dapat membaca kode yang dikirim.",
    ),
    "setup.title": ("Create the administrator", "Buat administrator"),
}
