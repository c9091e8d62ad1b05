"""Every sentence a user may read, in English and Indonesian, by key.

Errors travel between processes as key and parameters; the door that shows them picks the language.
A test holds that both tables have the same keys and the same placeholders, and that every key used exists.
"""

from collections.abc import Mapping
from typing import Final, Literal

Language = Literal["en", "id"]

ENGLISH: Final[dict[str, str]] = {
    "code.0000": "Success",
    "code.1000": "The port is missing",
    "code.1100": "Unauthorized",
    "code.1101": "No modem available",
    "code.1102": "Failed",
    "code.1103": "The number is blocked",
    "code.1104": "Invalid number",
    "code.1105": "Invalid request",
    "code.1106": "Outcome unknown: the modem went silent after it had taken the text",
    "code.1107": "A rate or quota limit is reached",
    "code.1108": "The message is too long",
    "code.1109": "Wrong or unknown command",
    "code.1201": "Duplicate reference",
    "code.1202": "Wrong OTP",
    "code.1203": "Expired",
    "dispatch.lost": "The dispatch process was lost while it had the message; whether it was sent is not known",
    "dispatch.unavailable": "The dispatch process is not running; try again shortly",
    "ipc.not_understood": "The request was not understood: {detail}",
    "message.unknown": "No such message",
    "number.empty": "The number is empty",
    "number.not_digits": "The number may only hold digits, a leading +, spaces, dots, dashes and brackets",
    "number.too_long": "The number has {digits} digits; at most {most} are possible",
    "number.too_short": "The number has {digits} digits; at least {least} are needed",
    "report.busy": "The recipient's phone was busy",
    "report.congestion": "The network was congested",
    "report.connection_rejected": "The recipient's phone refused the connection",
    "report.deleted_by_centre": "The SMS centre deleted the message",
    "report.deleted_by_sender": "The message was deleted by its sender",
    "report.forwarded": "Forwarded; the SMS centre cannot tell whether it arrived",
    "report.incompatible": "The destination cannot take this kind of message",
    "report.no_interworking": "The recipient's network cannot be reached from here",
    "report.no_quality": "The network's quality was not sufficient",
    "report.no_response": "The recipient's phone did not answer",
    "report.not_obtainable": "The recipient cannot be obtained",
    "report.of_the_centre": "A status of the SMS centre's own",
    "report.procedure_error": "The network reported a procedure error",
    "report.received": "Received by the recipient's phone",
    "report.recipient_error": "The recipient's phone reported an error",
    "report.replaced": "Replaced by a later message",
    "report.service_rejected": "The network rejected the service",
    "report.unknown_to_centre": "The SMS centre no longer knows the message",
    "report.validity_expired": "The message's lifetime ended before it could be delivered",
    "sms.empty_text": "The message has no text",
    "sms.half_surrogate": "The message text has half a surrogate pair: it is not valid Unicode",
    "sms.too_long": "The message needs {parts} parts; at most {most} are allowed",
}
INDONESIAN: Final[dict[str, str]] = {
    "code.0000": "Sukses",
    "code.1000": "Port tidak ada",
    "code.1100": "Tidak berhak",
    "code.1101": "Tidak ada modem yang tersedia",
    "code.1102": "Gagal",
    "code.1103": "Nomor diblokir",
    "code.1104": "Nomor tidak valid",
    "code.1105": "Permintaan tidak valid",
    "code.1106": "Hasil tidak diketahui: modem diam setelah menerima teks",
    "code.1107": "Batas laju atau kuota tercapai",
    "code.1108": "Pesan terlalu panjang",
    "code.1109": "Perintah salah atau tidak dikenal",
    "code.1201": "Referensi sudah dipakai",
    "code.1202": "OTP salah",
    "code.1203": "Kedaluwarsa",
    "dispatch.lost": "Proses pengirim terputus saat memegang pesan; tidak diketahui apakah pesan terkirim",
    "dispatch.unavailable": "Proses pengirim tidak berjalan; coba lagi sebentar lagi",
    "ipc.not_understood": "Permintaan tidak dipahami: {detail}",
    "message.unknown": "Pesan tersebut tidak ada",
    "number.empty": "Nomor kosong",
    "number.not_digits": "Nomor hanya boleh berisi angka, + di depan, spasi, titik, tanda hubung, dan kurung",
    "number.too_long": "Nomor berisi {digits} angka; paling banyak {most}",
    "number.too_short": "Nomor berisi {digits} angka; paling sedikit {least}",
    "report.busy": "Ponsel penerima sedang sibuk",
    "report.congestion": "Jaringan padat",
    "report.connection_rejected": "Ponsel penerima menolak sambungan",
    "report.deleted_by_centre": "Pusat SMS menghapus pesan",
    "report.deleted_by_sender": "Pesan dihapus oleh pengirimnya",
    "report.forwarded": "Diteruskan; pusat SMS tidak tahu apakah pesan sampai",
    "report.incompatible": "Tujuan tidak dapat menerima jenis pesan ini",
    "report.no_interworking": "Jaringan penerima tidak dapat dicapai dari sini",
    "report.no_quality": "Mutu jaringan tidak mencukupi",
    "report.no_response": "Ponsel penerima tidak menjawab",
    "report.not_obtainable": "Penerima tidak dapat diperoleh",
    "report.of_the_centre": "Status khusus dari pusat SMS",
    "report.procedure_error": "Jaringan melaporkan kesalahan prosedur",
    "report.received": "Diterima oleh ponsel penerima",
    "report.recipient_error": "Ponsel penerima melaporkan kesalahan",
    "report.replaced": "Digantikan oleh pesan yang lebih baru",
    "report.service_rejected": "Jaringan menolak layanan",
    "report.unknown_to_centre": "Pusat SMS tidak lagi mengenal pesan ini",
    "report.validity_expired": "Masa berlaku pesan habis sebelum sempat dikirimkan",
    "sms.empty_text": "Pesan tidak berisi teks",
    "sms.half_surrogate": "Teks pesan berisi separuh pasangan surrogate: bukan Unicode yang sah",
    "sms.too_long": "Pesan membutuhkan {parts} bagian; paling banyak {most} yang diizinkan",
}
TABLES: Final[dict[Language, dict[str, str]]] = {"en": ENGLISH, "id": INDONESIAN}


def translate(key: str, params: Mapping[str, str | int], language: Language = "en") -> str:
    """The sentence for `key` in `language`; an unknown key is shown as it is, never an exception."""
    template = TABLES[language].get(key, key)
    return template.format_map(_Params(params))


class _Params(dict[str, str | int]):
    def __missing__(self, name: str) -> str:
        return "{" + name + "}"
