"""Words of the network's pages: how it is, access point, its DHCP, Ethernet."""

from typing import Final

WORDS: Final = {
    "choice.ethernet.mode.dhcp": ("Automatic (DHCP)", "Otomatis (DHCP)"),
    "choice.ethernet.mode.static": ("Fixed address", "Alamat tetap"),
    "choice.wlan.key_management.WPA-PSK": ("WPA2 with a passphrase", "WPA2 dengan passphrase"),
    "dhcp.group_addresses": ("Addresses", "Alamat"),
    "dhcp.group_masks": ("Other netmasks", "Netmask lain"),
    "dhcp.group_told": ("What clients are told", "Yang diberitahukan ke klien"),
    "dhcp.intro": (
        "Which addresses phones and computers get when they join the device's Wi-Fi. After a change, join it anew, and "
        "keep the change within a minute.",
        "Alamat yang didapat ponsel dan komputer saat tersambung ke Wi-Fi perangkat. Setelah mengubah, sambungkan ulang, "
        "lalu pertahankan perubahan dalam satu menit.",
    ),
    "dhcp.title": ("DHCP", "DHCP"),
    "ethernet.group_fixed": ("Fixed address", "Alamat tetap"),
    "ethernet.group_how": ("Address", "Alamat"),
    "ethernet.group_names": ("Name servers", "Server nama"),
    "ethernet.intro": (
        "How the device is known in your wired network.",
        "Alamat perangkat di jaringan kabel Anda.",
    ),
    "ethernet.title": ("Ethernet", "Ethernet"),
    "field.dhcp.default_lease": ("Default lease time (seconds)", "Lama sewa standar (detik)"),
    "field.dhcp.domain_name": ("Domain name", "Nama domain"),
    "field.dhcp.max_lease": ("Longest lease time (seconds)", "Lama sewa terpanjang (detik)"),
    "field.dhcp.name_server_addresses": ("Name server addresses", "Alamat server nama"),
    "field.dhcp.name_servers": ("Name servers", "Server nama"),
    "field.dhcp.netmask": ("Netmask", "Netmask"),
    "field.dhcp.ranges": ("Ranges", "Rentang alamat"),
    "field.dhcp.router": ("Router", "Router"),
    "field.dhcp.subnet_mask": ("Subnet mask", "Subnet mask"),
    "field.ethernet.address": ("Address", "Alamat"),
    "field.ethernet.dns_1": ("DNS 1", "DNS 1"),
    "field.ethernet.dns_2": ("DNS 2", "DNS 2"),
    "field.ethernet.gateway": ("Gateway", "Gateway"),
    "field.ethernet.mode": ("How it gets its address", "Cara mendapat alamat"),
    "field.ethernet.prefix": ("Prefix length", "Panjang prefix"),
    "field.wlan.address": ("Address", "Alamat"),
    "field.wlan.channel": ("Channel", "Kanal"),
    "field.wlan.country": ("Country", "Negara"),
    "field.wlan.dns": ("DNS", "DNS"),
    "field.wlan.gateway": ("Gateway", "Gateway"),
    "field.wlan.key_management": ("Key management", "Pengelolaan kunci"),
    "field.wlan.passphrase": ("Passphrase", "Passphrase"),
    "field.wlan.prefix": ("Prefix length", "Panjang prefix"),
    "field.wlan.ssid": ("SSID", "SSID"),
    "help.dhcp.default_lease": (
        "How long a client keeps its address when it asks for no particular time.",
        "Berapa lama klien memegang alamatnya jika tidak meminta waktu tertentu.",
    ),
    "help.dhcp.domain_name": (
        "The domain that clients add to short names.",
        "Domain yang ditambahkan klien pada nama pendek.",
    ),
    "help.dhcp.max_lease": (
        "The most that a client may ask for.",
        "Waktu terlama yang boleh diminta klien.",
    ),
    "help.dhcp.name_server_addresses": (
        "Addresses of the name servers that clients are told, separated by commas. Empty: the device itself.",
        "Alamat server nama yang diberitahukan ke klien, dipisahkan koma. Kosong: perangkat ini sendiri.",
    ),
    "help.dhcp.name_servers": (
        "Names under which those name servers are found, in the same order. An address may stand here too.",
        "Nama server-server itu, dengan urutan yang sama. Boleh juga berisi alamat.",
    ),
    "help.dhcp.netmask": (
        "Of the ranges, such as 255.255.255.0. Empty: as the access point has it.",
        "Untuk rentang di atas, seperti 255.255.255.0. Kosong: sama dengan akses poin.",
    ),
    "help.dhcp.ranges": (
        "From which addresses clients get theirs: FIRST-LAST, several on lines of their own or separated by commas, "
        "such as 192.168.0.100-192.168.0.200. They must be in the access point's network.",
        "Alamat yang dibagikan ke klien: PERTAMA-TERAKHIR, beberapa rentang pada baris masing-masing atau dipisahkan koma, "
        "seperti 192.168.0.100-192.168.0.200. Harus di dalam jaringan akses poin.",
    ),
    "help.dhcp.router": (
        "Leave it empty: then phones keep their mobile data while they are joined. The device passes nothing on.",
        "Biarkan kosong: ponsel tetap memakai data seluler selama tersambung. Perangkat tidak meneruskan apa pun.",
    ),
    "help.dhcp.subnet_mask": (
        "What clients are told instead of the netmask above. Empty: the same.",
        "Yang diberitahukan ke klien sebagai ganti netmask di atas. Kosong: sama.",
    ),
    "help.ethernet.address": (
        "Such as 192.168.1.20; one that your router gives to nobody else, and not of the access point's network.",
        "Seperti 192.168.1.20; yang tidak dibagikan router ke perangkat lain, dan bukan dari jaringan akses poin.",
    ),
    "help.ethernet.dns_1": (
        "Empty: what your router says, with a fixed address none.",
        "Kosong: menurut router Anda; dengan alamat tetap, tidak ada.",
    ),
    "help.ethernet.gateway": (
        "Your router's address; without it the device does not reach the internet this way.",
        "Alamat router Anda; tanpa ini perangkat tidak mencapai internet lewat jalur ini.",
    ),
    "help.ethernet.mode": (
        "Automatic suits nearly every network. The fields below count with a fixed address only.",
        "Otomatis cocok untuk hampir semua jaringan. Isian di bawah hanya berlaku untuk alamat tetap.",
    ),
    "help.ethernet.prefix": ("24 is 255.255.255.0.", "24 berarti 255.255.255.0."),
    "help.wlan.address": (
        "The device's address in its own Wi-Fi. From the factory 192.168.0.11.",
        "Alamat perangkat di Wi-Fi miliknya sendiri. Dari pabrik 192.168.0.11.",
    ),
    "help.wlan.channel": (
        "1, 6 and 11 do not disturb each other. 0: one that is allowed everywhere.",
        "1, 6, dan 11 tidak saling mengganggu. 0: kanal yang diizinkan di mana pun.",
    ),
    "help.wlan.country": (
        "Where the device is, as two letters: it decides which channels are allowed.",
        "Negara tempat perangkat berada, dua huruf: menentukan kanal yang diizinkan.",
    ),
    "help.wlan.dns": (
        "Name servers that the device asks for its clients, separated by commas. Empty: it answers only its own name.",
        "Server nama yang ditanyai perangkat untuk kliennya, dipisahkan koma. Kosong: hanya menjawab namanya sendiri.",
    ),
    "help.wlan.gateway": (
        "Only where the internet is to be reached through this Wi-Fi; usually empty.",
        "Hanya jika internet dicapai lewat Wi-Fi ini; biasanya kosong.",
    ),
    "help.wlan.passphrase": (
        "8 to 63 letters, digits and signs. Without one there is no access point: it is never open.",
        "8 sampai 63 huruf, angka, dan tanda. Tanpa passphrase tidak ada akses poin: tidak pernah terbuka.",
    ),
    "help.wlan.prefix": ("24 is 255.255.255.0.", "24 berarti 255.255.255.0."),
    "help.wlan.ssid": ("The name of the network in the air.", "Nama jaringan yang tampak di udara."),
    "network.addresses": ("Addresses", "Alamat"),
    "network.ask_ethernet": (
        "Ethernet is set anew: whoever is connected by it is cut off for some seconds.",
        "Ethernet diatur ulang: yang tersambung lewat kabel terputus beberapa detik.",
    ),
    "network.ask_join": (
        "The access point starts anew and cuts everybody off for some seconds. Join the Wi-Fi “{ssid}” again.",
        "Akses poin dimulai ulang dan memutus semua yang tersambung beberapa detik. Sambungkan lagi ke Wi-Fi “{ssid}”.",
    ),
    "network.ask_join_anew": (
        "The access point starts anew and cuts everybody off. Join the Wi-Fi “{ssid}” with the new passphrase.",
        "Akses poin dimulai ulang dan memutus semua yang tersambung. Sambungkan ke Wi-Fi “{ssid}” dengan passphrase baru.",
    ),
    "network.ask_no_ap": (
        "There will be no access point: from then on the panel is reached by Ethernet only.",
        "Tidak akan ada akses poin: sesudah itu panel hanya dapat dibuka lewat Ethernet.",
    ),
    "network.ask_open": (
        "Then open {address} and keep the change there within {seconds} seconds. Otherwise everything goes back to what it "
        "was.",
        "Lalu buka {address} dan pertahankan perubahan di sana dalam {seconds} detik. Jika tidak, semuanya kembali seperti "
        "semula.",
    ),
    "network.ask_open_found": (
        "Your router chooses the new address: find it in the router's list of devices, or open {address}, and keep the "
        "change there within {seconds} seconds. Otherwise everything goes back to what it was.",
        "Router Anda memilih alamat barunya: cari di daftar perangkat pada router, atau buka {address}, lalu pertahankan "
        "perubahan di sana dalam {seconds} detik. Jika tidak, semuanya kembali seperti semula.",
    ),
    "network.gateway": ("Gateway", "Gateway"),
    "network.interface": ("Interface", "Antarmuka"),
    "network.interfaces": ("Interfaces", "Antarmuka"),
    "network.intro": (
        "How the device is connected just now, and who is joined to its Wi-Fi.",
        "Sambungan perangkat saat ini, dan siapa yang tersambung ke Wi-Fi-nya.",
    ),
    "network.lease_address": ("Address", "Alamat"),
    "network.lease_until": ("until {moment}", "sampai {moment}"),
    "network.leases": ("Addresses given out", "Alamat yang sedang disewa"),
    "network.link": ("Connected", "Tersambung"),
    "network.mac": ("MAC address", "Alamat MAC"),
    "network.no_interface": ("No network interface was found.", "Tidak ada antarmuka jaringan."),
    "network.no_lease": ("Nobody has an address just now.", "Saat ini tidak ada yang menyewa alamat."),
    "network.no_link": ("Not connected", "Tidak tersambung"),
    "network.no_word": (
        "The service that looks at the network does not answer just now; settings can be changed all the same.",
        "Layanan yang melihat jaringan sedang tidak menjawab; pengaturan tetap dapat diubah.",
    ),
    "network.not_ours": (
        "This computer's own network stays as it is. What you save here is kept, and takes effect on a device, or on this "
        "computer after this command:",
        "Jaringan komputer ini tidak diubah. Yang Anda simpan di sini tetap tersimpan, dan berlaku pada perangkat, atau pada "
        "komputer ini setelah perintah berikut:",
    ),
    "network.now": ("Just now", "Saat ini"),
    "network.side.ap": ("Access point", "Akses poin"),
    "network.side.ethernet": ("Ethernet", "Ethernet"),
    "network.side.mobile": ("Mobile internet", "Internet seluler"),
    "network.side.other": ("Other", "Lainnya"),
    "network.title": ("Network", "Jaringan"),
    "wlan.group_address": ("Address", "Alamat"),
    "wlan.group_air": ("In the air", "Di udara"),
    "wlan.intro": (
        "The device's own Wi-Fi, by which phones and computers reach the panel.",
        "Wi-Fi milik perangkat, tempat ponsel dan komputer membuka panel.",
    ),
    "wlan.title": ("Wireless LAN", "Wireless LAN"),
}
