"""Every setting in one table: variable, default, type, one line of help. Read when asked, never at import."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.paths import ROOT

PREFIX = "DREMPELHULP_"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class SettingsError(Exception):
    """A setting that cannot be used: which variable, what it holds, what was expected."""


@dataclass(frozen=True)
class Setting:
    """One row of the table. `read` turns the text of the environment into the value."""

    name: str
    default: str | None
    read: Callable[[str], Any]
    help: str


def a_moment(text: str) -> datetime:
    """A moment in Amsterdam: ISO 8601, without a zone it is local time there."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)


def a_list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


SETTINGS = (
    Setting("VAR", "var", Path, "folder for all that the program writes"),
    Setting("DATABASE_URL", "sqlite:///{var}/statistics.db", str, "SQLAlchemy URL of the statistics"),
    Setting("TRACKER_URL", "sqlite:///{var}/conversations.db", str, "SQLAlchemy URL of the running conversations"),
    Setting("REDIS_URL", None, str, "lock store for more than one process; unset: in memory"),
    Setting("GEMEENTE", "arnhem", str, "which folder of data/gemeenten is served"),
    Setting("HOST", "0.0.0.0", str, "address on which both servers listen"),
    Setting("PORT", "5005", int, "port of the site and the chat"),
    Setting("DASHBOARD_PORT", "5006", int, "port of the gemeente's dashboard"),
    Setting("PUBLIC_URL", "http://localhost:{port}", str, "address under which residents see the site"),
    Setting("ALLOWED_ORIGINS", "", a_list, "other sites that embed the chat, separated by commas"),
    Setting("NOW", None, a_moment, "a fixed moment for hours, greetings and periods, for tests"),
    Setting("CONVERSATION_HOURS", "24", float, "hours after its last turn that a conversation lives"),
    Setting("RATE_PER_SESSION", "60", int, "messages a minute in one conversation"),
    Setting("RATE_PER_ADDRESS", None, int, "messages a minute from one address; unset: no limit"),
    Setting("TRUSTED_PROXIES", None, int, "how many proxies stand in front; their X-Forwarded-For is believed"),
    Setting("DASHBOARD_TOKEN", None, str, "what opens the dashboard and its API; unset: a random one, printed"),
    Setting("SECRET_KEY", None, str, "key for sessions and cards; unset: a random one kept in the var folder"),
)


def dotenv(path: Path) -> dict[str, str]:
    """The `NAME=value` lines of a .env file; comments and blank lines are passed over."""
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}


class Settings:
    """The settings of this process, as attributes in lower case: `settings.conversation_hours`."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        given = {**dotenv(ROOT / ".env"), **os.environ} if environ is None else dict(environ)
        for setting in SETTINGS:
            setattr(self, setting.name.lower(), self._value(setting, given))
        self.var: Path = self.var if self.var.is_absolute() else ROOT / self.var
        for name in ("database_url", "tracker_url", "public_url"):
            setattr(self, name, getattr(self, name).replace("{var}", str(self.var)).replace("{port}", str(self.port)))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"no setting {PREFIX}{name.upper()}; bot/settings.py lists them all")

    @staticmethod
    def _value(setting: Setting, given: Mapping[str, str]) -> Any:
        text = given.get(PREFIX + setting.name) or setting.default
        if text is None:
            return None
        try:
            return setting.read(text)
        except ValueError as error:
            raise SettingsError(f"{PREFIX}{setting.name} is {text!r}: {setting.help}; {error}") from error

    def moment(self) -> datetime:
        """Now in Amsterdam, or the fixed moment of DREMPELHULP_NOW."""
        return self.now or datetime.now(AMSTERDAM)
