"""Puts a whole folder in the place of another: all of it or nothing, whenever the power fails.

The new folder is made beside the old one, forced to the disk, and the two change places in one step of the kernel. What
did not change is the same file under both names (a hard link), so that nothing of it is written again.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # no Unix: without the lock two imports at once are the editor's own care
    fcntl = None  # type: ignore[assignment]

AT_FDCWD, RENAME_EXCHANGE = -100, 2
NOT_HERE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)
"""What a kernel or a filesystem answers that cannot exchange two folders."""


class FolderBusy(Exception):
    """Somebody else is putting a folder in force at this moment."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else changes the folder meanwhile; what an import that was cut off left behind is cleared away."""
    handle = os.open(folder.parent, os.O_RDONLY)
    try:
        if fcntl is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise FolderBusy(f"{folder}: another import is under way; try again when it is done") from error
        recover(folder)
        yield
    finally:
        os.close(handle)


def staged(folder: Path) -> Path:
    """A second folder beside the first, with the same files. To change one, remove it and write it anew."""
    staging = staging_of(folder)
    shutil.copytree(folder, staging, symlinks=True, copy_function=_linked)
    return staging


def staging_of(folder: Path) -> Path:
    return folder.parent / f".{folder.name}.staging"


def old_of(folder: Path) -> Path:
    return folder.parent / f".{folder.name}.old"


def put_in_force(folder: Path) -> None:
    """The staged folder takes the place of the one in force, which is thrown away."""
    staging = staging_of(folder)
    for below, _, names in os.walk(staging):
        for name in names:
            force_to_disk(Path(below) / name)
        force_to_disk(Path(below))
    force_to_disk(folder.parent)
    if exchange(staging, folder):
        force_to_disk(folder.parent)
        shutil.rmtree(staging)
    else:
        in_two_steps(folder)


def exchange(one: Path, other: Path) -> bool:
    """Two folders change names at once; False where this kernel or filesystem cannot do that."""
    if not sys.platform.startswith("linux"):
        return False
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in NOT_HERE:
        return False
    raise OSError(number, os.strerror(number), str(other))


def in_two_steps(folder: Path) -> None:
    """Where nothing better is to be had: between the steps the old folder waits under another name for `recover`."""
    os.rename(folder, old_of(folder))
    os.rename(staging_of(folder), folder)
    force_to_disk(folder.parent)
    shutil.rmtree(old_of(folder))


def recover(folder: Path) -> None:
    """After an import that was cut off: the map in force stands in its place, and nothing else stands beside it."""
    if not folder.exists() and old_of(folder).is_dir():
        os.rename(old_of(folder), folder)
    for rest in (staging_of(folder), old_of(folder)):
        if rest.is_dir():
            shutil.rmtree(rest)


def put_back(folder: Path) -> None:
    """Where an import was cut off between the two steps: the old folder has its name again."""
    if not folder.exists() and old_of(folder).is_dir():
        with alone(folder):
            pass


def force_to_disk(path: Path) -> None:
    if path.is_symlink():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        with suppress(PermissionError):
            os.fsync(handle)
    finally:
        os.close(handle)


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
