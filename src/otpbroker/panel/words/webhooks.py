"""Words of webhooks and callbacks."""

from typing import Final

WORDS: Final = {
    "callbacks.empty": (
        "No callback was made since the service started.",
        "Belum ada callback yang dipanggil sejak layanan dimulai.",
    ),
    "callbacks.group": ("Callbacks", "Callback"),
    "callbacks.intro": (
        "A message may name an address of its own (callback); that address is told how the message ends.",
        "Sebuah pesan boleh menyebut alamatnya sendiri (callback); alamat itu diberi tahu hasil akhir pesan.",
    ),
    "callbacks.made": ("New secret", "Kunci rahasia baru"),
    "callbacks.made_means": (
        "Give it to whoever receives the callbacks: it proves that a call comes from this device.",
        "Berikan kepada penerima callback: kunci ini membuktikan bahwa panggilan berasal dari perangkat ini.",
    ),
    "callbacks.sample": ("A message with a callback", "Pesan dengan callback"),
    "callbacks.sample_means": (
        "Send this over the REST API or a message broker; the callback is called once the message has its outcome.",
        "Kirim ini lewat REST API atau message broker; callback dipanggil setelah hasil pesan diketahui.",
    ),
    "callbacks.settings": ("Settings", "Pengaturan"),
    "callbacks.title": ("Callbacks", "Callback"),
    "field.callbacks.enabled": ("Enable", "Aktifkan"),
    "field.callbacks.private_networks": ("Private networks", "Jaringan pribadi"),
    "field.callbacks.secret": ("Secret", "Kunci rahasia"),
    "field.webhooks.active": ("Active", "Aktif"),
    "field.webhooks.name": ("Name", "Nama"),
    "field.webhooks.secret": ("Secret", "Kunci rahasia"),
    "field.webhooks.url": ("URL", "URL"),
    "help.callbacks.enabled": (
        "When off, the callback of a message is ignored.",
        "Jika mati, callback pada pesan diabaikan.",
    ),
    "help.callbacks.private_networks": (
        "Networks of your own that callbacks and webhooks may call, such as 192.168.1.0/24, separated by commas. All "
        "other private addresses are refused.",
        "Jaringan Anda sendiri yang boleh dipanggil callback dan webhook, misalnya 192.168.1.0/24, dipisahkan koma. "
        "Alamat pribadi lainnya ditolak.",
    ),
    "help.callbacks.secret": (
        "Signs the callbacks. Without one they go unsigned.",
        "Untuk menandatangani callback. Tanpa kunci rahasia, callback tidak ditandatangani.",
    ),
    "help.webhooks.active": (
        "Only an active webhook is called.",
        "Hanya webhook yang aktif yang dipanggil.",
    ),
    "help.webhooks.name": (
        "Letters, digits, blanks and . _ -, so that you know it again.",
        "Huruf, angka, spasi dan . _ -, agar mudah dikenali.",
    ),
    "help.webhooks.secret": (
        "Signs every call: whsec_ and the Base64 of 24 to 64 bytes. Without one, calls go unsigned.",
        "Untuk menandatangani tiap panggilan: whsec_ dan Base64 dari 24 sampai 64 byte. Tanpa kunci rahasia, panggilan "
        "tidak ditandatangani.",
    ),
    "help.webhooks.url": (
        "The address of your application that is called, best with https://.",
        "Alamat aplikasi Anda yang dipanggil, sebaiknya dengan https://.",
    ),
    "made.callbacks.secret": ("Secret", "Kunci rahasia"),
    "made.webhooks.secret": ("Secret", "Kunci rahasia"),
    "make.callbacks.secret": (
        "Make a secret and show it once after saving",
        "Buat kunci rahasia dan tampilkan sekali setelah disimpan",
    ),
    "make.webhooks.secret": (
        "Make a secret and show it once after saving",
        "Buat kunci rahasia dan tampilkan sekali setelah disimpan",
    ),
    "webhooks.add": ("Add webhook", "Tambah webhook"),
    "webhooks.answered": (
        "The test call was answered with {status} after {latency_ms} ms",
        "Panggilan uji dijawab dengan {status} setelah {latency_ms} ms",
    ),
    "webhooks.count.delivered": ("Calls that arrived", "Panggilan yang tiba"),
    "webhooks.count.dropped": ("Calls given up", "Panggilan yang dibatalkan"),
    "webhooks.count.failed": ("Failed attempts", "Percobaan yang gagal"),
    "webhooks.count.waiting": ("Waiting", "Menunggu"),
    "webhooks.delete_means": (
        "It is no longer called. What waits for it is dropped.",
        "Webhook ini tidak dipanggil lagi. Panggilan yang menunggu dibatalkan.",
    ),
    "webhooks.empty": (
        "No webhook yet. Add one to let your application hear how each message ends.",
        "Belum ada webhook. Tambahkan satu agar aplikasi Anda tahu hasil akhir tiap pesan.",
    ),
    "webhooks.group": ("Webhook", "Webhook"),
    "webhooks.intro": (
        "Addresses that are told the outcome of every SMS and e-mail: never a text, numbers masked.",
        "Alamat yang diberi tahu hasil tiap SMS dan email: tanpa isi pesan, nomor disamarkan.",
    ),
    "webhooks.last_error": ("Last error, {moment}:", "Kesalahan terakhir, {moment}:"),
    "webhooks.made": ("Secret of {name}", "Kunci rahasia {name}"),
    "webhooks.not_called": (
        "It is not called while it is inactive.",
        "Tidak dipanggil selama nonaktif.",
    ),
    "webhooks.not_told": (
        "How calls fare is not known now: the notifying service does not answer. Reload the page in a moment.",
        "Status panggilan belum diketahui: layanan notifikasi sedang tidak menjawab. Muat ulang halaman sebentar lagi.",
    ),
    "webhooks.now": ("Now", "Saat ini"),
    "webhooks.signature": ("How to verify a call", "Cara memeriksa panggilan"),
    "webhooks.signed": (
        "Calls are signed as Standard Webhooks has it: webhook-signature is “v1,” and the Base64 of the HMAC-SHA256 of "
        "“webhook-id.webhook-timestamp.body”, under the secret.",
        "Panggilan ditandatangani sesuai Standard Webhooks: webhook-signature berisi “v1,” dan Base64 dari HMAC-SHA256 "
        "atas “webhook-id.webhook-timestamp.body” dengan kunci rahasia itu.",
    ),
    "webhooks.state.delivering": ("Calling", "Sedang memanggil"),
    "webhooks.state.failing": ("Does not answer well", "Tidak menjawab dengan benar"),
    "webhooks.state.gone": ("Says it is gone", "Menyatakan sudah tidak ada"),
    "webhooks.state.idle": ("Ready", "Siap"),
    "webhooks.title": ("Webhooks", "Webhook"),
    "webhooks.try": ("Try now", "Coba sekarang"),
    "webhooks.try_inactive": (
        "An inactive webhook is not called. Activate it first",
        "Webhook yang nonaktif tidak dipanggil. Aktifkan dulu",
    ),
}
