"""Words of the page of certificates of an authority."""

from typing import Final

WORDS: Final = {
    "acme_page.failed": ("Failed", "Gagal"),
    "acme_page.group": ("Certificate", "Sertifikat"),
    "acme_page.group_more": ("Another authority", "Otoritas lain"),
    "acme_page.intro": (
        "A certificate that every client believes, fetched from an authority such as Let's Encrypt and renewed by itself.",
        "Sertifikat yang dipercaya semua klien, diambil dari otoritas seperti Let's Encrypt dan diperbarui sendiri.",
    ),
    "acme_page.know": ("Good to know", "Perlu diketahui"),
    "acme_page.know_dns": (
        "The names must lie in a zone of your Cloudflare account: the proof is a record there for some moments. The "
        "device need not be reachable.",
        "Nama-nama harus berada di zona akun Cloudflare Anda: buktinya berupa data di sana selama beberapa saat. "
        "Perangkat tidak perlu terjangkau dari luar.",
    ),
    "acme_page.know_public": (
        "Names in such certificates are public: everybody can look them up.",
        "Nama di sertifikat seperti ini bersifat publik: siapa pun bisa melihatnya.",
    ),
    "acme_page.know_renewal": (
        "It is renewed 30 days before its end, or when a third of a shorter life is left; looked at twice a day.",
        "Diperbarui 30 hari sebelum berakhir, atau saat tersisa sepertiga dari masa berlaku yang lebih pendek; "
        "diperiksa dua kali sehari.",
    ),
    "acme_page.know_store": (
        "It lies in the key store. The first one is active at once; HTTPS takes a new one without a pause.",
        "Tersimpan di penyimpanan kunci. Yang pertama langsung aktif; HTTPS memakai yang baru tanpa jeda.",
    ),
    "acme_page.last": ("Last tried", "Terakhir dicoba"),
    "acme_page.names": ("Names", "Nama"),
    "acme_page.never": ("None has been fetched yet.", "Belum ada yang diambil."),
    "acme_page.not_told": (
        "How it goes is not known now. Reload the page in a moment.",
        "Kemajuannya belum diketahui. Muat ulang halaman sebentar lagi.",
    ),
    "acme_page.now": ("Being fetched now for {names}:", "Sedang diambil untuk {names}:"),
    "acme_page.outcome": ("Outcome", "Hasil"),
    "acme_page.request": ("Request certificate now", "Minta sertifikat sekarang"),
    "acme_page.title": ("Certificate of an authority", "Sertifikat dari otoritas"),
    "acme_page.well": ("Fetched", "Berhasil"),
    "field.acme.active": ("Active", "Aktif"),
    "field.acme.ca_certificate": ("Authority of the directory (file)", "Otoritas direktori (berkas)"),
    "field.acme.contact": ("Email", "Email"),
    "field.acme.directory": ("Directory", "Direktori"),
    "field.acme.name": ("Name in the key store", "Nama di penyimpanan kunci"),
    "field.acme.names": ("Host names", "Nama host"),
    "field.acme.terms_agreed": (
        "I agree to the authority's terms of service",
        "Saya setuju ketentuan layanan otoritas",
    ),
    "help.acme.ca_certificate": (
        "Only for an authority of your own: a PEM file on this device that proves its server.",
        "Hanya untuk otoritas sendiri: berkas PEM di perangkat ini yang membuktikan servernya.",
    ),
    "help.acme.contact": (
        "Whom the authority may write to; may stay empty.",
        "Siapa yang bisa dihubungi otoritas; boleh kosong.",
    ),
    "help.acme.directory": (
        "The authority's ACME address. Let's Encrypt's terms: letsencrypt.org/repository",
        "Alamat ACME otoritas. Ketentuan Let's Encrypt: letsencrypt.org/repository",
    ),
    "help.acme.names": (
        "Such as otp.example.com, separated by commas; *.example.com stands for all below it.",
        "Misalnya otp.contoh.com, dipisahkan koma; *.contoh.com berarti semua di bawahnya.",
    ),
    "server.does.acme": ("Fetches certificates from an authority", "Mengambil sertifikat dari otoritas"),
}
