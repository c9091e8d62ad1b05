"""Words of the first run."""

from typing import Final

WORDS: Final = {
    "start.add_by_port": ("Add a modem by its port", "Tambah modem lewat portnya"),
    "start.api": ("API user", "Pengguna API"),
    "start.api_has": ("There are users already: {count}.", "Sudah ada pengguna: {count}."),
    "start.api_make": ("Create", "Buat"),
    "start.api_once": (
        "A password is made for it and shown once, with programs to paste.",
        "Password dibuatkan dan ditampilkan satu kali, lengkap dengan program yang tinggal ditempel.",
    ),
    "start.api_why": (
        "Your application sends with a name and a password of its own.",
        "Aplikasi Anda mengirim dengan nama dan password-nya sendiri.",
    ),
    "start.choose_modem": ("Choose a modem", "Pilih satu modem"),
    "start.country": ("Country", "Negara"),
    "start.country_code": ("Country code", "Kode negara"),
    "start.country_now": ("Now: {name} (+{code}).", "Sekarang: {name} (+{code})."),
    "start.country_other": ("Another country", "Negara lain"),
    "start.country_set": ("Country: {name}", "Negara: {name}"),
    "start.country_why": (
        "Numbers that begin with 0 are numbers of this country.",
        "Nomor yang diawali 0 dianggap nomor negara ini.",
    ),
    "start.default": ("Default modem", "Modem default"),
    "start.default_set": ("Default modem: {name}", "Modem default: {name}"),
    "start.default_why": (
        "It takes the numbers that match no other modem's prefixes: best the SIM with the lowest price to other "
        "operators.",
        "Modem ini mengirim ke nomor yang tidak cocok dengan prefix modem lain: sebaiknya SIM dengan tarif termurah ke "
        "operator lain.",
    ),
    "start.do_api": ("Create the user of your application", "Buat pengguna untuk aplikasi Anda"),
    "start.do_country": ("Choose the country", "Pilih negara"),
    "start.do_default": ("Choose which modem takes all other numbers", "Pilih modem untuk semua nomor lain"),
    "start.do_modems": ("Plug in a modem with a SIM card", "Pasang modem yang berisi kartu SIM"),
    "start.do_name": ("Give this device a name", "Beri nama perangkat ini"),
    "start.do_prefixes": ("Say which numbers each modem takes", "Tentukan nomor untuk setiap modem"),
    "start.do_test": ("Send one SMS to your own phone", "Kirim satu SMS ke ponsel Anda"),
    "start.do_time": ("Set the clock", "Atur jam"),
    "start.modems_ready": ("{ready} of {all} ready", "{ready} dari {all} siap"),
    "start.home": ("Go to the home page", "Ke beranda"),
    "start.intro": (
        "A few steps to the first SMS. You can leave at any time and come back.",
        "Beberapa langkah menuju SMS pertama. Anda boleh berhenti kapan saja dan kembali lagi.",
    ),
    "start.modems": ("Modems", "Modem"),
    "start.name": ("Device name", "Nama perangkat"),
    "start.name_set": ("This device is called {name}", "Perangkat ini bernama {name}"),
    "start.needs_modem": ("Add a modem first.", "Tambahkan modem lebih dahulu."),
    "start.needs_ready": (
        "As soon as a modem is ready.",
        "Dapat dilakukan begitu ada modem yang siap.",
    ),
    "start.next": ("Next: {name}", "Berikutnya: {name}"),
    "start.own_number": ("Own number", "Nomor sendiri"),
    "start.plug_in": (
        "Plug in a modem with a SIM card. It appears here by itself.",
        "Pasang modem yang berisi kartu SIM. Modem akan muncul sendiri di sini.",
    ),
    "start.prefixes": ("Recipient prefixes", "Prefix penerima"),
    "start.prefixes_accept": ("Use these lists", "Pakai daftar ini"),
    "start.prefixes_of": ("prefixes of {name}", "prefix {name}"),
    "start.prefixes_one": (
        "With one modem no list is needed: it takes every number.",
        "Dengan satu modem, daftar tidak diperlukan: semua nomor dikirim lewat modem itu.",
    ),
    "start.prefixes_set": ("The prefixes were saved", "Prefix sudah disimpan"),
    "start.prefixes_wait": (
        "Suggestions appear as soon as a modem is ready and tells its operator.",
        "Usulan muncul begitu modem siap dan operatornya terbaca.",
    ),
    "start.prefixes_why": (
        "SMS to the same operator are cheapest: each modem takes the numbers that begin like those of its SIM.",
        "SMS ke operator yang sama paling murah: setiap modem mengirim ke nomor yang awalannya sama dengan SIM-nya.",
    ),
    "start.progress": ("{done} of {all} done.", "{done} dari {all} selesai."),
    "start.ready": ("This device is ready.", "Perangkat ini siap dipakai."),
    "start.state_cannot": ("Not yet possible", "Belum bisa"),
    "start.state_done": ("Done", "Selesai"),
    "start.state_todo": ("To do", "Belum"),
    "start.test": ("Test SMS", "SMS uji"),
    "start.test_modem": ("Modem", "Modem"),
    "start.test_number": ("Your own phone number", "Nomor ponsel Anda sendiri"),
    "start.test_send": ("Send test SMS", "Kirim SMS uji"),
    "start.test_sent": (
        "{modem}: the network has taken the SMS. Look at your phone",
        "{modem}: SMS sudah diterima jaringan. Periksa ponsel Anda",
    ),
    "start.test_text": ("Test SMS from {name}", "SMS uji dari {name}"),
    "start.test_why": ("One SMS to your own phone.", "Satu SMS ke ponsel Anda sendiri."),
    "start.time": ("Date and time", "Tanggal dan jam"),
    "start.title": ("First steps", "Langkah awal"),
    "start.user_address": ("Address", "Alamat"),
    "start.user_back": ("I have noted the password", "Password sudah saya catat"),
    "start.user_no_port": (
        "The API has no open port. Open one in the API settings.",
        "API tidak memiliki port yang terbuka. Buka salah satu di pengaturan API.",
    ),
    "start.user_once": (
        "This password is shown now and never again. Note it, or copy a program below.",
        "Password ini hanya ditampilkan sekarang. Catat, atau salin salah satu program di bawah.",
    ),
    "start.user_samples": ("Programs to paste", "Program siap tempel"),
    "start.user_title": ("API user {name} was created", "Pengguna API {name} sudah dibuat"),
}
