"""What goes between us and an engine's process: a head of JSON and a body of bytes, each with its length before it.

Only the standard library is used here: an engine's process may run in an environment of its own.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

LENGTHS = struct.Struct(">II")
"""Bytes of the head, bytes of the body."""
MOST_BYTES = 64_000_000
"""More than any sound that we take or make; a length beyond it is a broken frame."""
Head = dict[str, Any]
Answer = Callable[[Head, bytes], tuple[Head, bytes]]


def packed(head: Head, body: bytes = b"") -> bytes:
    raw = json.dumps(head).encode()
    return LENGTHS.pack(len(raw), len(body)) + raw + body


def lengths(raw: bytes) -> tuple[int, int]:
    """Raises ValueError for what is no frame."""
    head, body = LENGTHS.unpack(raw)
    if head + body > MOST_BYTES:
        raise ValueError(f"a frame of {head} + {body} bytes; {MOST_BYTES} at most")
    return head, body


def serve(answer: Answer) -> None:
    """Answers frame after frame until nobody asks any more. A failure is told by the name of its kind alone."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints must not come between the frames
    while len(start := source.read(LENGTHS.size)) == LENGTHS.size:
        head, body = _read(source, *lengths(start))
        try:
            target.write(packed(*answer(head, body)))
        except Exception as error:  # a message may stand in the error's text: only its kind is told
            target.write(packed({"error": type(error).__name__}))
        target.flush()


def _read(source: BinaryIO, head: int, body: int) -> tuple[Head, bytes]:
    return dict(json.loads(source.read(head))), source.read(body)
