"""The list that Raspberry Pi Imager reads (--repo, or "use custom repository"): one entry, our image."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime

# Imager shows an entry only for boards whose tag it has. A Zero 2 W has the Pi 3's tag.
_DEVICES = {
    "debian": ("pi3-64bit", "pi4-64bit"),
    "raspios": ("pi3-64bit", "pi4-64bit", "pi5-64bit"),
}
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" rx="8" fill="#0b6e4f"/>'
    '<path d="M8 11h24v15H20l-6 5v-5H8z" fill="#fff"/><g fill="#0b6e4f"><circle cx="14" cy="18.500" r="2"/>'
    '<circle cx="20" cy="18.500" r="2"/><circle cx="26" cy="18.500" r="2"/></g></svg>'
)


@dataclass(frozen=True)
class Built:
    """An image as it was built: its digests in hexadecimal, sizes in bytes."""

    version: str
    config: str
    url: str
    size: int
    sha256: str
    compressed_size: int
    compressed_sha256: str


def document(built: Built, epoch: int) -> dict[str, object]:
    """Imager's os_list with this image. No init_format: Imager's own customisation is not ours (otpbroker.yaml is)."""
    base = {"debian": "Debian 13", "raspios": "Raspberry Pi OS Lite"}[built.config]
    icon = base64.b64encode(_ICON.encode()).decode()
    entry = {
        "name": f"OTP Broker {built.version}",
        "description": f"SMS and e-mail one-time-password gateway for USB GSM modems, on {base} (64-bit)",
        "icon": f"data:image/svg+xml;base64,{icon}",
        "url": built.url,
        "extract_size": built.size,
        "extract_sha256": built.sha256,
        "image_download_size": built.compressed_size,
        "image_download_sha256": built.compressed_sha256,
        "release_date": datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d"),
        "devices": list(_DEVICES[built.config]),
        "architecture": "armv8",
    }
    return {"os_list": [entry]}
