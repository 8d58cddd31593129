"""What Rasa loads at its start and this server never uses: 38 of its 230 MB, and a fifth of the time that a start takes.

Other companies' channels, stores and model storages, dialogues of Rasa's command line, plots. Each class of a module that is
left out can be named, as Rasa does at its start, and says so when it is used. Only our own server leaves them out; `rasa run`
has them all, and so has ours under `DREMPELHULP_STOCK_RASA=modules`.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Sequence
from typing import Any, NoReturn

from bot.settings import Settings

CHANNELS = "rasa.core.channels."
OTHER_CHANNELS = frozenset(
    f"{CHANNELS}{name}"
    for name in ("botframework", "callback", "facebook", "hangouts", "mattermost", "rasa_chat", "rocketchat", "slack",
                 "socketio", "telegram", "twilio", "twilio_voice", "webexteams")
)  # fmt: skip
LIBRARIES = frozenset({"PIL", "boto3", "botocore", "bson", "matplotlib", "prompt_toolkit", "pymongo", "questionary"})


class LeftOut(ImportError):
    """Something is used that this server does not load."""


class _Module(types.ModuleType):
    """Stands where a module would be."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        where = f"{self.__name__}.{name}"

        def refuse(*_arguments: Any, **_options: Any) -> NoReturn:
            raise LeftOut(f"{where} is not loaded by this server; DREMPELHULP_STOCK_RASA=modules loads it")

        # Rasa asks each channel for its name as it makes its list of them
        stand_in = type(
            name, (), {"__module__": self.__name__, "__new__": refuse, "name": classmethod(lambda _: where)}
        )
        setattr(self, name, stand_in)
        return stand_in


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answers for what is left out; everything else is found as always."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        left_out = fullname in OTHER_CHANNELS or fullname.partition(".")[0] in LIBRARIES
        return importlib.machinery.ModuleSpec(fullname, self) if left_out else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run: the names appear when they are asked for."""


def leave_out_what_is_unused(settings: Settings) -> None:
    """Before Rasa is loaded; what is loaded already stays. A voice of somebody else's may need any of these: then all stay."""
    foreign = ":" in f"{settings.speaker}{settings.listener}"
    if foreign or "modules" in settings.stock_rasa:
        return
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
