"""What a record is called in the DNS. Pure."""

from otpbroker.config.sections.ddns import DdnsRecord


def host_name(record: DdnsRecord) -> str:
    """The whole name, in lower case: `otp` below `example.com` is otp.example.com, `@` the zone itself."""
    zone, name = record.zone.lower(), record.record_name.lower()
    if name == "@":
        return zone
    if not zone or name == zone or name.endswith(f".{zone}"):
        return name
    return f"{name}.{zone}"
