"""Words of backup, restore and import."""

from typing import Final

WORDS: Final = {
    "backup.again": ("Passphrase again", "Frasa sandi sekali lagi"),
    "backup.admins": ("Administrators", "Administrator"),
    "backup.admins_keep": (
        "Keep the present ones, so that you are not locked out",
        "Biarkan yang sekarang, supaya Anda tidak terkunci",
    ),
    "backup.admins_restore": (
        "Put those of the backup in their place",
        "Ganti dengan yang ada dalam cadangan",
    ),
    "backup.admins_stay": ("The present administrators stay.", "Administrator yang sekarang tetap."),
    "backup.cancelled_nothing": ("Nothing has been changed yet.", "Belum ada yang diubah."),
    "backup.confirm": ("Restore now", "Pulihkan sekarang"),
    "backup.differ": ("Type the same passphrase twice", "Ketik frasa sandi yang sama dua kali"),
    "backup.done": (
        "The settings of the backup are in force",
        "Pengaturan dari cadangan sudah berlaku",
    ),
    "backup.down": (
        "{services} did not answer in time; look at the home page whether it works with the new settings",
        "{services} tidak menjawab tepat waktu; periksa di beranda apakah bekerja dengan pengaturan baru",
    ),
    "backup.download": ("Download backup", "Unduh cadangan"),
    "backup.entry_added": ("{name}: new", "{name}: baru"),
    "backup.entry_changed": ("{name}: {fields}", "{name}: {fields}"),
    "backup.entry_removed": ("{name}: will be removed", "{name}: akan dihapus"),
    "backup.file": ("Backup file", "File cadangan"),
    "backup.file_help": ("At most 1 MB.", "Maksimal 1 MB."),
    "backup.gone": (
        "The file was in hand for too long and has been forgotten. Please choose it again",
        "File sudah terlalu lama menunggu dan telah dilupakan. Silakan pilih lagi",
    ),
    "backup.hints": ("Worth a look afterwards", "Perlu dilihat setelahnya"),
    "backup.import": (
        "Import from OTP-Broker or OTP-Pi",
        "Impor dari OTP-Broker atau OTP-Pi",
    ),
    "backup.import_help": (
        "Modems, API users, block list and more, from the JSON files of the older products.",
        "Modem, pengguna API, daftar blokir dan lainnya, dari file JSON produk terdahulu.",
    ),
    "backup.intro": (
        "All settings and the block list in one file. Keep it somewhere else: an SD card does not last for ever.",
        "Semua pengaturan dan daftar blokir dalam satu file. Simpan di tempat lain: kartu SD tidak tahan selamanya.",
    ),
    "backup.look": ("Show what would change", "Tampilkan yang akan berubah"),
    "backup.made": ("Made on {at} by {device}", "Dibuat {at} oleh {device}"),
    "backup.make": ("Make a backup", "Buat cadangan"),
    "backup.no_file": ("Choose a file first", "Pilih file dahulu"),
    "backup.none_secret": (
        "Passwords and keys are not shown.",
        "Password dan kunci tidak ditampilkan.",
    ),
    "backup.not_in_it": (
        "Files that settings only point to (certificates), the report and the inbox are not in it.",
        "File yang hanya dirujuk pengaturan (sertifikat), laporan dan kotak masuk tidak termasuk.",
    ),
    "backup.nothing": (
        "Nothing differs from the present settings.",
        "Tidak ada yang berbeda dari pengaturan sekarang.",
    ),
    "backup.numbers_added": ("{count} numbers are added", "{count} nomor ditambahkan"),
    "backup.numbers_changed": ("{count} numbers are blocked or unblocked", "{count} nomor diblokir atau dibuka"),
    "backup.numbers_removed": ("{count} numbers are removed", "{count} nomor dihapus"),
    "backup.panel_moves": (
        "The panel's own settings change too: you may have to open it at another port.",
        "Pengaturan panel ikut berubah: mungkin Anda harus membukanya di port lain.",
    ),
    "backup.passphrase": ("Passphrase", "Frasa sandi"),
    "backup.passphrase_help": (
        "At least 10 characters. It seals the file; nobody can open it without, not even us.",
        "Minimal 10 karakter. File disegel dengannya; tanpa itu tidak ada yang dapat membukanya, kami pun tidak.",
    ),
    "backup.passphrase_of": (
        "The one that the backup was made with.",
        "Yang dipakai saat cadangan dibuat.",
    ),
    "backup.preview": ("What would change", "Yang akan berubah"),
    "backup.problems": (
        "Nothing was changed. This keeps the backup from being restored:",
        "Tidak ada yang diubah. Ini yang menghalangi pemulihan:",
    ),
    "backup.restore": ("Restore a backup", "Pulihkan cadangan"),
    "backup.restore_help": (
        "First you see what would change. Then all of it is restored or nothing. A power cut in that second takes the "
        "settings back; then restore once more.",
        "Anda dahulu melihat apa yang akan berubah. Lalu semuanya dipulihkan atau tidak sama sekali. Jika listrik "
        "padam pada detik itu, pengaturan kembali seperti semula; pulihkan sekali lagi.",
    ),
    "backup.title": ("Backup and restore", "Cadangan dan pemulihan"),
    "backup.whole": ("Everything in this part changes.", "Semua di bagian ini berubah."),
    "import.confirm": ("Import now", "Impor sekarang"),
    "import.done": ("What could be taken over is in force", "Yang dapat diambil sudah berlaku"),
    "import.file": ("File (folder data)", "File (folder data)"),
    "import.file_number": ("File {number}", "File {number}"),
    "import.files": ("JSON files", "File JSON"),
    "import.files_help": ("One or several, together at most 1 MB.", "Satu atau beberapa, jumlahnya maksimal 1 MB."),
    "import.files_known": ("Files that are understood", "File yang dipahami"),
    "import.holds": ("What it holds", "Isinya"),
    "import.intro": (
        "Choose the settings files of the older device. First you see what can be taken over, and what not.",
        "Pilih file pengaturan dari perangkat lama. Anda dahulu melihat apa yang dapat diambil, dan apa yang tidak.",
    ),
    "import.look": ("Show what would be taken", "Tampilkan yang akan diambil"),
    "import.not_admins": (
        "Its administrators (user/urses.json) do not come along; files of API users and of administrators look alike, so choose the one in the folder api.",
        "Administratornya (user/urses.json) tidak ikut; file pengguna API dan administrator mirip, jadi pilih yang ada di folder api.",
    ),
    "import.not_taken": ("Not taken, and why", "Tidak diambil, dan alasannya"),
    "import.passwords": (
        "Passwords of API users come along from OTP-Broker, not from OTP-Pi: those are kept as a hash that nobody can turn back. Set new ones.",
        "Password pengguna API ikut dari OTP-Broker, tetapi tidak dari OTP-Pi: di sana tersimpan sebagai hash yang tidak dapat dibalik. Setel yang baru.",
    ),
    "import.preview": ("What would be taken", "Yang akan diambil"),
    "import.stays": (
        "Modems, users and accounts that are here already stay as they are; numbers are added to the block list.",
        "Modem, pengguna dan akun yang sudah ada di sini tetap; nomor ditambahkan ke daftar blokir.",
    ),
}
