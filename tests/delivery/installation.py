"""Jangbu as a wheel in an environment of its own: no checkout in sight, nobody's home, nothing to write to."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from uv import find_uv_bin

from tests.worlds.screens.screens import ROOT

PACKED = ("dashboard", "pages", "services")
PATIENCE = 300
_DROP_FROM_BOUNDING_SET, _DAC_OVERRIDE = 24, 1
"""linux/prctl.h, linux/capability.h"""


@dataclass(frozen=True)
class Installation:
    """An environment with Jangbu in it, which whoever runs it cannot write to."""

    folder: Path
    wheel: Path

    @property
    def bin(self) -> Path:
        """Where `jangbu` is."""
        return self.folder / "environment" / "bin"

    def start(self, *command: str | Path, cwd: Path, **settings: str) -> subprocess.Popen[str]:
        """A command of the environment, with nothing of this one's settings."""
        named = {"HOME": "/nonexistent", "PATH": f"{self.bin}:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.Popen(
            command, cwd=cwd, env=named | settings, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            preexec_fn=_obey,
        )  # fmt: skip

    def told(self, *command: str | Path, cwd: Path, **settings: str) -> str:
        """What a command says that ends well."""
        with self.start(*command, cwd=cwd, **settings) as process:
            said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, said
        return said


@contextmanager
def installed() -> Iterator[Installation]:
    """Builds the wheel from a copy of what it is made of, and installs it; what it depends on is this environment's."""
    with TemporaryDirectory(prefix="jangbu-delivery-") as made:
        folder = Path(made)
        wheel = _build(folder)
        environment = folder / "environment"
        _run(sys.executable, "-m", "venv", "--without-pip", environment)
        # A line in a .pth leads to the packages, but not to the .pth among them that leads to the checkout.
        packages = next(environment.glob("lib/python*/site-packages"))
        (packages / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
        _run(
            find_uv_bin(), "pip", "install", "--quiet", "--offline", "--no-deps", "--no-cache", "--compile-bytecode",
            "--python", environment / "bin" / "python", wheel,
        )  # fmt: skip
        close_to_writes(environment)
        yield Installation(folder, wheel)


def _build(folder: Path) -> Path:
    source = folder / "source"
    for name in PACKED:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", ".ruff_cache"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    build = "import sys, setuptools.build_meta as backend; backend.build_wheel(sys.argv[1])"
    _run(sys.executable, "-c", build, folder / "wheel", cwd=source)
    shutil.rmtree(source)
    (wheel,) = (folder / "wheel").glob("*.whl")
    return wheel


def close_to_writes(folder: Path) -> None:
    """Nothing below it can be changed, by `start` at least."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)


def _obey() -> None:
    """What is closed to writes is so for root, too: as a container's read-only file system is."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a run in the background of a shell ignores it
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(_DROP_FROM_BOUNDING_SET, _DAC_OVERRIDE, 0, 0, 0)


def _run(*command: str | Path, cwd: Path | None = None) -> None:
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr
