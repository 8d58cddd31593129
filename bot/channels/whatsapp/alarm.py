"""What keeps answers from leaving, said in the log when it begins and each quarter of an hour, and when it is over.

Never with a message, a number or an address in it: only Meta's code and what to do.
"""

from __future__ import annotations

import logging
import time

from bot.channels.whatsapp.trouble import NotSent, Trouble

logger = logging.getLogger(__name__)
AGAIN = 900.0
"""Seconds after which a trouble that goes on is said again: a line for each try would fill the disk in a bad night."""
LASTING = frozenset({Trouble.AWAY, Trouble.TOKEN, Trouble.UNSURE})
"""Those that hold up everybody."""
WHAT_TO_DO = {
    Trouble.TOKEN: (
        "Meta refuses our access (code %d): answers wait. Put a valid token into DREMPELHULP_WHATSAPP_TOKEN; in .env it"
        " counts at once"
    ),
    Trouble.AWAY: "Meta takes nothing at the moment (code %d): answers wait",
    Trouble.UNSURE: "Meta gave no receipt (code %d): answers wait until it answers again",
    Trouble.MALFORMED: "Meta does not take the form of an answer (code %d)",
    Trouble.TOO_FAST: "Meta holds back one resident (code %d): this answer waits",
    Trouble.NEVER: "an answer cannot reach its resident and is let go (code %d)",
}
GRAVE = frozenset({Trouble.TOKEN, Trouble.MALFORMED})


class Alarm:
    """What is the matter now; None where answers leave."""

    def __init__(self) -> None:
        self.trouble: Trouble | None = None
        self._said = 0.0

    def raised(self, refusal: NotSent) -> None:
        trouble, now = refusal.trouble, time.monotonic()
        if trouble in LASTING:
            known, self.trouble = self.trouble is trouble, trouble
            if known and now - self._said < AGAIN:
                return
            self._said = now
        logger.log(logging.ERROR if trouble in GRAVE else logging.WARNING, WHAT_TO_DO[trouble], refusal.code)

    def over(self) -> None:
        if self.trouble:
            logger.warning("answers leave again")
            self.trouble = None
