"""The connection that a server keeps for its residents' turns, straight to the driver.

SQLAlchemy takes a connection out of its pool, begins, describes the result and puts everything back for each statement; that is
right for what happens now and then, and was a tenth of every turn. Here the pool gives one connection, which stays; a statement
is written once (`prepared.py`) and handed to the driver. Errors are SQLAlchemy's, as everywhere.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from bot.engine.prepared import Prepared, Step


class Held:
    """One connection, for one statement or transaction at a time; a new one after it was cut."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._alone = threading.Lock()
        self._connection: Any = None

    def one(self, step: Step) -> tuple[Any, ...] | None:
        """The first row, or None. A connection that was cut while nobody talked is noticed here, and the question put again."""
        with self._alone:
            try:
                return self._row(*step)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                return self._row(*step)

    def together(self, steps: Sequence[Step]) -> bool:
        """All steps in one transaction. False, and nothing is written, where the first finds no row that is as it expects."""
        with self._alone:
            cursor = self._cursor()
            try:
                for number, (step, values) in enumerate(steps):
                    cursor.execute(step.sql, step.given(values))
                    if number == 0 and cursor.rowcount == 0:
                        self._connection.rollback()
                        return False
                self._connection.commit()
                return True
            except self._engine.dialect.dbapi.Error as error:
                raise self._told(steps[0][0], cursor, error) from error
            finally:
                cursor.close()

    def _row(self, asked: Prepared, values: dict[str, Any]) -> tuple[Any, ...] | None:
        cursor = self._cursor()
        try:
            cursor.execute(asked.sql, asked.given(values))
            row: tuple[Any, ...] | None = cursor.fetchone()
            return row
        except self._engine.dialect.dbapi.Error as error:
            raise self._told(asked, cursor, error) from error
        finally:
            cursor.close()

    def _cursor(self) -> Any:
        if self._connection is None:
            self._connection = self._taken()
        return self._connection.cursor()

    def _told(self, asked: Prepared, cursor: Any, error: Exception) -> Exception:
        """The driver's error as SQLAlchemy's, without the values; nothing half done stays behind it."""
        dialect = self._engine.dialect
        cut = dialect.is_disconnect(error, self._connection, cursor)
        self._undo(cut)
        told: Exception = DBAPIError.instance(
            asked.sql, None, error, dialect.dbapi.Error, hide_parameters=True, connection_invalidated=cut
        )
        return told

    def _taken(self) -> Any:
        connection = self._engine.raw_connection()
        if self._engine.dialect.name == "postgresql":  # each statement is its own transaction: one way over the line
            connection.connection.autocommit = True
        return connection

    def _undo(self, cut: bool) -> None:
        """Where the line was cut, the pool's other connections were too."""
        try:
            if not cut:
                self._connection.rollback()
                return
        except self._engine.dialect.dbapi.Error:
            cut = True
        self._connection.invalidate()
        self._connection = None
        self._engine.dispose()
