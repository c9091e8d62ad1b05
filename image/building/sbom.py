"""A bill of materials (SPDX 2.3) of what dpkg says is installed in an image."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote


@dataclass(frozen=True)
class Package:
    """An installed Debian package; `source` is the package that its source comes by."""

    name: str
    version: str
    arch: str
    source: str
    maintainer: str


def _fields(stanza: str) -> dict[str, str]:
    """The single-line fields of a Debian control paragraph; continuation lines are left out."""
    lines = (line.partition(":") for line in stanza.splitlines() if line[:1].strip())
    return {name: value.strip() for name, _, value in lines}


def packages(status: str) -> list[Package]:
    """The installed packages of a dpkg status file, by name."""
    found = []
    for stanza in status.split("\n\n"):
        field = _fields(stanza)
        if field.get("Status", "").endswith(" installed"):
            source = field.get("Source", field["Package"]).split(" ")[0]
            made = (field["Package"], field["Version"], field["Architecture"], source, field.get("Maintainer", ""))
            found.append(Package(*made))
    return sorted(found, key=lambda package: (package.name, package.arch))


def _element(package: Package, distribution: str) -> dict[str, object]:
    """SPDX 2.3 §7; the locator is a package URL."""
    where = f"arch={package.arch}&distro={distribution}&upstream={quote(package.source)}"
    owner = "debian" if package.name != "otp-broker" else "otp-broker"
    locator = f"pkg:deb/{owner}/{quote(package.name)}@{quote(package.version)}?{where}"
    digest = hashlib.sha256(f"{package.name} {package.arch}".encode()).hexdigest()[:12]
    return {
        "SPDXID": f"SPDXRef-Package-{digest}",
        "name": package.name,
        "versionInfo": package.version,
        "supplier": f"Person: {package.maintainer}" if package.maintainer else "NOASSERTION",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "primaryPackagePurpose": "LIBRARY" if package.name.startswith("lib") else "APPLICATION",
        "externalRefs": [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": locator},
        ],
    }


def document(name: str, status: str, distribution: str, epoch: int) -> dict[str, object]:
    """The SPDX document of an image called `name`. The same status file and epoch (unix s) give the same document."""
    elements = [_element(package, distribution) for package in packages(status)]
    image = {
        "SPDXID": "SPDXRef-Image",
        "name": name,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "primaryPackagePurpose": "OPERATING-SYSTEM",
    }
    contains = [
        {"spdxElementId": "SPDXRef-Image", "relationshipType": "CONTAINS", "relatedSpdxElement": element["SPDXID"]}
        for element in elements
    ]
    describes = {
        "spdxElementId": "SPDXRef-DOCUMENT",
        "relationshipType": "DESCRIBES",
        "relatedSpdxElement": "SPDXRef-Image",
    }
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": f"urn:otp-broker:{name}:{hashlib.sha256(status.encode()).hexdigest()[:32]}",
        "creationInfo": {
            "created": datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": ["Tool: otp-broker-build-image"],
        },
        "packages": [image, *elements],
        "relationships": [describes, *contains],
    }
