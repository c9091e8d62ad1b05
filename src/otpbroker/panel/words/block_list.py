"""Words of the block list."""

from typing import Final

WORDS: Final = {
    "block_list.add": ("Block", "Blokir"),
    "block_list.delete": ("Delete from the block list", "Hapus dari daftar blokir"),
    "block_list.delete_means": (
        "The number is no longer listed and gets messages again. To keep it listed, unblock it instead.",
        "Nomor ini tidak lagi tercantum dan dapat dikirimi pesan lagi. Agar tetap tercantum, buka blokirnya saja.",
    ),
    "block_list.done_block": ("{number} is blocked", "{number} sudah diblokir"),
    "block_list.done_delete": ("{number} is off the list", "{number} sudah dihapus dari daftar"),
    "block_list.done_unblock": (
        "{number} gets messages again; it stays listed",
        "{number} dapat dikirimi pesan lagi; tetap tercantum",
    ),
    "block_list.empty": (
        "No number is listed. Type one above to block it.",
        "Belum ada nomor. Ketik nomor di atas untuk memblokirnya.",
    ),
    "block_list.intro": (
        "Blocked numbers get no SMS, whoever asks. An unblocked number stays listed until it is deleted.",
        "Nomor yang diblokir tidak dikirimi SMS, siapa pun yang meminta. Nomor yang dibuka blokirnya tetap tercantum sampai dihapus.",
    ),
    "block_list.listed": ("Listed numbers: {count}", "Nomor tercantum: {count}"),
    "block_list.number": ("Number", "Nomor"),
    "block_list.number_help": ("0812…, +62 812… or 62812…", "0812…, +62 812…, atau 62812…"),
    "block_list.title": ("Block list", "Daftar blokir"),
    "block_list.unblocked": ("Unblocked", "Tidak diblokir"),
    "block_list.whole": ("Show the whole list", "Tampilkan seluruh daftar"),
}
