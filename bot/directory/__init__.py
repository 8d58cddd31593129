"""The social map of one municipality: read from a folder of small YAML files, or refused with all its mistakes."""

from bot.directory.directory import Directory, Gebied, Postcode, Unconfirmed
from bot.directory.loader import load
from bot.directory.mistakes import DirectoryErrors, Mistake

__all__ = ["Directory", "DirectoryErrors", "Gebied", "Mistake", "Postcode", "Unconfirmed", "load"]
