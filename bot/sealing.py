"""Small facts sealed into a token: nobody without the key can read or change it, and it ends by itself."""

from __future__ import annotations

import binascii
import json
import os
import secrets
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
"""Bytes; what AES-GCM asks for."""
COMPACT = json.JSONEncoder(separators=(",", ":"))
IN_ADDRESSES, AS_USUAL = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")
"""Base64 as it may stand in an address, and back; without the five functions that `base64` puts around each way."""


class Sealed(ValueError):
    """A token that is not ours, was changed, or has ended."""


class Seal:
    """Seals and opens tokens for one purpose (`session`, `card`): a token of one never opens as another."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._cipher = AESGCM(blake2b(secret.encode(), digest_size=32, person=purpose.encode()[:16]).digest())

    def close(self, content: dict[str, Any], now: datetime, life: timedelta) -> str:
        plain = COMPACT.encode({**content, "until": int((now + life).timestamp())}).encode()
        nonce = os.urandom(NONCE)
        whole = binascii.b2a_base64(nonce + self._cipher.encrypt(nonce, plain, None), newline=False)
        return whole.translate(IN_ADDRESSES).rstrip(b"=").decode()

    def open(self, token: str, now: datetime) -> dict[str, Any]:
        """What was sealed; raises Sealed for anything but a whole, living token of this purpose."""
        try:
            raw = binascii.a2b_base64(token.encode().translate(AS_USUAL) + b"=" * (-len(token) % 4))
            content: dict[str, Any] = json.loads(self._cipher.decrypt(raw[:NONCE], raw[NONCE:], None).decode())
        except (ValueError, InvalidTag) as error:
            raise Sealed("not a token of ours") from error
        if content["until"] < now.timestamp():
            raise Sealed("this token has ended")
        return content


def secret_key(given: str | None, var: Path) -> str:
    """The given key, or a random one that is made once and kept in `var`, readable by this user only."""
    if given:
        return given
    path = var / "secret.key"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text(encoding="utf-8").strip()
