"""Words of the REST API's settings, and of the programs that use it."""

from typing import Final

WORDS: Final = {
    "api.address": ("Address for applications", "Alamat untuk aplikasi"),
    "api.address_means": (
        "As your browser reaches this device. Every path takes every command; the command decides what is done.",
        "Seperti browser Anda menjangkau perangkat ini. Semua path menerima semua perintah; perintahnyalah yang "
        "menentukan.",
    ),
    "api.ask_closed": (
        "Both ports would be off: no application can send over the REST API any more.",
        "Kedua port akan mati: tidak ada aplikasi yang dapat mengirim lewat REST API lagi.",
    ),
    "api.ask_https_only": (
        "HTTP would be off. Applications can then send over HTTPS only, and only once there is a certificate.",
        "HTTP akan mati. Aplikasi hanya dapat mengirim lewat HTTPS, dan hanya setelah ada sertifikat.",
    ),
    "api.ask_path": (
        "A path changes. Applications that still use the old one are answered 404.",
        "Path berubah. Aplikasi yang masih memakai path lama akan dijawab 404.",
    ),
    "api.ask_port": (
        "A port changes. Applications reach the API at the new port only, and a router that forwards the old port "
        "must follow.",
        "Port berubah. Aplikasi hanya dapat menjangkau API di port baru, dan router yang meneruskan port lama harus "
        "ikut diubah.",
    ),
    "api.closed_http": (
        "HTTP is on, but nothing answers at port {number}. If this stays so, another program may hold the port: "
        "choose another one.",
        "HTTP aktif, tetapi tidak ada yang menjawab di port {number}. Jika tetap begitu, mungkin port dipakai program "
        "lain: pilih port lain.",
    ),
    "api.closed_https": (
        "HTTPS is on, but port {number} stays closed: there is no certificate that can be used.",
        "HTTPS aktif, tetapi port {number} tetap tertutup: belum ada sertifikat yang dapat dipakai.",
    ),
    "api.follow": (
        "Applications must follow whatever you change here. You are asked before anything they use goes away.",
        "Aplikasi harus mengikuti apa pun yang Anda ubah di sini. Anda ditanya dulu sebelum yang dipakai aplikasi "
        "hilang.",
    ),
    "api.group_paths": ("Paths", "Path"),
    "api.group_ports": ("Ports", "Port"),
    "api.https_means": (
        "HTTPS needs a certificate. Until there is one, the HTTPS port stays closed even when it is enabled, and HTTP "
        "goes on. Over HTTP, passwords and messages can be read by whoever listens in your network.",
        "HTTPS memerlukan sertifikat. Selama belum ada, port HTTPS tetap tertutup meskipun diaktifkan, dan HTTP tetap "
        "berjalan. Lewat HTTP, password dan pesan dapat dibaca oleh siapa pun yang menyadap jaringan Anda.",
    ),
    "api.https_title": ("About HTTPS", "Tentang HTTPS"),
    "api.intro": (
        "How your applications reach this device to send SMS and e-mail over the REST API.",
        "Cara aplikasi Anda menjangkau perangkat ini untuk mengirim SMS dan email lewat REST API.",
    ),
    "api.no_address": (
        "Both ports are off: no application can send over the REST API.",
        "Kedua port mati: tidak ada aplikasi yang dapat mengirim lewat REST API.",
    ),
    "api.now": ("Now", "Saat ini"),
    "api.openapi": ("Full description (OpenAPI)", "Dokumentasi lengkap (OpenAPI)"),
    "api.port": ("{name}, port {number}", "{name}, port {number}"),
    "api.port_closed": ("On, but closed", "Aktif, tetapi tertutup"),
    "api.port_off": ("Off", "Mati"),
    "api.port_open": ("Listening", "Menerima"),
    "api.samples": ("Users and programs to paste", "Pengguna dan program siap tempel"),
    "api.settings": ("Settings", "Pengaturan"),
    "api.title": ("API setting", "Pengaturan API"),
    "field.api.blocking_path": ("Blocking Path", "Blocking Path"),
    "field.api.http_enabled": ("Enable HTTP", "Aktifkan HTTP"),
    "field.api.http_port": ("HTTP Port", "HTTP Port"),
    "field.api.https_enabled": ("Enable HTTPS", "Aktifkan HTTPS"),
    "field.api.https_port": ("HTTPS Port", "HTTPS Port"),
    "field.api.mail_path": ("Mail Path", "Mail Path"),
    "field.api.message_path": ("Message Path", "Message Path"),
    "field.api.otp_path": ("OTP Path", "OTP Path"),
    "field.api.unblocking_path": ("Unblocking Path", "Unblocking Path"),
    "help.api.blocking_path": (
        "Where numbers are put on the block list, so that nothing is sent to them.",
        "Untuk memblokir nomor, sehingga tidak ada yang dikirim ke nomor itu.",
    ),
    "help.api.http_enabled": ("Whether the HTTP port is open.", "Apakah port HTTP dibuka."),
    "help.api.http_port": ("1 to 65535; usually 8889.", "1 sampai 65535; biasanya 8889."),
    "help.api.https_enabled": (
        "Whether the HTTPS port is open. It needs a certificate.",
        "Apakah port HTTPS dibuka. Memerlukan sertifikat.",
    ),
    "help.api.https_port": ("1 to 65535; usually 10443.", "1 sampai 65535; biasanya 10443."),
    "help.api.mail_path": ("Where e-mails are handed in.", "Untuk mengirim email."),
    "help.api.message_path": ("Where SMS and e-mails are handed in.", "Untuk mengirim SMS dan email."),
    "help.api.otp_path": (
        "Where one-time passwords are asked for and verified.",
        "Untuk meminta dan memverifikasi OTP.",
    ),
    "help.api.unblocking_path": (
        "Where numbers are unblocked, so that they are sent to again.",
        "Untuk membuka blokir nomor, sehingga nomor itu dapat dikirimi lagi.",
    ),
    "samples.closed": (
        "The REST API is off, so there is no address to send to. Enable HTTP or HTTPS first:",
        "REST API mati, sehingga tidak ada alamat tujuan. Aktifkan HTTP atau HTTPS dulu:",
    ),
    "samples.mail": ("Send an e-mail", "Kirim email"),
    "samples.otp": (
        "One-time password made and verified by this device",
        "OTP yang dibuat dan diverifikasi perangkat ini",
    ),
    "samples.placeholder": (
        "Whole programs, ready to run. Put the user's password in place of {placeholder}, and a number of your own.",
        "Program utuh yang siap dijalankan. Ganti {placeholder} dengan password pengguna ini, dan isi nomor Anda "
        "sendiri.",
    ),
    "samples.real": (
        "Whole programs, ready to run, with the password in them. Put in a number of your own.",
        "Program utuh yang siap dijalankan, sudah berisi password-nya. Isi nomor Anda sendiri.",
    ),
    "samples.sms": ("Send an SMS", "Kirim SMS"),
    "samples.title": ("Ready to paste", "Siap tempel"),
}
