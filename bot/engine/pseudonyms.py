"""Names under which conversations are kept: a channel's own id, hashed with a random key of the day, kept for two days."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from hashlib import blake2b

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.engine.tables import DAY_KEYS


class Pseudonyms:
    """What a channel's id is called today, and what it was called yesterday."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._keys: tuple[date, list[bytes]] | None = None

    def of(self, channel_id: str, today: date) -> list[str]:
        """Today's name, and yesterday's where that day's key is still there."""
        return [_name(channel_id, key) for key in self._keys_of(today)]

    def forget(self, today: date) -> bool:
        """Deletes day keys older than yesterday's, also when nobody talks. Whether there were any."""
        if self._keys and self._keys[0] != today:
            self._keys = None
        with self._engine.begin() as connection:
            return bool(connection.execute(DAY_KEYS.delete().where(DAY_KEYS.c.day.not_in(_kept(today)))).rowcount)

    def _keys_of(self, today: date) -> list[bytes]:
        """The day's keys, read once a day: nobody changes them."""
        if self._keys is None or self._keys[0] != today:
            try:
                with self._engine.begin() as connection:
                    self._keys = (today, _day_keys(connection, today))
            except sa.exc.IntegrityError:  # another process made today's key just now: it is the one
                with self._engine.begin() as connection:
                    self._keys = (today, _day_keys(connection, today))
        return self._keys[1]


def _day_keys(connection: Connection, today: date) -> list[bytes]:
    """Today's key (made on the first need) and yesterday's, if there was one; older keys are deleted."""
    days = _days(today)
    found: dict[str, str] = dict(connection.execute(sa.select(DAY_KEYS.c.day, DAY_KEYS.c.key)).all())
    if days[0] not in found:
        found[days[0]] = secrets.token_hex(32)
        connection.execute(DAY_KEYS.insert().values(day=days[0], key=found[days[0]]))
        connection.execute(DAY_KEYS.delete().where(DAY_KEYS.c.day.not_in(_kept(today))))
    return [bytes.fromhex(found[day]) for day in days if day in found]


def _kept(today: date) -> list[str]:
    """Those of which the key is kept: tomorrow's too, which a server makes whose clock is ahead of ours."""
    return [(today + timedelta(days=1)).isoformat(), *_days(today)]


def _days(today: date) -> list[str]:
    """Those whose keys name a conversation."""
    return [today.isoformat(), (today - timedelta(days=1)).isoformat()]


def _name(channel_id: str, key: bytes) -> str:
    return blake2b(channel_id.encode(), key=key, digest_size=20).hexdigest()
