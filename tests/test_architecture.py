"""ARCHITECTURE.md tells where what stands: each of its paths exists, and no folder is missing from it."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
TOLD = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
PATHS = {path.rstrip("/") for path in re.findall(r"`((?:pages|dashboard|services|tests)/[\w/.*]*)`", TOLD)}
DATA = (".toml", ".html", ".css", ".js", ".po", ".mako")
LARGEST = 20
"""Files that a folder may hold and still be looked over."""


def test_every_path_that_is_told_exists() -> None:
    assert len(PATHS) > 40
    assert not [path for path in PATHS if not list(ROOT.glob(path))]


def test_every_room_is_told() -> None:
    rooms = [path.relative_to(ROOT) for top in ("dashboard", "services") for path in (ROOT / top).iterdir()
             if (path / "__init__.py").is_file()]  # fmt: skip
    assert len(rooms) > 15
    assert not [str(room) for room in rooms if str(room) not in PATHS]


def test_no_folder_is_too_large_to_be_looked_over() -> None:
    folders = {file.parent for top in ("dashboard", "services", "tests") for file in (ROOT / top).rglob("*.py")}
    sizes = {str(folder.relative_to(ROOT)): len(list(folder.glob("[!_]*.py"))) for folder in folders}
    assert len(sizes) > 40
    assert not {folder: size for folder, size in sizes.items()
                if size > LARGEST and "migrations" not in folder}  # fmt: skip


def test_what_is_no_module_comes_along_in_the_wheel() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]
    packed = {file for top, patterns in told.items() for one in patterns for file in (ROOT / top).glob(one)}
    found = {file for top in ("dashboard", "services", "pages") for file in (ROOT / top).rglob("*.*")
             if file.suffix in DATA and file.name != "ruff.toml"}  # fmt: skip
    assert len(packed) > 10
    assert not found - packed
