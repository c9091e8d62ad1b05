"""Words of the change that waits for its confirmation, on every page while it does."""

from typing import Final

WORDS: Final = {
    "confirm.elsewhere": (
        "The panel answers at these addresses now. If you have read this, the way works: keep it.",
        "Panel sekarang ada di alamat berikut. Jika Anda membaca ini, jalurnya berfungsi: pertahankan.",
    ),
    "confirm.keep": ("Keep the change", "Pertahankan perubahan"),
    "confirm.kept": ("The change stays.", "Perubahan dipertahankan."),
    "confirm.take_back": ("Take it back", "Batalkan"),
    "confirm.taken_back": ("The change was taken back.", "Perubahan dibatalkan."),
    "confirm.there": (
        "Keep the change there within {seconds} seconds, or it is taken back.",
        "Pertahankan perubahan di sana dalam {seconds} detik, atau perubahan dibatalkan.",
    ),
    "confirm.waits": (
        "Changed: {sections}. Without your confirmation, this is taken back in {seconds} seconds.",
        "Berubah: {sections}. Tanpa konfirmasi Anda, perubahan ini dibatalkan dalam {seconds} detik.",
    ),
}
