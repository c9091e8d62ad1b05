"""Words of the panel's own settings."""

from typing import Final

WORDS: Final = {
    "field.panel.host_names": ("Further names", "Nama lain"),
    "field.panel.idle_s": ("Sign out after (seconds)", "Keluar otomatis setelah (detik)"),
    "field.panel.port": ("Port", "Port"),
    "help.panel.host_names": (
        "Names under which this panel may be opened, beside its addresses and otpbroker.local.",
        "Nama yang boleh dipakai untuk membuka panel ini, selain alamatnya dan otpbroker.local.",
    ),
    "help.panel.idle_s": (
        "How long nothing may happen before you must sign in again.",
        "Berapa lama boleh tidak ada kegiatan sebelum Anda harus masuk lagi.",
    ),
    "help.panel.port": (
        "After a change the panel is found at the new port only.",
        "Setelah diubah, panel hanya ada di port yang baru.",
    ),
    "moved.open": (
        "Nobody answers at the old address any more. Open it here, and keep the new address:",
        "Alamat lama tidak lagi menjawab. Buka di sini, dan simpan alamat barunya:",
    ),
    "moved.title": ("The panel has moved", "Panel sudah pindah"),
    "panel.group": ("Panel", "Panel"),
    "panel.intro": (
        "How this panel is reached, and for how long a visit lasts.",
        "Cara membuka panel ini, dan berapa lama kunjungan berlaku.",
    ),
    "panel.title": ("Panel", "Panel"),
}
