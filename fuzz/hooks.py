"""What a description cannot say: which sessions and cards live, and how Meta signs."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from typing import Any

import requests
import schemathesis

ALIVE: dict[str, Any] = json.loads(os.environ["FUZZ_ALIVE"])
"""`schemas`: what may stand there; `examples`: what is sent once; `app_secret`. Of the server that is asked: without them chance
never comes past the door."""
WEBHOOK = {"/webhooks/whatsapp/webhook"}


@schemathesis.hook
def before_load_schema(_context: schemathesis.HookContext, raw_schema: dict[str, Any]) -> None:
    """Right is a session, a card, a word that lives here and now; wrong is any other."""
    for name, values in ALIVE["schemas"].items():
        if schema := raw_schema["components"]["schemas"].get(name):
            schema["enum"] = values
    for name, value in ALIVE["examples"].items():
        raw_schema["components"]["schemas"][name]["example"] = value
    for path in WEBHOOK & raw_schema["paths"].keys():  # all is signed below; what is not, tests/test_whatsapp.py sends
        raw_schema["paths"][path]["post"].pop("security")


class SignedByMeta(requests.auth.AuthBase):
    """Signs the bytes as they leave, with the app's secret."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else body
        digest = hmac.new(ALIVE["app_secret"].encode(), content, hashlib.sha256).hexdigest()
        request.headers["X-Hub-Signature-256"] = f"sha256={digest}"
        return request


@schemathesis.hook
def before_call(_context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Meta signs all that it sends."""
    if case.operation.path in WEBHOOK:
        kwargs["auth"] = SignedByMeta()
