"""What the website's channel finds around it: an agent's store and words, and in our own server a notice and a voice."""

from __future__ import annotations

from typing import Any

from sanic.request import Request


def store(request: Request) -> Any:
    """The tracker store, also where `rasa run` has wrapped it in its own fallback."""
    found = request.app.ctx.agent.tracker_store
    return getattr(found, "_tracker_store", found)


def worder(request: Request) -> Any:
    """Puts messages into words; kept is only what they are made of."""
    return request.app.ctx.agent.processor.nlg.worder


def notice(request: Request, language: str) -> list[dict[str, Any]]:
    """What the gemeente wants everybody to know now."""
    found = getattr(request.app.ctx, "notice", None)
    return found.messages(language) if found else []


def sounding(request: Request, messages: list[dict[str, Any]]) -> dict[str, Any]:
    """What an answer says where there is a voice: what can be read aloud, and in which languages we listen."""
    sounds = getattr(request.app.ctx, "sounds", None)
    return {"messages": sounds.aloud.given(messages), "hears": sounds.hears()} if sounds else {}
