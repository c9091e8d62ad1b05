"""Words of the key store."""

from typing import Final

WORDS: Final = {
    "field.keystore.active": ("Active", "Aktif"),
    "field.keystore.certificate": ("Certificate", "Sertifikat"),
    "field.keystore.key": ("Private key", "Kunci privat"),
    "field.keystore.name": ("Name", "Nama"),
    "keystore.activate_now": ("HTTPS shows it from now on", "Langsung ditampilkan oleh HTTPS"),
    "keystore.activated": ("HTTPS shows {name} from now on", "HTTPS sekarang menampilkan {name}"),
    "keystore.add": ("Add certificate", "Tambah sertifikat"),
    "keystore.add_intro": (
        "A certificate of an authority, with its chain and its private key: as PEM files in any order, or as one PKCS#12 file (.p12, .pfx).",
        "Sertifikat dari otoritas, beserta rantai dan kunci privatnya: berupa file PEM dengan urutan apa pun, atau satu file PKCS#12 (.p12, .pfx).",
    ),
    "keystore.added": ("The certificate {name} is stored", "Sertifikat {name} sudah disimpan"),
    "keystore.chain": ("Certificate for others to trust", "Sertifikat untuk dipercaya pihak lain"),
    "keystore.chain_means": (
        "What every client of HTTPS gets, without the private key. Give it to an application that is to trust this device alone.",
        "Yang diterima setiap klien HTTPS, tanpa kunci privat. Berikan kepada aplikasi yang hanya harus memercayai perangkat ini.",
    ),
    "keystore.deactivated": (
        "{name} is no longer shown; HTTPS shows the device's own certificate",
        "{name} tidak lagi ditampilkan; HTTPS menampilkan sertifikat milik perangkat sendiri",
    ),
    "keystore.delete_active": (
        "HTTPS shows it now. After this it shows the device's own certificate, and clients that trust this one will refuse the connection.",
        "HTTPS sedang menampilkannya. Setelah ini HTTPS menampilkan sertifikat milik perangkat sendiri, dan klien yang memercayai sertifikat ini akan menolak sambungan.",
    ),
    "keystore.delete_means": (
        "Its private key goes too, and only who has it elsewhere can bring it back.",
        "Kunci privatnya ikut terhapus, dan hanya bisa dikembalikan oleh yang menyimpannya di tempat lain.",
    ),
    "keystore.download": ("Download certificate", "Unduh sertifikat"),
    "keystore.empty": (
        "There is no certificate yet. HTTPS shows one that the device has made for itself.",
        "Belum ada sertifikat. HTTPS menampilkan sertifikat yang dibuat perangkat untuk dirinya sendiri.",
    ),
    "keystore.files": ("Files", "File"),
    "keystore.files_help": (
        "Certificate, chain and private key; several files can be chosen at once. At most 1 MB.",
        "Sertifikat, rantai, dan kunci privat; beberapa file dapat dipilih sekaligus. Paling besar 1 MB.",
    ),
    "keystore.files_kept": (
        "{count} files from before are still here; choose none unless you want others.",
        "{count} file dari sebelumnya masih ada; tidak perlu memilih lagi kecuali ingin yang lain.",
    ),
    "keystore.fingerprint": ("Fingerprint (SHA-256)", "Sidik jari (SHA-256)"),
    "keystore.first": ("Valid from", "Berlaku sejak"),
    "keystore.https_off": (
        "HTTPS is off: nobody sees any certificate.",
        "HTTPS tidak aktif: tidak ada sertifikat yang ditampilkan.",
    ),
    "keystore.intro": (
        "Certificates for HTTPS of the REST API. One is active: that one is shown, and another one from the next connection on.",
        "Sertifikat untuk HTTPS pada REST API. Satu yang aktif: itulah yang ditampilkan, dan penggantinya tampil mulai sambungan berikutnya.",
    ),
    "keystore.issuer": ("Issued by", "Penerbit"),
    "keystore.key_kind": ("Key", "Kunci"),
    "keystore.last": ("Valid until", "Berlaku sampai"),
    "keystore.made": ("The certificate {name} is made", "Sertifikat {name} sudah dibuat"),
    "keystore.make": ("Make a self-signed one", "Buat yang ditandatangani sendiri"),
    "keystore.make_intro": (
        "With a new key, for ten years. Browsers and applications trust it only where somebody tells them to.",
        "Dengan kunci baru, berlaku sepuluh tahun. Peramban dan aplikasi hanya memercayainya jika diminta.",
    ),
    "keystore.make_now": ("Make certificate", "Buat sertifikat"),
    "keystore.name": ("Name", "Nama"),
    "keystore.name_help": (
        "What you call it, such as the host name. A renewed certificate takes the place of the old one by the same name.",
        "Sebutan Anda, misalnya nama hostnya. Sertifikat baru menggantikan yang lama dengan nama yang sama.",
    ),
    "keystore.name_taken": (
        "there is one of this name already",
        "nama ini sudah dipakai",
    ),
    "keystore.names": ("Names and addresses", "Nama dan alamat"),
    "keystore.names_help": (
        "With spaces between. Empty: all that this device is called.",
        "Dipisah spasi. Kosong: semua nama perangkat ini.",
    ),
    "keystore.no_file": ("choose a file, or paste the text", "pilih file, atau tempelkan teksnya"),
    "keystore.not_shown": (
        "HTTPS is on, but shows no certificate; the logs say why.",
        "HTTPS aktif tetapi tidak menampilkan sertifikat; lihat log.",
    ),
    "keystore.open_api": ("REST API settings", "Pengaturan REST API"),
    "keystore.own": ("The device's own", "Milik perangkat sendiri"),
    "keystore.passphrase": ("Passphrase", "Frasa sandi"),
    "keystore.passphrase_help": (
        "Only where the key or the file has one. It is not stored.",
        "Hanya jika kunci atau filenya memakainya. Tidak disimpan.",
    ),
    "keystore.pem": ("Or paste PEM text", "Atau tempelkan teks PEM"),
    "keystore.replace": ("Take the place of the one with this name", "Gantikan yang bernama sama"),
    "keystore.self_signed": ("itself", "diri sendiri"),
    "keystore.shown": ("HTTPS shows now", "Sedang ditampilkan HTTPS"),
    "keystore.state.early": ("Not valid yet", "Belum berlaku"),
    "keystore.state.good": ("Valid", "Berlaku"),
    "keystore.state.over": ("Expired", "Kedaluwarsa"),
    "keystore.state.soon": ("Expires soon", "Segera kedaluwarsa"),
    "keystore.store": ("Store certificate", "Simpan sertifikat"),
    "keystore.subject": ("Subject", "Subjek"),
    "keystore.title": ("Key Store", "Penyimpanan Kunci"),
}
