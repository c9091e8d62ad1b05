"""Every sentence of the flash tool and the brochure: key → English, Indonesian."""

import os
from collections.abc import Mapping
from typing import Final

from otpbroker.texts import Language

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "brochure.about": (
        "One-time passwords by SMS, from your own modems. Keep this sheet where only those find it who may "
        "administer the device.",
        "Kata sandi sekali pakai lewat SMS, dari modem Anda sendiri. Simpan lembar ini di tempat yang hanya "
        "diketahui oleh yang boleh mengelola perangkat.",
    ),
    "brochure.caption_join": ("1  Join its Wi-Fi", "1  Sambungkan Wi-Fi"),
    "brochure.caption_open": ("2  Open its page", "2  Buka halamannya"),
    "brochure.first": ("To the first SMS", "Sampai SMS pertama"),
    "brochure.language": ("English", "Bahasa Indonesia"),
    "brochure.network": ("Wi-Fi name (SSID)", "Nama Wi-Fi (SSID)"),
    "brochure.notes": ("Notes", "Catatan"),
    "brochure.passphrase": ("Passphrase", "Passphrase"),
    "brochure.reset": ("Nobody can sign in any more?", "Tidak ada lagi yang bisa masuk?"),
    "brochure.reset_1": (
        "On a USB flash disk (FAT32 or exFAT) make the folder <b>optb</b> and in it the file <b>reset.txt</b>, both in "
        "small letters, with nothing but this line:",
        "Pada USB flash disk (FAT32 atau exFAT) buat folder <b>optb</b> dan di dalamnya berkas <b>reset.txt</b>, "
        "keduanya huruf kecil, berisi baris ini saja:",
    ),
    "brochure.reset_2": (
        "Plug it into the device. Wi-Fi, DHCP and Ethernet are then as on this sheet, and all administrators are gone: "
        "make a new one as above. Modems, API users and SMS settings stay.",
        "Pasang ke perangkat. Wi-Fi, DHCP, dan Ethernet kembali seperti di lembar ini, dan semua administrator "
        "dihapus: buat yang baru seperti di atas. Modem, pengguna API, dan pengaturan SMS tetap.",
    ),
    "brochure.step_1": (
        "Put the card into the Raspberry Pi, plug in the modems with their SIM cards, switch it on. Its Wi-Fi is there "
        "after about two minutes.",
        "Pasang kartu di Raspberry Pi, pasang modem dengan kartu SIM-nya, nyalakan. Wi-Fi-nya muncul setelah sekitar "
        "dua menit.",
    ),
    "brochure.step_2": (
        "<b>Switch mobile data off</b> on your phone. Scan code 1, or choose the Wi-Fi above and type the passphrase. Stay "
        "connected when the phone says that there is no internet.",
        "<b>Matikan data seluler</b> di ponsel Anda. Pindai kode 1, atau pilih Wi-Fi di atas dan ketik passphrase-nya. "
        "Tetap tersambung walaupun ponsel berkata tidak ada internet.",
    ),
    "brochure.step_3": ("Scan code 2, or type {url} into the browser.", "Pindai kode 2, atau ketik {url} di browser."),
    "brochure.step_4": (
        "Create the administrator. Until then nobody but this Wi-Fi reaches the device.",
        "Buat administrator. Sebelum itu perangkat hanya dapat dijangkau dari Wi-Fi ini.",
    ),
    "brochure.step_5": (
        "Follow <i>First steps</i>: country, modems and their SIM's PIN, each operator's prefixes. It ends with your "
        "first SMS.",
        "Ikuti <i>Langkah awal</i>: negara, modem dan PIN SIM-nya, prefix tiap operator. Ujungnya adalah SMS pertama "
        "Anda.",
    ),
    "brochure.without": (
        "A board without Wi-Fi: join it to your router by cable. Its screen (HDMI) shows its address and a set-up code.",
        "Papan tanpa Wi-Fi: sambungkan dengan kabel ke router. Layarnya (HDMI) menampilkan alamat dan kode penyiapan.",
    ),
    "flash.aborted": ("Nothing was written", "Tidak ada yang ditulis"),
    "flash.ask": (
        "Everything on {target} ({what}, {size}) will be lost. Type yes to go on: ",
        "Semua isi {target} ({what}, {size}) akan hilang. Ketik yes untuk lanjut: ",
    ),
    "flash.bad_value": ("{problems}", "{problems}"),
    "flash.busy": (
        "{target} is in use ({by}). Eject it first; the disk of the running system is never written",
        "{target} sedang dipakai ({by}). Keluarkan (eject) dahulu; disk sistem yang sedang berjalan tidak pernah ditulis",
    ),
    "flash.card_unread": (
        "{name} could not be read back from the boot partition: {reason}",
        "{name} tidak dapat dibaca kembali dari partisi boot: {reason}",
    ),
    "flash.card_unwritten": (
        "{name} could not be written to the boot partition: {reason}",
        "{name} tidak dapat ditulis ke partisi boot: {reason}",
    ),
    "flash.done": (
        "Written and verified: {target}, SHA-256 {digest}",
        "Ditulis dan diperiksa: {target}, SHA-256 {digest}",
    ),
    "flash.exists": (
        "{target} is there already; --yes replaces it",
        "{target} sudah ada; --yes menggantikannya",
    ),
    "flash.fixed": (
        "{target} ({what}) is no card or stick: it does not say that it is removable. Where you are sure: --force",
        "{target} ({what}) bukan kartu atau flash disk: perangkat ini tidak dapat dilepas. Jika Anda yakin: --force",
    ),
    "flash.image_damaged": ("{image} is damaged: {reason}", "{image} rusak: {reason}"),
    "flash.no_boot": (
        "{image} is no image for this tool: it has no FAT partition to boot from",
        "{image} bukan image untuk alat ini: tidak ada partisi FAT untuk boot",
    ),
    "flash.no_font": (
        "No font was found that can print {text}; install fonts-dejavu-core",
        "Tidak ditemukan huruf untuk mencetak {text}; pasang fonts-dejavu-core",
    ),
    "flash.no_mtools": ("mcopy is missing; install mtools", "mcopy tidak ada; pasang mtools"),
    "flash.not_allowed": (
        "You may not write {target}; start again as root: sudo scripts/flash …",
        "Anda tidak berhak menulis {target}; jalankan lagi sebagai root: sudo scripts/flash …",
    ),
    "flash.partition": (
        "{target} is a partition; give the whole device: {whole}",
        "{target} adalah partisi; berikan seluruh perangkatnya: {whole}",
    ),
    "flash.refused": ("{target}: {reason}", "{target}: {reason}"),
    "flash.same": ("Image and target are the same file", "Image dan tujuannya adalah berkas yang sama"),
    "flash.strange": ("{target} is neither a disk nor a file", "{target} bukan disk dan bukan berkas"),
    "flash.too_small": (
        "{target} has {size}, the image needs {needed}",
        "{target} berukuran {size}, image perlu {needed}",
    ),
    "flash.unverified": (
        "{target} does not hold what was written to it: the card, its reader or the cable is bad",
        "Isi {target} tidak sama dengan yang ditulis: kartu, pembaca kartu, atau kabelnya rusak",
    ),
    "flash.verifying": ("verifying", "memeriksa"),
    "flash.writing": ("writing", "menulis"),
    "told.address": ("Address", "Alamat"),
    "told.brochure": ("Brochure", "Brosur"),
    "told.network": ("Wi-Fi name (SSID)", "Nama Wi-Fi (SSID)"),
    "told.passphrase": ("Passphrase", "Passphrase"),
    "told.reset_text": ("Reset text", "Teks reset"),
}


def say(key: str, language: Language, **params: str | int) -> str:
    return WORDS[key][language == "id"].format_map(params)


def language() -> Language:
    """As the command line `otpb` speaks it: that of `OTPB_LANG` or `LANG`."""
    return "id" if os.environ.get("OTPB_LANG", os.environ.get("LANG", "")).startswith("id") else "en"


class FlashError(Exception):
    """What a user has to know; `key` and `params` are of `WORDS`."""

    def __init__(self, key: str, **params: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.params = params
