"""Words of the inbox."""

from typing import Final

WORDS: Final = {
    "inbox.again": ("Read again", "Baca lagi"),
    "inbox.busy": ("Waiting for the modem …", "Menunggu modem …"),
    "inbox.changed": (
        "Another message lies there now, or it is gone already; nothing was deleted",
        "Di tempat itu kini ada pesan lain, atau pesannya sudah tidak ada; tidak ada yang dihapus",
    ),
    "inbox.delete": ("Delete this message?", "Hapus pesan ini?"),
    "inbox.delete_means": (
        "It is deleted from the SIM or modem. There is no other copy.",
        "Pesan dihapus dari SIM atau modem. Tidak ada salinan lain.",
    ),
    "inbox.deleted": ("The message was deleted", "Pesan sudah dihapus"),
    "inbox.empty": ("No message in this SIM and modem.", "Tidak ada pesan di SIM dan modem ini."),
    "inbox.full": (
        "Delete some messages so that new ones can arrive.",
        "Hapus sebagian pesan agar pesan baru dapat masuk.",
    ),
    "inbox.incomplete": ("Incomplete: parts are missing", "Belum lengkap: ada bagian yang belum masuk"),
    "inbox.intro": (
        "Messages as they lie in each SIM and modem. The device keeps no copy.",
        "Pesan yang tersimpan di tiap SIM dan modem. Perangkat tidak menyimpan salinan.",
    ),
    "inbox.no_time": ("time unknown", "waktu tidak diketahui"),
    "inbox.nobody": ("Unknown sender", "Pengirim tidak dikenal"),
    "inbox.others": ("Show the other modems too ({count})", "Tampilkan juga modem lain ({count})"),
    "inbox.read": ("Read the messages", "Baca pesan"),
    "inbox.reply": ("Reply", "Balas"),
    "inbox.title": ("Inbox", "Kotak masuk"),
    "inbox.unreadable": ("Cannot be read", "Tidak dapat dibaca"),
}
