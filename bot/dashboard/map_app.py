"""The social map over HTTP: its pages and files, read only. All but what residents missed works without the database."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.dashboard import api
from bot.dashboard.layout import page
from bot.dashboard.map_files import FORMATS, as_file
from bot.dashboard.markup import Html
from bot.dashboard.notice import notice
from bot.dashboard.pages.social_map import MAP_PAGES
from bot.dashboard.pages.social_map.missed import missed
from bot.dashboard.pages.social_map.parts import FILE, PARTS, THING, broken
from bot.dashboard.pages.social_map.thing import one_thing
from bot.dashboard.social_map import Shelf
from bot.dashboard.source import aside
from bot.dashboard.words import word
from bot.directory import DirectoryErrors
from bot.settings import Settings

READ = ("GET", "HEAD")


def add_map(app: Sanic, settings: Settings) -> None:
    app.ctx.shelf = Shelf(settings)
    for name in MAP_PAGES:
        app.add_route(_part, PARTS[name], methods=READ, name=f"map_{name}")
    app.add_route(_missed, PARTS["gemist"], methods=READ, name="map_gemist")
    app.add_route(_thing, f"{THING}/<id_:str>", methods=READ, name="map_thing")
    app.add_route(_file, f"{FILE}/<kind:str>", methods=READ, name="map_file")


async def _part(request: Request) -> HTTPResponse:
    name = next(name for name, path in PARTS.items() if path == request.path)
    query = {key: values[0] for key, values in request.args.items()}
    return await aside(partial(_shown, request, lambda shelf: MAP_PAGES[name](shelf.social_map(), query)))


async def _thing(request: Request, id_: str) -> HTTPResponse:
    return await aside(
        partial(_shown, request, lambda shelf: one_thing(shelf.social_map(), id_, shelf.settings.moment()))
    )


def _shown(request: Request, make: Callable[[Shelf], tuple[str, Html]]) -> HTTPResponse:
    """A page of the map; a choice that does not exist is not found, a map that was never good says what is wrong."""
    try:
        heading, content = make(request.app.ctx.shelf)
    except DirectoryErrors as errors:
        heading, content = word("pages.kaart.title"), broken([str(mistake) for mistake in errors.mistakes])
    except LookupError:
        return notice(request, 404, "not_found")
    return _answered(request, heading, content)


async def _missed(request: Request) -> HTTPResponse:
    query = {key: values[0] for key, values in request.args.items()}
    figures = await aside(request.app.ctx.source.figures)
    try:
        heading, content = missed(figures, query)
    except LookupError:
        return notice(request, 404, "not_found")
    return _answered(request, heading, content, figures.fictional)


def _answered(request: Request, heading: str, content: Html, fictional: bool = False) -> HTTPResponse:
    gemeente = request.app.ctx.source.known.gemeente
    shown = page(heading, content, gemeente, here="kaart", fictional=fictional)
    return api.answer(request, shown.encode(), "text/html; charset=utf-8")


async def _file(request: Request, kind: str) -> HTTPResponse:
    """The whole map as a file. A folder with mistakes is not given on: they would come back with the next import."""
    if kind not in FORMATS:
        return notice(request, 404, "not_found")
    shelf: Shelf = request.app.ctx.shelf
    try:
        body = await aside(partial(as_file, shelf, kind))
    except DirectoryErrors:
        return notice(request, 409, "map_broken")
    name = f'attachment; filename="kaart-{shelf.folder.name}.{kind}"'
    return api.answer(request, body, FORMATS[kind], **{"Content-Disposition": name})
