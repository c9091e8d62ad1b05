"""Words of the doors to message brokers."""

from typing import Final

WORDS: Final = {
    "amqp.intro": (
        "Where no application can reach this device, it fetches its messages itself from a RabbitMQ that both reach.",
        "Jika aplikasi tidak dapat menjangkau perangkat ini, perangkatlah yang mengambil pesan dari RabbitMQ yang "
        "dapat dijangkau keduanya.",
    ),
    "amqp.know_loss": (
        "Nothing is lost: RabbitMQ keeps each message until the modem has answered, also through a power cut.",
        "Tidak ada yang hilang: RabbitMQ menyimpan tiap pesan sampai modem menjawab, juga ketika listrik padam.",
    ),
    "amqp.know_twice": (
        "The same message published here and to WSMessageBroker is sent twice.",
        "Pesan yang sama yang dikirim ke sini dan ke WSMessageBroker akan terkirim dua kali.",
    ),
    "amqp.know_waits": (
        "While no modem can send, messages wait at RabbitMQ until their time is over.",
        "Selama tidak ada modem yang dapat mengirim, pesan menunggu di RabbitMQ sampai masa berlakunya habis.",
    ),
    "amqp.made": ("New key pair", "Pasangan kunci baru"),
    "amqp.made_means": (
        "Give this public key to your applications: what they seal with it only this device can open. The private key "
        "stays on the device. Messages sealed for an earlier key can no longer be opened.",
        "Berikan kunci publik ini ke aplikasi Anda: pesan yang disegel dengannya hanya dapat dibuka perangkat ini. "
        "Kunci privat tetap di perangkat. Pesan yang disegel untuk kunci lama tidak dapat dibuka lagi.",
    ),
    "amqp.publish": (
        "Publish one of these to the default exchange with the routing key “{queue}”. Give each message a message_id "
        "of its own.",
        "Kirim salah satunya ke default exchange dengan routing key “{queue}”. Beri tiap pesan message_id sendiri.",
    ),
    "amqp.publish_fleet": (
        "Publish one of these to the exchange “{queue}.in”; the routing key is the recipient's prefix, such as 62812, "
        "or “default”. Give each message a message_id of its own.",
        "Kirim salah satunya ke exchange “{queue}.in”; routing key-nya adalah prefix penerima, misalnya 62812, atau "
        "“default”. Beri tiap pesan message_id sendiri.",
    ),
    "amqp.title": ("RabbitMQ", "RabbitMQ"),
    "feeders.count.connected": ("Times connected", "Berapa kali tersambung"),
    "feeders.count.dead": ("Put aside as unusable", "Disisihkan karena tidak dapat dipakai"),
    "feeders.count.held": ("Held for a later try", "Ditahan untuk dicoba lagi"),
    "feeders.count.in_hand": ("In hand now", "Sedang dikerjakan"),
    "feeders.count.received": ("Received", "Diterima"),
    "feeders.count.replies": ("Replies sent", "Balasan terkirim"),
    "feeders.count.replies_lost": ("Replies lost", "Balasan hilang"),
    "feeders.count.retried": ("Tried again", "Dicoba lagi"),
    "feeders.counted": (
        "Counted since the service started.",
        "Dihitung sejak layanan dimulai.",
    ),
    "feeders.group_more": ("Advanced", "Lanjutan"),
    "feeders.group_sealing": ("Sealed messages", "Pesan tersegel"),
    "feeders.group_server": ("Server", "Server"),
    "feeders.group_times": ("Times", "Waktu"),
    "feeders.know": ("Good to know", "Perlu diketahui"),
    "feeders.last_error": ("Last error, {moment}:", "Kesalahan terakhir, {moment}:"),
    "feeders.not_told": (
        "How it fares is not known now: the sending service does not answer. It is asked again.",
        "Statusnya belum diketahui: layanan pengiriman sedang tidak menjawab. Halaman ini mencoba lagi.",
    ),
    "feeders.now": ("Now", "Saat ini"),
    "feeders.sample.block": ("Block a number", "Blokir nomor"),
    "feeders.sample.mail": ("Send an e-mail", "Kirim email"),
    "feeders.sample.sms": ("Send an SMS", "Kirim SMS"),
    "feeders.sample.unblock": ("Unblock a number", "Buka blokir nomor"),
    "feeders.samples": ("Messages for this device", "Pesan untuk perangkat ini"),
    "feeders.server": ("Server", "Server"),
    "feeders.settings": ("Settings", "Pengaturan"),
    "feeders.since": ("since {moment}", "sejak {moment}"),
    "feeders.state.blocked": ("Held up by the server", "Ditahan server"),
    "feeders.state.connecting": ("Connecting", "Menyambung"),
    "feeders.state.consuming": ("Connected, takes messages", "Tersambung, menerima pesan"),
    "feeders.state.disabled": ("Off", "Mati"),
    "feeders.state.failed": ("Failed, tries again", "Gagal, dicoba lagi"),
    "feeders.state.no_modem": ("Connected, no modem can send", "Tersambung, tidak ada modem yang dapat mengirim"),
    "feeders.state.stopping": ("Stopping", "Sedang berhenti"),
    "field.amqp.ca_certificate": ("CA Certificate", "Sertifikat CA"),
    "field.amqp.enabled": ("Enable", "Aktifkan"),
    "field.amqp.fleet": ("Fleet", "Armada"),
    "field.amqp.heartbeat_s": ("Heartbeat (seconds)", "Heartbeat (detik)"),
    "field.amqp.host": ("Host", "Host"),
    "field.amqp.password": ("Password", "Password"),
    "field.amqp.port": ("Port", "Port"),
    "field.amqp.private_key": ("Private Key", "Kunci Privat"),
    "field.amqp.queue": ("Channel (Queue)", "Channel (Queue)"),
    "field.amqp.reconnect_delay_s": ("Reconnect Delay (seconds)", "Reconnect Delay (detik)"),
    "field.amqp.refresh_s": ("Refresh (seconds)", "Refresh (detik)"),
    "field.amqp.require_sealed": ("Sealed messages only", "Hanya pesan tersegel"),
    "field.amqp.timeout_s": ("Timeout (seconds)", "Timeout (detik)"),
    "field.amqp.tls": ("SSL", "SSL"),
    "field.amqp.username": ("Username", "Username"),
    "field.amqp.vhost": ("VHost", "VHost"),
    "field.websocket.ca_certificate": ("CA Certificate", "Sertifikat CA"),
    "field.websocket.channel": ("Channel (Topic)", "Channel (Topic)"),
    "field.websocket.enabled": ("Enable", "Aktifkan"),
    "field.websocket.host": ("Host", "Host"),
    "field.websocket.password": ("Password", "Password"),
    "field.websocket.path": ("Path", "Path"),
    "field.websocket.port": ("Port", "Port"),
    "field.websocket.reconnect_delay_s": ("Reconnect Delay (seconds)", "Reconnect Delay (detik)"),
    "field.websocket.refresh_s": ("Refresh (seconds)", "Refresh (detik)"),
    "field.websocket.timeout_s": ("Timeout (seconds)", "Timeout (detik)"),
    "field.websocket.tls": ("SSL", "SSL"),
    "field.websocket.username": ("Username", "Username"),
    "help.amqp.ca_certificate": (
        "A PEM file on this device with an authority of your own. Empty: those that the system trusts.",
        "File PEM di perangkat ini berisi otoritas Anda sendiri. Kosong: yang dipercaya sistem.",
    ),
    "help.amqp.enabled": (
        "Switching it off lets what is in hand end.",
        "Jika dimatikan, yang sedang dikerjakan tetap diselesaikan.",
    ),
    "help.amqp.fleet": (
        "Several devices share one RabbitMQ. The channel is then the name that “otpb fleet declare” was given.",
        "Beberapa perangkat berbagi satu RabbitMQ. Channel-nya adalah nama yang diberikan ke “otpb fleet declare”.",
    ),
    "help.amqp.heartbeat_s": (
        "A connection that has been silent for two or three times as long is given up. 0: never.",
        "Sambungan yang diam dua atau tiga kali selama ini akan dilepas. 0: tidak pernah.",
    ),
    "help.amqp.host": (
        "Name or address of the RabbitMQ server, without http://.",
        "Nama atau alamat server RabbitMQ, tanpa http://.",
    ),
    "help.amqp.password": ("Of the RabbitMQ user.", "Milik pengguna RabbitMQ."),
    "help.amqp.port": ("Usually 5672, with SSL 5671.", "Biasanya 5672, dengan SSL 5671."),
    "help.amqp.private_key": (
        "Opens messages that applications have sealed, so that no disk of RabbitMQ ever holds a code.",
        "Membuka pesan yang disegel aplikasi, sehingga disk RabbitMQ tidak pernah menyimpan OTP.",
    ),
    "help.amqp.queue": (
        "The queue that messages come from. It is made where it does not exist.",
        "Antrean asal pesan. Dibuat jika belum ada.",
    ),
    "help.amqp.reconnect_delay_s": (
        "How long to wait after a failure before connecting again.",
        "Jeda setelah gagal sebelum menyambung lagi.",
    ),
    "help.amqp.refresh_s": (
        "Connect anew so often. 0: never, which is right for most.",
        "Menyambung ulang setiap sekian detik. 0: tidak pernah, dan ini tepat untuk kebanyakan orang.",
    ),
    "help.amqp.require_sealed": (
        "Messages that are not sealed are refused.",
        "Pesan yang tidak tersegel ditolak.",
    ),
    "help.amqp.timeout_s": ("How long connecting may take.", "Batas waktu untuk menyambung."),
    "help.amqp.tls": (
        "The connection is encrypted, and the server's certificate verified.",
        "Sambungan dienkripsi, dan sertifikat server diperiksa.",
    ),
    "help.amqp.username": (
        "A RabbitMQ user that may read the channel and write replies.",
        "Pengguna RabbitMQ yang boleh membaca channel dan menulis balasan.",
    ),
    "help.amqp.vhost": ("The virtual host; usually /.", "Virtual host; biasanya /."),
    "help.websocket.ca_certificate": (
        "A PEM file on this device with an authority of your own. Empty: those that the system trusts.",
        "File PEM di perangkat ini berisi otoritas Anda sendiri. Kosong: yang dipercaya sistem.",
    ),
    "help.websocket.channel": (
        "The same as at your application; at the server it may be called topic.",
        "Sama dengan di aplikasi Anda; di server mungkin disebut topic.",
    ),
    "help.websocket.enabled": (
        "Switching it off lets go of messages that wait here.",
        "Jika dimatikan, pesan yang menunggu di sini dilepas.",
    ),
    "help.websocket.host": (
        "Name or address of the WSMessageBroker server, without ws://.",
        "Nama atau alamat server WSMessageBroker, tanpa ws://.",
    ),
    "help.websocket.password": ("Of the user at the server.", "Milik pengguna di server."),
    "help.websocket.path": (
        "What follows the port; the PHP server takes any.",
        "Yang mengikuti port; server PHP menerima apa saja.",
    ),
    "help.websocket.port": ("Usually 8888, with SSL 443.", "Biasanya 8888, dengan SSL 443."),
    "help.websocket.reconnect_delay_s": (
        "How long to wait after a refusal before connecting again.",
        "Jeda setelah ditolak sebelum menyambung lagi.",
    ),
    "help.websocket.refresh_s": (
        "Connect anew so often. 0: never, which is right for most.",
        "Menyambung ulang setiap sekian detik. 0: tidak pernah, dan ini tepat untuk kebanyakan orang.",
    ),
    "help.websocket.timeout_s": (
        "How long connecting may take; a server that is silent for twice as long is given up.",
        "Batas waktu untuk menyambung; server yang diam dua kali selama ini dilepas.",
    ),
    "help.websocket.tls": (
        "The connection is encrypted (wss), and the server's certificate verified.",
        "Sambungan dienkripsi (wss), dan sertifikat server diperiksa.",
    ),
    "help.websocket.username": ("The user at the server.", "Pengguna di server."),
    "made.amqp.private_key": ("Public key for your applications", "Kunci publik untuk aplikasi Anda"),
    "make.amqp.private_key": (
        "Make a new key pair and show the public key",
        "Buat pasangan kunci baru dan tampilkan kunci publiknya",
    ),
    "websocket.intro": (
        "Where there is no RabbitMQ: a small WebSocket server that passes messages on. This device is its client, as "
        "your application is.",
        "Jika tidak ada RabbitMQ: server WebSocket kecil yang meneruskan pesan. Perangkat ini menjadi kliennya, "
        "begitu pula aplikasi Anda.",
    ),
    "websocket.know_loss": (
        "At most once: nobody acknowledges here. What this device has taken is lost in a power cut, and what is sent "
        "while it is away never arrives. Use RabbitMQ where nothing may be lost.",
        "Paling banyak sekali: di sini tidak ada konfirmasi terima. Pesan yang sudah diambil hilang jika listrik "
        "padam, dan yang dikirim saat perangkat terputus tidak pernah tiba. Pakai RabbitMQ jika tidak boleh ada yang "
        "hilang.",
    ),
    "websocket.know_twice": (
        "Two devices at one channel both send each message. The same message published here and to RabbitMQ is sent "
        "twice.",
        "Dua perangkat pada satu channel sama-sama mengirim tiap pesan. Pesan yang sama yang dikirim ke sini dan ke "
        "RabbitMQ akan terkirim dua kali.",
    ),
    "websocket.know_waits": (
        "While no modem can send, messages are held here, in memory, until their time is over.",
        "Selama tidak ada modem yang dapat mengirim, pesan ditahan di sini, di memori, sampai masa berlakunya habis.",
    ),
    "websocket.publish": (
        "Send one of these to the server, over a connection of its own.",
        "Kirim salah satunya ke server, lewat sambungan tersendiri.",
    ),
    "websocket.title": ("WSMessageBroker", "WSMessageBroker"),
}
