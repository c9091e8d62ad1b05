"""Words of the packet filter's page."""

from typing import Final

WORDS: Final = {
    "choice.firewall.protocol.tcp": ("TCP", "TCP"),
    "choice.firewall.protocol.udp": ("UDP", "UDP"),
    "choice.firewall.side.ap": ("Access point", "Akses poin"),
    "choice.firewall.side.ethernet": ("Ethernet", "Ethernet"),
    "choice.firewall.side.mobile": ("Mobile internet", "Internet seluler"),
    "field.firewall.active": ("Active", "Aktif"),
    "field.firewall.name": ("Name", "Nama"),
    "field.firewall.port": ("Port", "Port"),
    "field.firewall.protocol": ("Protocol", "Protokol"),
    "field.firewall.side": ("Side", "Sisi"),
    "firewall.add": ("Add rule", "Tambah aturan"),
    "firewall.ask_nobody": (
        "Nobody will reach the panel any more: there is no access point, and Ethernet is closed to it. Without your "
        "confirmation this goes back after {seconds} seconds.",
        "Tidak ada lagi yang dapat membuka panel: tidak ada akses poin, dan Ethernet tertutup untuk panel. Tanpa "
        "konfirmasi Anda, ini kembali seperti semula setelah {seconds} detik.",
    ),
    "firewall.ask_panel": (
        "Ethernet will no longer reach the panel. Join the Wi-Fi “{ssid}”, open {address} and keep the change there within "
        "{seconds} seconds. Otherwise everything goes back to what it was.",
        "Panel tidak lagi dapat dibuka lewat Ethernet. Sambungkan ke Wi-Fi “{ssid}”, buka {address} dan pertahankan "
        "perubahan di sana dalam {seconds} detik. Jika tidak, semuanya kembali seperti semula.",
    ),
    "firewall.ask_title": ("The panel at Ethernet", "Panel di Ethernet"),
    "firewall.by_factory": ("From the factory", "Bawaan"),
    "firewall.close_one": ("Close", "Tutup"),
    "firewall.closed": ("Closed", "Tertutup"),
    "firewall.delete_means": (
        "The port is then open or closed as from the factory.",
        "Port itu kembali terbuka atau tertutup seperti bawaan pabrik.",
    ),
    "firewall.empty": (
        "No rule of your own: exactly the ports of the factory are open.",
        "Belum ada aturan sendiri: yang terbuka hanya port bawaan pabrik.",
    ),
    "firewall.group": ("Rule", "Aturan"),
    "firewall.intro": (
        "A closed port is closed by the operating system: nothing of it reaches any program. The access point always "
        "reaches the panel.",
        "Port yang ditutup, ditutup oleh sistem operasi: tidak ada yang sampai ke program mana pun. Akses poin selalu dapat "
        "membuka panel.",
    ),
    "firewall.kernel": ("Kernel", "Kernel"),
    "firewall.nothing_open": ("Nothing is open", "Tidak ada yang terbuka"),
    "firewall.now": ("What is open", "Yang terbuka"),
    "firewall.open": ("Open", "Terbuka"),
    "firewall.others": (
        "Other programs filter too and may hold back more: {names}",
        "Program lain ikut menyaring dan mungkin menahan lebih banyak: {names}",
    ),
    "firewall.rules": ("Your rules", "Aturan Anda"),
    "firewall.settings": ("Settings", "Pengaturan"),
    "firewall.state.absent": (
        "The kernel has no filter of ours: nothing is closed. Restart the device, and look at the logs if this stays.",
        "Kernel tidak memiliki penyaring kami: tidak ada yang tertutup. Mulai ulang perangkat, dan lihat log jika tetap "
        "begini.",
    ),
    "firewall.state.differs": (
        "The kernel does not do what the settings say; the differences are marked below. Save a rule anew, or restart the "
        "device.",
        "Kernel tidak sesuai dengan pengaturan; perbedaannya ditandai di bawah. Simpan ulang sebuah aturan, atau mulai ulang "
        "perangkat.",
    ),
    "firewall.state.open": (
        "The kernel's filter was changed: it lets in what no rule names. Restart the device.",
        "Penyaring di kernel telah diubah: yang tidak disebut aturan pun masuk. Mulai ulang perangkat.",
    ),
    "firewall.state.same": ("The kernel does what the settings say", "Kernel sesuai dengan pengaturan"),
    "firewall.state.unreadable": (
        "The kernel's filter cannot be read just now; below is what the settings say.",
        "Penyaring di kernel sedang tidak dapat dibaca; di bawah ini menurut pengaturan.",
    ),
    "firewall.title": ("Firewall", "Firewall"),
    "help.firewall.active": (
        "Active: the port is open. Not active: it is closed, also where the factory has it open.",
        "Aktif: port terbuka. Tidak aktif: port tertutup, juga yang bawaannya terbuka.",
    ),
    "help.firewall.name": ("What it is for, in your own words.", "Gunanya, dengan kata-kata Anda sendiri."),
    "help.firewall.side": (
        "From where the port is reached. At Ethernet private addresses only.",
        "Dari mana port dapat dicapai. Di Ethernet hanya dari alamat pribadi.",
    ),
}
