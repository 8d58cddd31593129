"""A page that says in a sentence what went wrong."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import HTTPResponse, html

from bot.dashboard.layout import page
from bot.dashboard.markup import tag
from bot.dashboard.words import word


def notice(request: Request, status: int, name: str) -> HTTPResponse:
    """`name`: a text of `errors` in locales/nl/dashboard.yml."""
    text = tag("p", word(f"errors.{name}.text"), class_="lead")
    gemeente = request.app.ctx.source.known.gemeente
    return html(page(word(f"errors.{name}.title"), text, gemeente, here=name), status=status)
