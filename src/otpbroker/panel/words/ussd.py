"""Words of USSD."""

from typing import Final

WORDS: Final = {
    "ussd.anew": ("Start with another code", "Mulai dengan kode lain"),
    "ussd.answer": ("The network's answer by {modem}", "Jawaban jaringan lewat {modem}"),
    "ussd.answer_it": ("Answer", "Balas"),
    "ussd.busy": (
        "Waiting for the network, at most {seconds} s …",
        "Menunggu jaringan, paling lama {seconds} detik …",
    ),
    "ussd.cancel": ("End the session", "Akhiri sesi"),
    "ussd.cancelled": ("The session was ended", "Sesi sudah diakhiri"),
    "ussd.code": ("USSD code", "Kode USSD"),
    "ussd.code_help": ("Digits, *, # and +. Balance:", "Angka, *, #, dan +. Cek pulsa:"),
    "ussd.intro": (
        "Balance, quota and other services of the SIM's operator. The answer is shown here and kept nowhere.",
        "Pulsa, kuota, dan layanan lain dari operator kartu SIM. Jawabannya ditampilkan di sini dan tidak disimpan.",
    ),
    "ussd.no_text": ("The network sent no text.", "Jaringan tidak mengirim teks."),
    "ussd.reply": ("Your answer", "Balasan Anda"),
    "ussd.reply_help": (
        "The network waits for a choice, such as 1. It ends the session by itself after a while.",
        "Jaringan menunggu pilihan, misalnya 1. Sesi ditutup sendiri setelah beberapa saat.",
    ),
    "ussd.run": ("Run", "Jalankan"),
    "ussd.status_0": ("Done", "Selesai"),
    "ussd.status_1": ("The network waits for an answer", "Jaringan menunggu balasan"),
    "ussd.status_2": ("The network has ended the session", "Jaringan sudah mengakhiri sesi"),
    "ussd.status_3": (
        "Something else on the SIM has answered",
        "Layanan lain pada SIM sudah menjawab",
    ),
    "ussd.status_4": (
        "The network does not support this code",
        "Jaringan tidak mendukung kode ini",
    ),
    "ussd.status_5": (
        "The network did not answer in time; try again",
        "Jaringan tidak menjawab tepat waktu; coba lagi",
    ),
    "ussd.status_other": ("Unknown state {status}", "Status {status} tidak dikenal"),
    "ussd.title": ("USSD", "USSD"),
}
