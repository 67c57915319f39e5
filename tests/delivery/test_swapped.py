"""A dependency that was swapped: what has another hash than the lock says is not installed, by either installer."""

import base64
import re
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from tests.worlds.screens.screens import ROOT

PIP = (sys.executable, "-m", "pip", "install", "--disable-pip-version-check")
UV = (str(Path(sys.executable).with_name("uv")), "pip", "install", "--python", sys.executable)


def wheel(folder: Path, words: str) -> str:
    """A package `swapped` with these words in it, as a file in `folder`; its SHA-256."""
    place, info = folder / "swapped-1.0-py3-none-any.whl", "swapped-1.0.dist-info"
    files = {
        "swapped.py": f"SAID = {words!r}\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: swapped\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},sha256={_digest(text)},{len(text)}\n" for name, text in files.items())
    with zipfile.ZipFile(place, "w") as archive:
        for name, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return sha256(place.read_bytes()).hexdigest()


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=").decode()


@pytest.mark.parametrize("installer", [PIP, UV], ids=["pip", "uv"])
def test_a_package_with_another_hash_than_the_locks_is_not_installed(
    tmp_path: Path, installer: tuple[str, ...]
) -> None:
    lock, there = tmp_path / "lock", tmp_path / "there"
    lock.write_text(f"swapped==1.0 --hash=sha256:{wheel(tmp_path, 'honest')}\n")
    command = [*installer, "--no-index", "--find-links", str(tmp_path), "--require-hashes", "--no-deps"]
    command += ["--target", str(there), "-r", str(lock)]
    wheel(tmp_path, "evil")
    refused = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert refused.returncode != 0
    assert "hash" in (refused.stdout + refused.stderr).lower()
    assert not (there / "swapped.py").exists()
    wheel(tmp_path, "honest")
    assert subprocess.run(command, capture_output=True, timeout=120).returncode == 0
    assert (there / "swapped.py").read_text() == "SAID = 'honest'\n"


@pytest.mark.parametrize("file", ["Makefile", "Containerfile"])
def test_whatever_is_installed_is_held_against_its_hash_but_ourselves(file: str) -> None:
    text = (ROOT / file).read_text("utf-8").replace("\\\n", " ")
    lines = [
        part for line in text.splitlines() if not line.lstrip().startswith("#") for part in re.split(r"\|\||&&", line)
    ]
    asked = [line for line in lines if re.search(r"\bpip\b.* install\b", line)]
    assert asked
    loose = [line for line in asked if "--require-hashes" not in line]
    assert [line for line in loose if "--no-deps" not in line] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "deploy/requirements.lock"])
def test_every_package_of_the_lock_has_its_hash_and_no_address(lock: str) -> None:
    packages = re.findall(r"^([a-z0-9][^ ]*==[^ ]+)((?:.*\\\n)*.*)$", (ROOT / lock).read_text("utf-8"), re.MULTILINE)
    assert len(packages) > 30
    assert [name for name, rest in packages if "--hash=sha256:" not in rest] == []
    assert "://" not in (ROOT / lock).read_text("utf-8")
