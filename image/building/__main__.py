"""python3 -m image.building check|publish|boot: the last steps of scripts/build-image, and a look at what came out."""

import argparse
import hashlib
import json
import sys
import tempfile
from pathlib import Path

from image.building import check, manifest, sbom
from image.building.boot import boot
from image.building.disk import copy_fat, copy_root, label_of, read_root, table_of


def _write(path: Path, document: dict[str, object]) -> None:
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check(args: argparse.Namespace) -> int:
    image: Path = args.image
    table = table_of(image)
    bad = 0
    with tempfile.TemporaryDirectory(prefix="otpb-image-") as folder:
        boot, root = Path(folder, "boot"), Path(folder, "root")
        copy_fat(image, table.partitions[0], boot)
        copy_root(image, table.partitions[1], check.ROOT_PATHS, root)
        labels = tuple(label_of(image, part) for part in table.partitions)
        opened = check.Opened(args.config, args.arch, table, labels, boot, root)
        for one in check.CHECKS:
            found = list(one(opened))
            bad += len(found)
            print(f"{'FAILED' if found else 'ok':6} {one.__name__.replace('_', ' ')}")
            for problem in found:
                print(f"       {problem}")
    compressed = Path(f"{image}.xz")
    if compressed.exists():
        size = compressed.stat().st_size
        print(f"{'ok' if size <= check.MAX_COMPRESSED else 'FAILED':6} {size / check.MIB:.0f} MiB compressed")
        bad += size > check.MAX_COMPRESSED
    return min(bad, 1)


def _publish(args: argparse.Namespace) -> int:
    image: Path = args.image
    compressed = Path(f"{image}.xz")
    name = image.name.removesuffix(".img")
    base = image.with_suffix("")
    status = read_root(image, table_of(image).partitions[1], "/var/lib/dpkg/status").decode("utf-8")
    _write(Path(f"{base}.spdx.json"), sbom.document(name, status, "debian-13", args.epoch))
    sums = {path: _sha256(path) for path in (image, compressed)}
    Path(f"{compressed}.sha256").write_text(f"{sums[compressed]}  {compressed.name}\n", "ascii")
    print(f"{compressed}.sha256")
    if args.arch == "arm64":
        url = f"{args.url.rstrip('/')}/{compressed.name}" if args.url else compressed.resolve().as_uri()
        sizes = (image.stat().st_size, sums[image], compressed.stat().st_size, sums[compressed])
        built = manifest.Built(args.version, args.config, url, *sizes)
        _write(Path(f"{base}.rpi-imager-manifest"), manifest.document(built, args.epoch))
    return 0


def _boot(args: argparse.Namespace) -> int:
    return boot(args.image.resolve(), args.arch, args.folder, args.timeout)


def main() -> int:
    parser = argparse.ArgumentParser(prog="image.building", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for name, do in (("check", _check), ("publish", _publish), ("boot", _boot)):
        command = commands.add_parser(name)
        command.set_defaults(do=do)
        command.add_argument("image", type=Path)
        command.add_argument("--config", choices=("debian", "raspios"), default="debian")
        command.add_argument("--arch", choices=("arm64", "amd64"), default="arm64")
        if name == "boot":
            command.add_argument("--timeout", type=float, default=600)
            command.add_argument("--folder", type=Path, required=True)
        if name == "publish":
            command.add_argument("--version", required=True)
            command.add_argument("--epoch", type=int, required=True)
            command.add_argument("--url", default="")
    args = parser.parse_args()
    done: int = args.do(args)
    return done


if __name__ == "__main__":
    sys.exit(main())
