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
WHATSAPP = ("WHATSAPP_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN", "WHATSAPP_PHONE_NUMBER_ID")
"""What the WhatsApp channel cannot do without."""
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


def a_yes(text: str) -> bool:
    """Yes or no."""
    known = {"1": True, "yes": True, "true": True, "ja": True, "0": False, "no": False, "false": False, "nee": False}
    if text.strip().lower() not in known:
        raise ValueError(f"expected one of {', '.join(known)}")
    return known[text.strip().lower()]


def a_list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


SETTINGS = (
    Setting("VAR", "var", Path, "folder for all that the program writes"),
    Setting("DATABASE_URL", "sqlite:///{var}/statistics.db", str, "SQLAlchemy URL of the statistics"),
    Setting("TRACKER_URL", "sqlite:///{var}/conversations.db", str, "SQLAlchemy URL of the running conversations"),
    Setting("REDIS_URL", None, str, "lock store for more than one process; unset: in memory"),
    Setting(
        "STOCK_RASA",
        "",
        a_list,
        "parts left as Rasa has them: graph, actions, policy, tracker, logs, processor, modules",
    ),
    Setting("GEMEENTE", "arnhem", str, "which municipality is served: a folder of data/gemeenten, or a path to one"),
    Setting("HOST", "0.0.0.0", str, "address on which both servers listen"),
    Setting("PORT", "5005", int, "port of the site and the chat"),
    Setting("DASHBOARD_PORT", "5006", int, "port of the gemeente's dashboard"),
    Setting("PUBLIC_URL", "http://localhost:{port}", str, "address under which residents see the site"),
    Setting("ALLOWED_ORIGINS", "", a_list, "other sites that embed the chat, separated by commas"),
    Setting("NOW", None, a_moment, "a fixed moment for hours, greetings and periods, for tests"),
    Setting(
        "CLOSED",
        "no",
        a_yes,
        "yes: the chat is closed and says a number; a file `closed` in the var folder does it too",
    ),
    Setting(
        "NOTICE", None, Path, "a file with a sentence per language that everybody hears first; see docs/running.md"
    ),
    Setting("METRICS_TOKEN", None, str, "what opens /metrics on the chat's port to a monitor; unset: there is none"),
    Setting("CONVERSATION_HOURS", "24", float, "hours after its last turn that a conversation lives"),
    Setting("RATE_PER_SESSION", "60", int, "messages a minute in one conversation"),
    Setting("RATE_PER_ADDRESS", None, int, "messages a minute from one address; unset: no limit"),
    Setting("TRUSTED_PROXIES", None, int, "how many proxies stand in front; their X-Forwarded-For is believed"),
    Setting("WHATSAPP_TOKEN", None, str, "WhatsApp: the access token; without the four of WhatsApp the channel is off"),
    Setting("WHATSAPP_APP_SECRET", None, str, "WhatsApp: the app's secret, by which Meta signs what it sends"),
    Setting("WHATSAPP_VERIFY_TOKEN", None, str, "WhatsApp: the word that was given to Meta with the webhook's address"),
    Setting("WHATSAPP_PHONE_NUMBER_ID", None, str, "WhatsApp: the id of the number that answers"),
    Setting("WHATSAPP_API_URL", "https://graph.facebook.com", str, "WhatsApp: base address of Meta's Graph API"),
    Setting("DASHBOARD_TOKEN", None, str, "what opens the dashboard and its API; unset: a random one, printed"),
    Setting("DASHBOARD_URL", "http://localhost:{dashboard_port}", str, "address under which people see the dashboard"),
    Setting("OIDC_ISSUER", None, str, "issuer of the gemeente's own accounts, to sign in with; unset: by token"),
    Setting("OIDC_CLIENT_ID", None, str, "what the provider calls the dashboard"),
    Setting("OIDC_CLIENT_SECRET", None, str, "what the dashboard shows to the provider; it signs the sessions too"),
    Setting("OIDC_SCOPE", "openid email", str, "what is asked of the provider, separated by spaces"),
    Setting("OIDC_CLAIM", "groups", str, "claim of the id token by which somebody is let in, such as groups or email"),
    Setting("OIDC_ALLOWED", "", a_list, "groups or addresses let in, by commas; none: whoever the provider lets in"),
    Setting("DASHBOARD_PROXY_HEADER", None, str, "a proxy signs people in and names them in this header"),
    Setting("DASHBOARD_PROXIES", "127.0.0.1,::1", a_list, "addresses or networks from which that header is believed"),
    Setting("SPEAKER", "espeak", str, "who reads aloud: espeak, none, or module:Class of your own"),
    Setting("SOUND_MEGABYTES", "200", int, "the most that sound made before may take under the var folder"),
    Setting("LISTENER", "none", str, "who makes text of speech: none, sherpa, whisper, or module:Class of your own"),
    Setting("LISTENER_MODEL", None, Path, "the folder with the listener's model"),
    Setting("LISTENER_PYTHON", None, str, "the Python that has the listener's packages; unset: the server's own"),
    Setting(
        "SECRET_KEY",
        None,
        str,
        "key for sessions, cards and reply addresses; unset: a random one kept in the var folder",
    ),
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
        for name in ("database_url", "tracker_url", "public_url", "dashboard_url"):
            setattr(self, name, self._filled(getattr(self, name)))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"no setting {PREFIX}{name.upper()}; bot/settings.py lists them all")

    def _filled(self, text: str) -> str:
        values = (("var", self.var), ("port", self.port), ("dashboard_port", self.dashboard_port))
        for name, value in values:
            text = text.replace(f"{{{name}}}", str(value))
        return text

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

    @property
    def whatsapp(self) -> bool:
        """Whether the WhatsApp channel is on. Half a configuration is a mistake, and is said."""
        missing = [name for name in WHATSAPP if not getattr(self, name.lower())]
        if missing and len(missing) < len(WHATSAPP):
            names = ", ".join(PREFIX + name for name in missing)
            raise SettingsError(f"WhatsApp is half configured: {names} is not set; set all four, or none")
        return not missing

    def require_secret(self) -> None:
        """A random key in a file serves one process on SQLite only; raises SettingsError where that is not enough."""
        if self.secret_key:
            return
        databases = (self.database_url, self.tracker_url)
        because = [
            *(["WhatsApp is configured, and its reply addresses are sealed with it"] if self.whatsapp else []),
            *(["a database is not SQLite"] if any(not url.startswith("sqlite") for url in databases) else []),
            *([f"{PREFIX}REDIS_URL is set"] if self.redis_url else []),
        ]
        if because:
            raise SettingsError(
                f"{PREFIX}SECRET_KEY is not set, but {'; '.join(because)}. Every process needs the same key, also after a "
                "restart. Make one (openssl rand -base64 32) and put it into the environment or .env"
            )
