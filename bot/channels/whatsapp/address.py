"""Where an answer goes, sealed; and what stands for Meta's id of a message, which has the telephone number in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from bot.channels.whatsapp.inbound import Inbound
from bot.sealing import Seal
from bot.settings import AMSTERDAM

PURPOSE = "whatsapp"
LIFE = timedelta(hours=24)


@dataclass(frozen=True)
class Address:
    """A resident, as Meta names them; one of the two at least."""

    user: str | None
    phone: str | None

    @property
    def who(self) -> str:
        """Whose conversation this is."""
        return self.user or self.phone or ""

    def fields(self) -> dict[str, str]:
        """As the Cloud API has it: `to` a number, or `recipient` where the number is hidden."""
        return {"to": self.phone} if self.phone else {"recipient": self.user or ""}


class Addresses:
    """Seals addresses for as long as an answer may be sent, and hashes ids."""

    def __init__(self, secret: str) -> None:
        self._seal = Seal(secret, PURPOSE)
        self._key = blake2b(secret.encode(), digest_size=32, person=b"whatsapp id").digest()

    def close(self, message: Inbound) -> str:
        return self._seal.close(asdict(Address(message.user, message.phone)), self._now(), LIFE)

    def open(self, sealed: str) -> Address:
        """Raises Sealed for what was not sealed here, or longer ago than an answer may be sent."""
        content = self._seal.open(sealed, self._now())
        return Address(content["user"], content["phone"])

    def mark(self, who: str, id_: str) -> str:
        """What stands for Meta's id of a message of this resident's."""
        return blake2b(f"{who}\0{id_}".encode(), key=self._key, digest_size=16).hexdigest()

    @staticmethod
    def _now() -> datetime:
        """Elapsed time: the real clock, also under DREMPELHULP_NOW."""
        return datetime.now(AMSTERDAM)
