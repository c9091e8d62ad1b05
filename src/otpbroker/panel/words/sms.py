"""Words of sending one SMS by hand."""

from typing import Final

WORDS: Final = {
    "count.beyond": ("Characters that need UCS-2:", "Karakter yang membutuhkan UCS-2:"),
    "count.characters": ("{characters} characters", "{characters} karakter"),
    "count.could_be": (
        "With transliteration switched on it would take {parts} part(s), changed like this:",
        "Jika transliterasi diaktifkan, cukup {parts} bagian, dengan perubahan ini:",
    ),
    "count.left": ("{left} left in this part", "sisa {left} di bagian ini"),
    "count.more": ("and {more} more", "dan {more} lagi"),
    "count.now": ("Count", "Hitung"),
    "count.parts": ("{parts} of 10 parts", "{parts} dari 10 bagian"),
    "count.replaced": ("Sent with these changes (transliteration):", "Dikirim dengan perubahan ini (transliterasi):"),
    "count.too_long": (
        "Too long: at most 10 parts can be sent. Shorten the text.",
        "Terlalu panjang: maksimal 10 bagian yang dapat dikirim. Persingkat teksnya.",
    ),
    "count.units": ("count as {units}", "dihitung {units}"),
    "sms.another": ("Send another", "Kirim lagi"),
    "sms.busy": (
        "Waiting for the modem's word, at most {seconds} s …",
        "Menunggu jawaban modem, paling lama {seconds} detik …",
    ),
    "sms.intro": (
        "One message by hand, by any active modem. Its text is never stored or logged.",
        "Satu pesan secara manual, lewat modem aktif mana pun. Teksnya tidak pernah disimpan atau dicatat.",
    ),
    "sms.look": ("Has it arrived?", "Sudah sampai?"),
    "sms.not_kept": ("The text was not kept.", "Teksnya tidak disimpan."),
    "sms.recipient": ("Recipient", "Penerima"),
    "sms.recipient_help": (
        "0812…, +62 812… or a short code such as 3636",
        "0812…, +62 812…, atau kode pendek seperti 3636",
    ),
    "sms.result": ("What became of the message", "Hasil pengiriman"),
    "sms.send": ("Send", "Kirim"),
    "sms.still_there": (
        "What you typed is still below.",
        "Yang Anda ketik masih ada di bawah.",
    ),
    "sms.text": ("Text", "Teks"),
    "sms.title": ("Send SMS", "Kirim SMS"),
}
