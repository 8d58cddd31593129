"""An engine in a process of its own: started when it is first asked, one question at a time, ended when it hangs."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.paths import ROOT
from bot.voice.frames import LENGTHS, lengths, packed

PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "OMP_NUM_THREADS")
"""All that an engine gets of our environment: it needs no key and no token."""


class EngineFailed(Exception):
    """The engine gave no answer: it is not there, it fell over, or it took too long. Holds no word of what was said."""


class EngineProcess:
    """`command` speaks frames over its standard input and output; what it prints as errors goes nowhere."""

    def __init__(self, command: Sequence[str], seconds: float) -> None:
        self._command = tuple(command)
        self._seconds = seconds
        self._running: asyncio.subprocess.Process | None = None
        self._turn: asyncio.Lock | None = None
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """How many questions are under way or wait for their turn."""
        return self._waiting

    async def ask(self, head: dict[str, Any], body: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """The engine's answer. Raises EngineFailed; the next question starts the engine anew."""
        self._turn = self._turn or asyncio.Lock()  # made in the loop that uses it
        self._waiting += 1
        try:
            async with self._turn:
                said, sound = await self._asked(packed(head, body))
        finally:
            self._waiting -= 1
        if "error" in said:
            raise EngineFailed(f"{self._command[-1]}: {said['error']}")
        return said, sound

    async def _asked(self, question: bytes) -> tuple[dict[str, Any], bytes]:
        try:
            return await asyncio.wait_for(self._exchange(question), self._seconds)
        except (OSError, EOFError, ValueError, asyncio.TimeoutError) as error:
            await self.stop()
            raise EngineFailed(f"{self._command[-1]}: {type(error).__name__}") from None
        except asyncio.CancelledError:
            await self.stop()  # half a question in the pipe would answer the next one
            raise

    async def _exchange(self, question: bytes) -> tuple[dict[str, Any], bytes]:
        running = await self._started()
        assert running.stdin and running.stdout
        running.stdin.write(question)
        await running.stdin.drain()
        head, body = lengths(await running.stdout.readexactly(LENGTHS.size))
        said = json.loads(await running.stdout.readexactly(head))
        return said, await running.stdout.readexactly(body)

    async def _started(self) -> asyncio.subprocess.Process:
        if self._running is None or self._running.returncode is not None:
            self._running = await asyncio.create_subprocess_exec(
                *self._command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL, cwd=ROOT, env=_environment(),
            )  # fmt: skip
        return self._running

    async def stop(self) -> None:
        """Ends the engine, at once."""
        running, self._running = self._running, None
        if running is not None and running.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                running.kill()
            await running.wait()


def _environment() -> dict[str, str]:
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**passed, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def python_command(module: str, *arguments: str | Path, python: str) -> tuple[str, ...]:
    """Runs a module of ours in the environment of `python`, without its user's own packages."""
    return (python, "-s", "-m", module, *map(str, arguments))
