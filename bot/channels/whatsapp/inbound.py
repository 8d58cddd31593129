"""What Meta sends, split: entries, changes, messages; every known kind, and a kind for all that is not known."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SAID, CHOSEN, VOICE, PICTURE, PLACE, OTHER, WELCOME, TAKEN_BACK = KINDS = (
    "said", "chosen", "voice", "picture", "place", "other", "welcome", "taken_back"
)  # fmt: skip
"""What a resident did. `welcome`: opened the chat for the first time, without a word."""
FIELD = "messages"
"""The one field of a change that holds what residents send; echoes of what we sent stand under others."""
UNANSWERED = frozenset({"reaction", "system"})
"""A thumb under a message asks for nothing; a new number is no message."""
PICTURES = frozenset({"image", "video", "document", "sticker"})
MOST_LETTERS = 4096
"""Of a message that is understood; WhatsApp itself lets nobody type more than its own limit."""

MOST_OF_AN_ID = 300
"""Letters; Meta's are a third of it. What is longer is none, and would be kept."""
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

Part = Mapping[str, Any]


@dataclass(frozen=True)
class Inbound:
    """One message of a resident. It lives in memory only, until it is understood."""

    id: str
    """Meta's id. It has the telephone number in it, so it is never kept or logged as it is."""
    user: str | None
    """The id of a user who may hide the number (`NL.1349…`); None from accounts that have none yet."""
    phone: str | None
    sent: float
    """Seconds since 1970, by Meta's clock."""
    kind: str
    text: str = ""
    choice: str = ""
    """The id of the button or list row that was pressed."""
    media: str = ""
    """Of a voice message: Meta's id of the recording."""
    about: str | None = None
    """Meta's id of the message that this one changes or takes back."""

    @property
    def who(self) -> str:
        """Whose conversation this is."""
        return self.user or self.phone or ""


def split(payload: Any, now: float) -> list[Inbound]:
    """All messages of one request, in their order. What is of no known form is passed over, never an error."""
    rows = (raw for value in _values(payload) for raw in _rows(value, "messages"))
    return [message for raw in rows if (message := _read(raw, now))]


def strangers(payload: Any, number: str) -> int:
    """How many messages were written to other numbers than ours, whose id this is."""
    return sum(len(_rows(value, "messages")) for value in _values(payload) if _written_to(value) not in ("", number))


def failures(payload: Any) -> list[int]:
    """Meta's error codes of what could not be delivered, and of the account; other statuses tell us nothing that we need."""
    told = (part for value in _values(payload) for part in (value, *_rows(value, "statuses")))
    codes = (error.get("code") for part in told for error in _rows(part, "errors"))
    return [code for code in codes if isinstance(code, int)]


def _written_to(value: Part) -> str:
    return _text(_part(value, "metadata").get("phone_number_id"))


def _values(payload: Any) -> Iterator[Part]:
    for entry in _rows(payload, "entry"):
        for change in _rows(entry, "changes"):
            if change.get("field", FIELD) == FIELD and isinstance(change.get("value"), Mapping):
                yield change["value"]


def _rows(part: Any, name: str) -> list[Part]:
    rows = part.get(name) if isinstance(part, Mapping) else None
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _read(raw: Part, now: float) -> Inbound | None:
    kind = _text(raw.get("type"))
    user, phone, id_ = (_text(raw.get(name)) for name in ("from_user_id", "from", "id"))
    if not id_ or not 0 < len(user + phone) <= MOST_OF_AN_ID or kind in UNANSWERED or raw.get("group_id"):
        return None
    name, text, choice = _content(kind, raw)
    about = _text(_part(raw, kind).get("original_message_id")) if kind in ("edit", "revoke") else ""
    sent = min(_seconds(raw.get("timestamp"), now), now)
    media = _text(_part(raw, kind).get("id"))[:MOST_OF_AN_ID] if name == VOICE else ""
    return Inbound(id_, user or None, phone or None, sent, name, text[:MOST_LETTERS], choice, media, about or None)


def _content(kind: str, raw: Part) -> tuple[str, str, str]:
    """Kind, text and choice of a message."""
    part = _part(raw, kind)
    if kind == "text":
        return _said(_text(part.get("body")))
    if kind == "interactive":
        chosen = _part(part, _text(part.get("type")))
        return _chosen(_text(chosen.get("id")), _text(chosen.get("title")))
    if kind == "button":
        return _chosen(_text(part.get("payload")), _text(part.get("text")))
    if kind in PICTURES:
        return PICTURE, _text(part.get("caption")), ""
    if kind == "location":
        return PLACE, " ".join(filter(None, (_text(part.get("name")), _text(part.get("address"))))), ""
    if kind == "edit":
        changed = _part(part, "message")
        return _content(_text(changed.get("type")), changed)
    return {"audio": VOICE, "voice": VOICE, "request_welcome": WELCOME, "revoke": TAKEN_BACK}.get(kind, OTHER), "", ""


def _said(text: str) -> tuple[str, str, str]:
    return (SAID, text, "") if text.strip() else (OTHER, "", "")


def _chosen(id_: str, title: str) -> tuple[str, str, str]:
    return (CHOSEN, title, id_) if id_ or title else (OTHER, "", "")


def _part(raw: Part, name: str) -> Part:
    part = raw.get(name)
    return part if isinstance(part, Mapping) else {}


def _text(value: Any) -> str:
    """A text that every database and encoding takes: half a character is a question mark, and nothing is invisible."""
    whole = value.encode(errors="replace").decode() if isinstance(value, str) else ""
    return INVISIBLE.sub(" ", whole)


def _seconds(value: Any, now: float) -> float:
    try:
        seconds = float(value)
    except (TypeError, ValueError, OverflowError):
        return now
    return seconds if math.isfinite(seconds) else now
