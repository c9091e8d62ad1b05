"""From the customer's own document, word for word."""

SEND = """{
"command":"send-sms",
"data":{
"id": 123456,
"msisdn": "08126666666",
"message": "OTP Anda adalah 1234"
}
}"""
BLOCK = """{
"command":"block-msisdn",
"data":{
"msisdn": "08126666666",
}
}"""
UNBLOCK = """{
"command":"unblock-msisdn",
"data":{
"msisdn": "08126666666",
}
}"""
# For WSMessageBroker.
WS_SEND = """{
"command":"send-message",
"channel":"sms",
"data":[{
"command":"send-sms",
"data":{
"id": 123456,
"msisdn": "08126666666",
"message": "OTP Anda adalah 1234"
}
}]
}"""
WS_BLOCK = """{
"command":"send-message",
"channel":"sms",
"data":[{
"command":"block-msisdn",
"data":{
"msisdn": "08126666666",
}
}]
}"""
WS_UNBLOCK = """{
"command":"send-message",
"channel":"sms",
"data":[{
"command":"unblock-msisdn",
"data":{
"msisdn": "08126666666",
}
}]
}"""
MAIL = """{
"command":"send-mail",
"data":{
"recipient": "admin@domain.tld",
"subject": "Reset Password",
"message": "OTP Anda adalah 1234"
}
}"""
