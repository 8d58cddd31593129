"""The website's files: the same for everybody, read once, without the comments, and packed for a slow line."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass

SHARED = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""The component is for any page of the gemeente; there is nothing secret in it."""
KEPT = {**SHARED, "Cache-Control": "max-age=300", "X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding"}
GZIP = re.compile(r"(gzip|\*)(\s*;\s*q=(1(\.0*)?|0?\.\d*[1-9]\d*))?")
"""Somebody who takes it packed; with `q=0` they say that they do not."""
COMMENT = re.compile(r"^ */\*[\s\S]*?\*/\n| +/\*[^*]+\*/(?=\s)|^ *// .*\n|(?<=[;{,\]]) // .*$", re.MULTILINE)
"""Comments as our own files have them: lines of their own, or the end of a line. A `//` in an address has no space around."""


def without_comments(source: str) -> str:
    """The script or style sheet as a browser needs it: comments are a fifth of what a resident's phone would fetch."""
    return re.sub(r"\n\s*", "\n", COMMENT.sub("", source))


@dataclass(frozen=True)
class File:
    """A file of the website, whole and packed. What holds a session is never packed: its length would tell of it."""

    body: bytes
    kind: str
    packed: bytes

    @classmethod
    def of(cls, text: str, kind: str) -> File:
        body = text.encode()
        return cls(body, kind, gzip.compress(body, mtime=0))

    def for_who_takes(self, encodings: str) -> tuple[bytes, dict[str, str]]:
        """What is sent to who says that they take these encodings (a request's Accept-Encoding), and its headers."""
        if any(GZIP.fullmatch(taken.strip()) for taken in encodings.lower().split(",")):
            return self.packed, {**KEPT, "Content-Encoding": "gzip"}
        return self.body, KEPT
