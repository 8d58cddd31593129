"""What Meta's refusals mean for us, by its own error codes."""

from __future__ import annotations

from enum import Enum
from typing import Any

NO_SUCH_OBJECT = 33
"""As a code, or as the subcode of 100: the number's id is not one that this token may use."""


class Trouble(Enum):
    """Why a message was not sent."""

    AWAY = "away"
    """Meta is down, or takes no more from us at the moment: all wait."""
    TOKEN = "token"
    """Our access has ended or does not reach so far: all wait, and somebody has to act."""
    TOO_FAST = "too_fast"
    """Too much to this one resident: this one waits."""
    NEVER = "never"
    """It cannot reach them, now or later."""
    MALFORMED = "malformed"
    """Our own mistake; the same as plain text may do."""
    UNSURE = "unsure"
    """It was handed over and no receipt came: it may have arrived."""


CODES = {
    **dict.fromkeys((1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131057, 133004), Trouble.AWAY),
    **dict.fromkeys((0, 3, 10, 33, 190, 368, 131005, 131031, 131042, 131045, 133010), Trouble.TOKEN),
    **dict.fromkeys(range(200, 300), Trouble.TOKEN),
    131056: Trouble.TOO_FAST,
    **dict.fromkeys((130472, 130497, 131021, 131026, 131030, 131047, 131049, 131050), Trouble.NEVER),
    **dict.fromkeys((131051, 131052, 131053), Trouble.NEVER),
    **dict.fromkeys((100, 131008, 131009), Trouble.MALFORMED),
}
"""Meta's error codes; 131047: more than a day since they wrote, 131026: undeliverable, 131030: a test number's own list,
131042: an unpaid bill, 133010: the number is not registered."""


class NotSent(Exception):
    """It was not sent: why, and Meta's code or the HTTP status. Never with the message in it."""

    def __init__(self, trouble: Trouble, code: int = 0) -> None:
        super().__init__(f"{trouble.value} ({code})")
        self.trouble, self.code = trouble, code


def refused(status: int, answer: Any) -> NotSent:
    """What a refusal means: by Meta's code, and where there is none that we know by the HTTP status."""
    error = answer.get("error") if isinstance(answer, dict) else None
    error = error if isinstance(error, dict) else {}
    code = error.get("code")
    if error.get("error_subcode") == NO_SUCH_OBJECT:
        return NotSent(Trouble.TOKEN, NO_SUCH_OBJECT)
    if isinstance(code, int) and code in CODES:
        return NotSent(CODES[code], code)
    if status == 429 or status >= 500:
        return NotSent(Trouble.AWAY, status)
    if status in (401, 403, 404):
        return NotSent(Trouble.TOKEN, status)
    return NotSent(Trouble.MALFORMED, code if isinstance(code, int) else status)
