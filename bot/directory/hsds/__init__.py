"""The social map as a document of HSDS 3.0 (openreferral.org), and back; docs/hsds.md says which field goes where."""

from bot.directory.hsds.reading import read
from bot.directory.hsds.schema import mistakes
from bot.directory.hsds.writing import export

__all__ = ["export", "mistakes", "read"]
