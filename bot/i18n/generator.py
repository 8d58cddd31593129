"""Rasa's response generator: a name and ids become words, in the process, from locales/."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.directory import Directory, load
from bot.i18n.catalogue import catalogue
from bot.i18n.wording import Wording
from bot.languages import supported
from bot.model import Route
from bot.paths import gemeente_folder
from bot.sealing import Seal, secret_key
from bot.settings import Settings

CARD_LIFE = timedelta(days=40)


class Worder:
    """Words what the actions said, for one municipality; also again, for a page that was reloaded."""

    def __init__(self, settings: Settings, directory: Directory) -> None:
        self._settings = settings
        self._directory = directory
        self._cards = Seal(secret_key(settings.secret_key, settings.var), "card")
        wijken = {wijk.id: wijk.name for wijk in directory.wijken.values()}
        short = {service.name: service.spoken_name for service in directory.services.values() if service.spoken_name}
        self._wording = Wording(catalogue(), wijken, short)

    def message(self, say: dict[str, Any], fallback: str | None = None) -> dict[str, Any]:
        """The message of the contract."""
        language = supported(say.get("language") or fallback)
        routes = [self._route(facts) for facts in say.get("routes") or ()]
        now = self._settings.moment()
        card = self._card(say, language, now) if say.get("card") and routes else None
        return self._wording.message(say, language, routes, now, card)

    def failed(self, language: str) -> dict[str, Any]:
        """What is said when a turn broke down: kindly, with a number at which a person answers, and 112 beside it."""
        floor = self._directory.floor
        numbers = (floor, *self._directory.crisis("levensgevaar")[:1])
        routes: list[dict[str, Any]] = [
            {"kind": service.kind, "id": service.id, "why": [], "phone": service.phone} for service in numbers
        ]
        lines = [["conversation.failed", 0, {"phone": floor.phone}]]
        return self.message({"lines": lines, "routes": routes, "language": language})

    def _route(self, facts: dict[str, Any]) -> Route:
        opens = facts.get("next_open")
        return Route(
            kind=facts["kind"],
            service=self._directory.services[facts["id"]],
            why=tuple(facts["why"]),
            phone=facts.get("phone"),
            ask_for=facts.get("ask_for"),
            open_now=facts.get("open_now"),
            next_open=datetime.fromisoformat(opens) if opens else None,
        )

    def _card(self, say: dict[str, Any], language: str, now: datetime) -> str:
        content = {"s": [facts["id"] for facts in say["routes"]], "t": say.get("topic"), "l": language}
        return f"/hulpkaart/{self._cards.close(content, now, CARD_LIFE)}"


class Generator(NaturalLanguageGenerator):
    """What endpoints.yml names; Rasa makes it with these arguments."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        settings = Settings()
        self.worder = Worder(settings, load(gemeente_folder(settings.gemeente)))

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any]:
        message = self.worder.message(kwargs, tracker.get_slot("language"))
        return {"text": message["text"], "buttons": message.get("buttons", []), "custom": message}
