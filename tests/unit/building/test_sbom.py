import json

from hypothesis import given
from hypothesis import strategies as st
from image.building.sbom import Package, document, packages

STATUS = """Package: zlib1g
Status: install ok installed
Maintainer: Somebody <somebody@example.org>
Architecture: arm64
Multi-Arch: same
Source: zlib (1:1.3)
Version: 1:1.3.dfsg+really1.3.1-1+b1
Description: library
 Package: not-a-package
 Status: install ok installed

Package: gone
Status: deinstall ok config-files
Architecture: arm64
Version: 1

Package: otp-broker
Status: install ok installed
Architecture: all
Version: 0.1.0
"""


def test_what_is_installed_is_listed_and_nothing_else():
    found = packages(STATUS)
    assert [(package.name, package.version, package.source) for package in found] == [
        ("otp-broker", "0.1.0", "otp-broker"),
        ("zlib1g", "1:1.3.dfsg+really1.3.1-1+b1", "zlib"),
    ]


def test_each_package_is_named_by_a_package_url_and_contained_in_the_image():
    made = document("image", STATUS, "debian-13", 0)
    elements = made["packages"][1:]
    locators = [element["externalRefs"][0]["referenceLocator"] for element in elements]
    assert locators == [
        "pkg:deb/otp-broker/otp-broker@0.1.0?arch=all&distro=debian-13&upstream=otp-broker",
        "pkg:deb/debian/zlib1g@1%3A1.3.dfsg%2Breally1.3.1-1%2Bb1?arch=arm64&distro=debian-13&upstream=zlib",
    ]
    contained = [each["relatedSpdxElement"] for each in made["relationships"] if each["relationshipType"] == "CONTAINS"]
    assert contained == [element["SPDXID"] for element in elements]
    assert made["creationInfo"]["created"] == "1970-01-01T00:00:00Z"


def test_the_same_packages_give_the_same_document():
    assert json.dumps(document("a", STATUS, "debian-13", 7)) == json.dumps(document("a", STATUS, "debian-13", 7))
    other = document("a", STATUS.replace("0.1.0", "0.1.1"), "debian-13", 7)
    assert other["documentNamespace"] != document("a", STATUS, "debian-13", 7)["documentNamespace"]


WORD = st.from_regex(r"[a-z0-9][a-z0-9+.-]{1,12}", fullmatch=True)


@given(st.dictionaries(st.tuples(WORD, st.sampled_from(["arm64", "all"])), WORD, max_size=8))
def test_a_status_file_is_read_as_it_was_written(versions):
    stanza = "Package: {}\nStatus: install ok installed\nArchitecture: {}\nVersion: {}\n"
    status = "\n".join(stanza.format(name, arch, version) for (name, arch), version in versions.items())
    expected = [Package(name, version, arch, name, "") for (name, arch), version in sorted(versions.items())]
    assert packages(status) == expected
    identifiers = [element["SPDXID"] for element in document("x", status, "d", 0)["packages"]]
    assert len(set(identifiers)) == len(identifiers)
