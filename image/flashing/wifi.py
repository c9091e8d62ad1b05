"""What a QR code says so that a phone joins a Wi-Fi: `WIFI:T:WPA;S:…;P:…;;`, as ZXing wrote it down and phones read it.
Pure.
"""

_SPECIAL = '\\;,":'


def code(ssid: str, passphrase: str) -> str:
    return f"WIFI:T:WPA;S:{_escaped(ssid)};P:{_escaped(passphrase)};;"


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in _SPECIAL else char for char in text)
