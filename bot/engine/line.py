"""How a turn asks for its conversation: at once of a database in this process, of one that is a way off while others go on."""

from __future__ import annotations

from typing import Any, Protocol

from bot.engine.conversations import Conversations
from bot.engine.turns import Turns, Version, must_be_written, said_in, version_in


class Line(Protocol):
    """The three questions of a turn; what they raise is SQLAlchemy's, and WrittenMeanwhile."""

    async def version(self, conversation: str) -> Version: ...

    async def said_to(self, conversation: str, message: str) -> str | None: ...

    async def append(
        self, conversation: str, start: int, rows: list[dict[str, Any]], answered: tuple[str, str] | None
    ) -> Version: ...


class Near:
    """SQLite answers sooner than a wait begins."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def version(self, conversation: str) -> Version:
        return self._conversations.version(conversation)

    async def said_to(self, conversation: str, message: str) -> str | None:
        return self._conversations.said_to(conversation, message)

    async def append(
        self, conversation: str, start: int, rows: list[dict[str, Any]], answered: tuple[str, str] | None
    ) -> Version:
        return self._conversations.append(conversation, start, rows, answered)


class Far:
    """PostgreSQL: a turn waits for its commit there, and meanwhile this process hears others."""

    def __init__(self, conversations: Conversations) -> None:
        from bot.engine.wire import Wire  # here, for psycopg2 is loaded with it

        self._wire = Wire(conversations.engine)
        self._turns = Turns(conversations.engine.dialect)

    async def version(self, conversation: str) -> Version:
        return version_in(await self._wire.one(self._turns.version(conversation)))

    async def said_to(self, conversation: str, message: str) -> str | None:
        return said_in(await self._wire.one(self._turns.said_to(conversation, message)))

    async def append(
        self, conversation: str, start: int, rows: list[dict[str, Any]], answered: tuple[str, str] | None
    ) -> Version:
        version, steps = self._turns.append(conversation, start, rows, answered)
        must_be_written(await self._wire.together(steps))
        return version


def line_to(conversations: Conversations) -> Line:
    """By what the address names: only psycopg2 can be waited for as `Wire` does."""
    return Far(conversations) if conversations.engine.dialect.driver == "psycopg2" else Near(conversations)
