"""The whole map as a file to fetch: a sheet as an editor sends it back, or the HSDS document that other systems read."""

from __future__ import annotations

from bot.dashboard.social_map import Shelf
from bot.directory import load

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
"""Ending -> media type."""


def as_file(shelf: Shelf, kind: str) -> bytes:
    """The file of that ending, of the files as they stand now. Raises DirectoryErrors where they have mistakes."""
    from bot.directory.exchange.outgoing import outgoing
    from bot.directory.folder import records

    directory = load(shelf.folder)
    return outgoing(
        records(shelf.folder), f".{kind}", directory.id, directory.wijken.values(), shelf.settings.moment().date()
    )
