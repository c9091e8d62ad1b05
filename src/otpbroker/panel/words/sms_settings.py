"""Words of the pages about SMS in general: settings, limits, one-time passwords."""

from typing import Final

WORDS: Final = {
    "choice.sms.routing.prefix": (
        "By prefix: the modem whose Recipient Prefix fits",
        "Menurut prefix: modem dengan Recipient Prefix yang cocok",
    ),
    "choice.sms.routing.tariff": (
        "By tariff: the modem with the lowest price",
        "Menurut tarif: modem dengan harga terendah",
    ),
    "field.limits.allowed_countries": ("Allowed countries", "Negara yang diizinkan"),
    "field.limits.per_number_day": ("SMS per number a day", "SMS per nomor dalam sehari"),
    "field.limits.per_number_hour": ("SMS per number an hour", "SMS per nomor dalam satu jam"),
    "field.limits.per_user_second": ("SMS per API user a second", "SMS per pengguna API dalam satu detik"),
    "field.limits.prefix_burst": (
        "SMS to neighbouring numbers an hour",
        "SMS ke nomor berdekatan dalam satu jam",
    ),
    "field.limits.refuse_premium": ("Refuse premium numbers", "Tolak nomor premium"),
    "field.otp.attempts": ("Attempts", "Jumlah percobaan"),
    "field.otp.length": ("Code length", "Panjang kode"),
    "field.otp.lifetime_s": ("Valid for (seconds)", "Masa berlaku (detik)"),
    "field.otp.resend_s": ("Next code after (seconds)", "Kode berikutnya setelah (detik)"),
    "field.sms.country_code": ("Country Code", "Kode Negara"),
    "field.sms.deadline_s": ("Wait for the outcome (seconds)", "Waktu tunggu hasil (detik)"),
    "field.sms.international_prefixes": ("International Prefixes", "Awalan Internasional"),
    "field.sms.lifetime_s": ("Lifetime of a message (seconds)", "Masa hidup pesan (detik)"),
    "field.sms.log_sms": ("Log SMS", "Catat SMS di Log"),
    "field.sms.monitor_sms": ("Monitor SMS", "Tampilkan SMS di Monitor"),
    "field.sms.recipient_prefix_length": ("Recipient Prefix Length", "Panjang Recipient Prefix"),
    "field.sms.resend_unknown": ("Try again when the outcome is unknown", "Coba lagi jika hasil tidak diketahui"),
    "field.sms.routing": ("Routing", "Pemilihan Modem"),
    "field.sms.suppress_across_doors": (
        "Send the same message only once, wherever it comes from",
        "Kirim pesan yang sama hanya sekali, dari mana pun asalnya",
    ),
    "field.sms.transliterate": ("Replace special characters", "Ganti karakter khusus"),
    "help.limits.allowed_countries": (
        "Country codes, comma-separated. “home” is the country code of the SMS settings.",
        "Kode negara, dipisah koma. “home” adalah kode negara pada pengaturan SMS.",
    ),
    "help.limits.per_number_day": (
        "So many SMS one number gets within 24 hours at the most. 0 is no limit.",
        "Satu nomor menerima paling banyak sekian SMS dalam 24 jam. 0 berarti tanpa batas.",
    ),
    "help.limits.per_number_hour": (
        "So many SMS one number gets within an hour at the most. 0 is no limit.",
        "Satu nomor menerima paling banyak sekian SMS dalam satu jam. 0 berarti tanpa batas.",
    ),
    "help.limits.per_user_second": (
        "What one application may send each second. 0 is no limit.",
        "Yang boleh dikirim satu aplikasi setiap detik. 0 berarti tanpa batas.",
    ),
    "help.limits.prefix_burst": (
        "Numbers that differ only in their last four digits. Fraudsters order codes for such rows of numbers. "
        "0 is no limit.",
        "Nomor yang hanya berbeda pada empat angka terakhir. Penipu meminta kode untuk deretan nomor seperti itu. "
        "0 berarti tanpa batas.",
    ),
    "help.limits.refuse_premium": (
        "Premium and satellite numbers cost many times the usual price.",
        "Nomor premium dan satelit berharga berkali-kali lipat.",
    ),
    "help.otp.attempts": (
        "After so many wrong codes a code is locked, even for the right one.",
        "Setelah sekian kali salah, kode dikunci, juga untuk jawaban yang benar.",
    ),
    "help.otp.length": ("Digits of a code, 4 to 12.", "Banyaknya angka dalam kode, 4 sampai 12."),
    "help.otp.lifetime_s": (
        "Counts where the request itself does not say how long its code is valid.",
        "Dipakai jika permintaan tidak menyebutkan masa berlaku kodenya.",
    ),
    "help.otp.resend_s": (
        "For so long a receiver gets no other code. 0 is no pause.",
        "Selama itu penerima tidak mendapat kode lain. 0 berarti tanpa jeda.",
    ),
    "help.sms.country_code": (
        "What the 0 at the beginning of a number stands for: 0812… becomes 62812….",
        "Pengganti angka 0 di awal nomor: 0812… menjadi 62812….",
    ),
    "help.sms.deadline_s": (
        "An application that sends waits so long at the most for the modem's answer.",
        "Aplikasi pengirim menunggu jawaban modem paling lama sekian.",
    ),
    "help.sms.international_prefixes": (
        "What people dial before a country code, comma-separated.",
        "Yang ditekan orang sebelum kode negara, dipisah koma.",
    ),
    "help.sms.lifetime_s": (
        "A message that could not be sent by then is dropped, where it has no expiry of its own.",
        "Pesan yang belum terkirim sampai saat itu dibatalkan, jika tidak punya batas waktu sendiri.",
    ),
    "help.sms.log_sms": (
        "One line in the log for each message: masked number, modem and outcome, never the text.",
        "Satu baris log untuk setiap pesan: nomor tersamar, modem dan hasil, tidak pernah isinya.",
    ),
    "help.sms.monitor_sms": (
        "Show each message on the monitor page while it is sent, with a masked number and without its text.",
        "Tampilkan setiap pesan di halaman monitor saat dikirim, dengan nomor tersamar dan tanpa isinya.",
    ),
    "help.sms.recipient_prefix_length": (
        "Prefixes of another length get a hint when they are typed, 2 to 8. 0812 is stored as 62812, so it has 5 digits.",
        "Prefix dengan panjang lain diberi petunjuk saat diketik, 2 sampai 8. 0812 disimpan sebagai 62812, jadi 5 angka.",
    ),
    "help.sms.resend_unknown": (
        "When a modem goes silent after it got a short message, another modem sends it once more.",
        "Jika modem diam setelah menerima pesan pendek, modem lain mengirimnya sekali lagi.",
    ),
    "help.sms.routing": (
        "Each modem's prefixes and tariffs are on its own page.",
        "Prefix dan tarif setiap modem ada di halamannya masing-masing.",
    ),
    "help.sms.suppress_across_doors": (
        "For applications that give the same message to REST, RabbitMQ and WSMessageBroker.",
        "Untuk aplikasi yang memberikan pesan yang sama ke REST, RabbitMQ dan WSMessageBroker.",
    ),
    "help.sms.transliterate": (
        "Write “curly quotes” and accents with plain letters where a message then needs fewer parts.",
        "Tulis “kutip miring” dan huruf beraksen dengan huruf biasa jika pesan jadi lebih sedikit bagiannya.",
    ),
    "limits.group_floods": ("Many messages at once", "Banyak pesan sekaligus"),
    "limits.group_numbers": ("Numbers", "Nomor"),
    "limits.group_one_number": ("Each number", "Setiap nomor"),
    "limits.intro": (
        "They protect your credit: whoever gets at an application's password, or tricks its sign-up form, cannot send "
        "without end.",
        "Melindungi pulsa Anda: siapa pun yang memegang password aplikasi, atau mengakali formulir pendaftarannya, "
        "tidak dapat mengirim tanpa batas.",
    ),
    "limits.title": ("Limits", "Batas"),
    "otp.group": ("Codes", "Kode"),
    "otp.intro": (
        "For codes that this device makes and checks itself (request-otp and verify-otp). Nobody but the receiver sees "
        "them.",
        "Untuk kode yang dibuat dan diperiksa sendiri oleh perangkat ini (request-otp dan verify-otp). Hanya penerima "
        "yang melihatnya.",
    ),
    "otp.title": ("One-time passwords", "One-time password (OTP)"),
    "sms_settings.group_numbers": ("Numbers", "Nomor"),
    "sms_settings.group_routing": ("Sending", "Pengiriman"),
    "sms_settings.group_times": ("Times", "Waktu"),
    "sms_settings.group_watching": ("What is shown", "Yang ditampilkan"),
    "sms_settings.intro": (
        "How numbers are read, how a modem is chosen, and how long a message may wait.",
        "Cara membaca nomor, cara memilih modem, dan berapa lama pesan boleh menunggu.",
    ),
    "sms_settings.title": ("SMS settings", "Pengaturan SMS"),
}
