"""Words of the pages for a forgotten password."""

from typing import Final

WORDS: Final = {
    "forgot.again": ("Ask for another code", "Minta kode lain"),
    "forgot.ask_another": (
        "Ask another administrator to give your account a new password.",
        "Minta administrator lain memberi akun Anda password baru.",
    ),
    "forgot.back": ("Back to sign in", "Kembali ke halaman masuk"),
    "forgot.by_email": ("E-mail to the stored address", "Email ke alamat yang tersimpan"),
    "forgot.by_sms": ("SMS to the stored phone number", "SMS ke nomor telepon yang tersimpan"),
    "forgot.code": ("Code", "Kode"),
    "forgot.code_intro": (
        "If the account exists and has such a contact, a code is on its way. It is valid for {minutes} minutes.",
        "Jika akun itu ada dan memiliki kontak tersebut, kode sedang dikirim. Kode berlaku {minutes} menit.",
    ),
    "forgot.code_title": ("Enter the code", "Masukkan kode"),
    "forgot.command_line": (
        "Who can open a terminal on the device as root uses",
        "Siapa pun yang dapat membuka terminal perangkat sebagai root memakai",
    ),
    "forgot.done": (
        "Your new password is set, and you are signed out everywhere.",
        "Password baru Anda sudah tersimpan, dan Anda sudah dikeluarkan dari semua perangkat.",
    ),
    "forgot.done_title": ("New password set", "Password baru tersimpan"),
    "forgot.intro": (
        "This device sends a code to the contact that is stored for your account. With it you set a new password.",
        "Perangkat ini mengirim kode ke kontak yang tersimpan untuk akun Anda. Dengan kode itu Anda membuat "
        "password baru.",
    ),
    "forgot.message": (
        "{device}: {code} is your code for a new panel password, valid for {minutes} minutes. Did you not ask for it? "
        "Then ignore it.",
        "{device}: {code} adalah kode Anda untuk password panel yang baru, berlaku {minutes} menit. Tidak merasa "
        "meminta? Abaikan.",
    ),
    "forgot.name_missing": (
        "Enter your user name and choose how the code should come",
        "Isi username Anda dan pilih cara pengiriman kode",
    ),
    "forgot.no_way": (
        "This device can send neither SMS nor e-mail at the moment, so no code can reach you.",
        "Saat ini perangkat tidak dapat mengirim SMS maupun email, sehingga kode tidak dapat sampai kepada Anda.",
    ),
    "forgot.nothing_came": ("Nothing came?", "Tidak ada yang masuk?"),
    "forgot.otherwise": ("When no code can reach you", "Jika kode tidak dapat sampai"),
    "forgot.send": ("Send the code", "Kirim kode"),
    "forgot.set": ("Set new password", "Buat password baru"),
    "forgot.subject": ("{device}: code for a new password", "{device}: kode untuk password baru"),
    "forgot.title": ("Forgotten password", "Lupa password"),
    "forgot.too_often": (
        "Too many codes were asked for. Please wait {wait}, then try again.",
        "Terlalu banyak permintaan kode. Mohon tunggu {wait}, lalu coba lagi.",
    ),
    "forgot.usb": (
        "Or reset the device with a USB flash disk: it deletes all administrators and resets the network; modems, API "
        "users and SMS settings stay. The reset text is on your brochure, in the file",
        "Atau atur ulang perangkat dengan flash disk USB: semua administrator dihapus dan jaringan diatur ulang; "
        "modem, pengguna API, dan pengaturan SMS tetap ada. Teks pengatur ulang ada di brosur Anda, dalam file",
    ),
    "forgot.way": ("How should the code come?", "Bagaimana kode dikirim?"),
    "forgot.wrong_code": (
        "This code is wrong or no longer valid. Check it, or ask for another one",
        "Kode ini salah atau tidak berlaku lagi. Periksa kembali, atau minta kode lain",
    ),
}
