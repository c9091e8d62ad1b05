"""From the customer's own document, word for word."""

MAIL = """{
"command":"send-mail",
"data":{
"recipient": "admin@domain.tld",
"subject": "Reset Password",
"message": "OTP Anda adalah 1234"
}
}"""
