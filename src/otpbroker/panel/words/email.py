"""Words of the e-mail accounts and of the local SMTP server."""

from typing import Final

WORDS: Final = {
    "email.account_state.failing": ("Failing", "Gagal"),
    "email.account_state.inactive": ("Not used", "Tidak dipakai"),
    "email.account_state.quota_used": ("Quota used up", "Kuota habis"),
    "email.account_state.ready": ("Ready", "Siap"),
    "email.account_state.resting": ("Resting", "Jeda"),
    "email.add": ("Add account", "Tambah akun"),
    "email.at_all": ("Sent today by all accounts: {sent}", "Terkirim hari ini oleh semua akun: {sent}"),
    "email.at_all_of": (
        "Sent today by all active accounts: {sent} of {quota}",
        "Terkirim hari ini oleh semua akun aktif: {sent} dari {quota}",
    ),
    "email.delete_means": (
        "No mail is sent by it any more. Its password is forgotten.",
        "Tidak ada lagi email yang dikirim dengannya. Password-nya ikut dihapus.",
    ),
    "email.empty": (
        "No account yet. Add one, for instance a Gmail account with an app password.",
        "Belum ada akun. Tambahkan satu, misalnya akun Gmail dengan sandi aplikasi.",
    ),
    "email.fares": ("State", "Status"),
    "email.group_account": ("Account", "Akun"),
    "email.group_more": ("Own certificate authority", "Otoritas sertifikat sendiri"),
    "email.group_server": ("SMTP server", "Server SMTP"),
    "email.group_use": ("Use", "Pemakaian"),
    "email.intro": (
        "Accounts take turns. One that fails rests, and the next one sends.",
        "Akun dipakai bergiliran. Akun yang gagal dijeda sebentar, dan akun berikutnya yang mengirim.",
    ),
    "email.last_error": ("Last error", "Kesalahan terakhir"),
    "email.many": (
        "Providers limit what one account may send a day. Several accounts send more: 20 accounts with 500 mails each "
        "are 10,000 mails a day.",
        "Penyedia membatasi jumlah email per akun dalam sehari. Beberapa akun mengirim lebih banyak: 20 akun dengan 500 "
        "email masing-masing berarti 10.000 email sehari.",
    ),
    "email.preset.gmail-465": ("Gmail, port 465", "Gmail, port 465"),
    "email.preset.gmail-587": ("Gmail, port 587", "Gmail, port 587"),
    "email.presets": ("Fill in the server for:", "Isikan server untuk:"),
    "email.presets_help": (
        "Gmail wants an app password in place of the account's own: Google account, Security, App passwords.",
        "Gmail meminta sandi aplikasi, bukan password akun itu sendiri: Akun Google, Keamanan, Sandi aplikasi.",
    ),
    "email.retry": ("Used again in", "Dipakai lagi dalam"),
    "email.seconds": ("{count} seconds", "{count} detik"),
    "email.sent_failed": ("Sent / failed since start", "Terkirim / gagal sejak mulai"),
    "email.sent_today": ("Sent today", "Terkirim hari ini"),
    "email.state": ("State", "Status"),
    "email.sum_of": ("{sent} of {quota}", "{sent} dari {quota}"),
    "email.test": ("Send a test mail", "Kirim email uji"),
    "email.test_help": (
        "By this account only, also while it is not active. The answer of the server is shown here.",
        "Hanya lewat akun ini, juga saat tidak aktif. Jawaban server ditampilkan di sini.",
    ),
    "email.test_recipient": ("To the address", "Ke alamat"),
    "email.tested": (
        "The mail server took the test mail. Please look into the mailbox, also into its spam folder.",
        "Server email menerima email uji. Silakan periksa kotak masuk, juga folder spam.",
    ),
    "email.tested_unknown": (
        "The mail server got the test mail but did not confirm it. Please look into the mailbox.",
        "Server email mendapat email uji tetapi tidak mengonfirmasinya. Silakan periksa kotak masuk.",
    ),
    "email.title": ("E-mail accounts", "Akun email"),
    "field.email.active": ("Active", "Aktif"),
    "field.email.auth": ("Authentication", "Autentikasi"),
    "field.email.ca_certificate": ("CA Certificate", "Sertifikat CA"),
    "field.email.host": ("SMTP Host", "SMTP Host"),
    "field.email.name": ("Name", "Nama"),
    "field.email.password": ("Sender Password", "Password Pengirim"),
    "field.email.port": ("SMTP Port", "SMTP Port"),
    "field.email.quota_day": ("Quota per day", "Kuota per hari"),
    "field.email.sender": ("Sender Account", "Akun Pengirim"),
    "field.email.starttls": ("Start TLS Before Send", "Start TLS Sebelum Mengirim"),
    "field.email.tls": ("SSL Enable", "Aktifkan SSL"),
    "field.smtp.active": ("Active", "Aktif"),
    "field.smtp.address": ("Address", "Alamat"),
    "field.smtp.port": ("Port", "Port"),
    "field.smtp.relay_password": ("Relay Password", "Password Relay"),
    "field.smtp.relay_username": ("Relay Username", "Username Relay"),
    "field.smtp.server_name": ("Server Name", "Nama Server"),
    "field.smtp.software_name": ("Software Name", "Nama Perangkat Lunak"),
    "help.email.active": (
        "An account that is not active sends nothing but test mails.",
        "Akun yang tidak aktif tidak mengirim apa pun selain email uji.",
    ),
    "help.email.auth": (
        "Log in with the sender account and its password.",
        "Masuk dengan akun pengirim dan password-nya.",
    ),
    "help.email.ca_certificate": (
        "Path of a PEM file on this device. Only for a mail server of your own, whose certificate nobody else knows.",
        "Path file PEM di perangkat ini. Hanya untuk server email sendiri yang sertifikatnya tidak dikenal umum.",
    ),
    "help.email.host": ("Such as smtp.gmail.com.", "Misalnya smtp.gmail.com."),
    "help.email.name": ("What you call this account.", "Sebutan Anda untuk akun ini."),
    "help.email.password": (
        "Many providers want an app password here. It is stored, but never shown again.",
        "Banyak penyedia meminta sandi aplikasi di sini. Disimpan, tetapi tidak pernah ditampilkan lagi.",
    ),
    "help.email.port": (
        "Usually 587 with Start TLS, or 465 with SSL.",
        "Biasanya 587 dengan Start TLS, atau 465 dengan SSL.",
    ),
    "help.email.quota_day": (
        "What your provider allows a day; the next account sends the rest. 0 is no limit.",
        "Yang diizinkan penyedia dalam sehari; sisanya dikirim akun berikutnya. 0 berarti tanpa batas.",
    ),
    "help.email.sender": (
        "The address that mails come from, and the name to log in with.",
        "Alamat pengirim email, sekaligus nama untuk masuk.",
    ),
    "help.email.starttls": (
        "Begin unencrypted, then encrypt before the log-in. Nothing is sent where the server cannot.",
        "Mulai tanpa enkripsi, lalu dienkripsi sebelum masuk. Tidak ada yang dikirim jika server tidak mampu.",
    ),
    "help.email.tls": (
        "Encrypted from the beginning, usually at port 465. With both ticked, SSL is used.",
        "Terenkripsi sejak awal, biasanya di port 465. Jika keduanya dicentang, SSL yang dipakai.",
    ),
    "help.smtp.active": (
        "Mails that no account can send go straight to the recipient's mail server.",
        "Email yang tidak dapat dikirim akun mana pun langsung dikirim ke server email penerima.",
    ),
    "help.smtp.address": (
        "This device's address in your network where the relay listens, such as 192.168.0.11. Empty: no relay.",
        "Alamat perangkat ini di jaringan Anda tempat relay mendengarkan, misalnya 192.168.0.11. Kosong: tanpa relay.",
    ),
    "help.smtp.port": (
        "Where the relay listens, usually 25 or 587.",
        "Tempat relay mendengarkan, biasanya 25 atau 587.",
    ),
    "help.smtp.relay_password": (
        "Programs and printers log in to the relay with it. It is stored, but never shown again.",
        "Program dan printer masuk ke relay dengannya. Disimpan, tetapi tidak pernah ditampilkan lagi.",
    ),
    "help.smtp.relay_username": (
        "Only who logs in may use the relay. Without user name and password there is none.",
        "Hanya yang masuk boleh memakai relay. Tanpa username dan password, relay tidak ada.",
    ),
    "help.smtp.server_name": (
        "A name that leads to your public address, such as mail.domain.tld. Mails come from noreply@ this name.",
        "Nama yang mengarah ke alamat publik Anda, misalnya mail.domain.tld. Email datang dari noreply@ nama ini.",
    ),
    "help.smtp.software_name": (
        "How the relay introduces itself.",
        "Cara relay memperkenalkan diri.",
    ),
    "smtp.direct": ("Direct delivery", "Pengiriman langsung"),
    "smtp.down": (
        "The mail service does not answer just now, so its state is not known.",
        "Layanan email sedang tidak menjawab, jadi statusnya tidak diketahui.",
    ),
    "smtp.group_delivery": ("Delivery without an account", "Pengiriman tanpa akun"),
    "smtp.group_relay": ("Relay for programs in your network", "Relay untuk program di jaringan Anda"),
    "smtp.intro": (
        "Sends e-mail straight to the recipient's mail server, without an account at a provider.",
        "Mengirim email langsung ke server email penerima, tanpa akun di penyedia.",
    ),
    "smtp.not_recommended": ("Not recommended", "Tidak direkomendasikan"),
    "smtp.off": ("Off", "Mati"),
    "smtp.on": ("On", "Menyala"),
    "smtp.reason_address": (
        "Addresses of home and mobile lines are on their block lists, and many lines let nothing out at port 25.",
        "Alamat koneksi rumah dan seluler ada di daftar blokir mereka, dan banyak koneksi menutup port 25.",
    ),
    "smtp.reason_blocked": (
        "Many mail servers refuse mails from a server that they do not know, or take them for spam.",
        "Banyak server email menolak email dari server yang tidak mereka kenal, atau menganggapnya spam.",
    ),
    "smtp.reason_instead": (
        "E-mail accounts arrive more reliably; use this only where there are none.",
        "Akun email lebih pasti sampai; pakai ini hanya jika tidak ada akun.",
    ),
    "smtp.relay": ("Relay", "Relay"),
    "smtp.relay_at": ("Listens at {address}", "Mendengarkan di {address}"),
    "smtp.relay_none": (
        "Off: it needs Active, an address, a user name and a password",
        "Mati: perlu Aktif, alamat, username dan password",
    ),
    "smtp.title": ("Local SMTP server", "Server SMTP lokal"),
    "smtp.to_accounts": ("To the e-mail accounts", "Ke akun email"),
}
