"""Where a need would be sent, as JSON: the routing engine from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime

from bot.languages import complete
from bot.paths import gemeente_folder
from bot.settings import Settings, a_moment
from bot.taxonomy import taxonomy

HELP = "print where a need is sent, best first, as one JSON array"
BAD_INPUT = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--topic", action="append", default=[], help="topic id; may be repeated, the weightiest first")
    parser.add_argument("--drempel", action="append", default=[], help="drempel id; may be repeated")
    parser.add_argument("--trait", action="append", default=[], help="what the intake found, as in data/questions.yml")
    parser.add_argument("--wijk", help="wijk id of the municipality's folder")
    parser.add_argument("--postcode", help="four digits, or four digits and two letters")
    parser.add_argument("--lang", default="nl", help="the resident's language")
    parser.add_argument("--at", type=a_moment, help="moment in Amsterdam, such as 2026-11-23T09:00; default: now")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.directory import load

    directory = load(gemeente_folder(settings.gemeente))
    wrong = [
        *_unknown("topic", arguments.topic, taxonomy().topics),
        *_unknown("drempel", arguments.drempel, taxonomy().drempels),
        *_unknown("wijk", [arguments.wijk] if arguments.wijk else [], tuple(directory.wijken)),
        *_unknown("language", [arguments.lang], tuple(complete())),
    ]
    if not arguments.topic:
        wrong.append(f"--topic is missing; known: {', '.join(taxonomy().topics)}")
    if arguments.postcode and not directory.wijken_of_postcode(arguments.postcode):
        known = sorted(code for code in directory.postcodes if len(code) == 4)
        wrong.append(f"postcode {arguments.postcode!r} is not in {directory.name}; known: {', '.join(known)}")
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return BAD_INPUT
    print(json.dumps(_routes(arguments, settings, directory), ensure_ascii=False))
    return 0


def _routes(arguments: argparse.Namespace, settings: Settings, directory: object) -> list[dict]:
    from bot.directory import Directory
    from bot.i18n.catalogue import catalogue
    from bot.i18n.present import present
    from bot.model import Need
    from bot.routing import route

    assert isinstance(directory, Directory)
    moment: datetime = arguments.at or settings.moment()
    wijken: tuple[str, ...] = (arguments.wijk,) if arguments.wijk else ()
    if not wijken and arguments.postcode:
        wijken = directory.wijken_of_postcode(arguments.postcode)
    need = Need(tuple(dict.fromkeys(arguments.topic)), wijken, tuple(dict.fromkeys(arguments.drempel)), arguments.lang,
                frozenset(arguments.trait))  # fmt: skip
    return [present(found, moment, arguments.lang, catalogue()) for found in route(need, directory, moment)]


def _unknown(what: str, given: list[str], known: tuple[str, ...]) -> list[str]:
    return [f"unknown {what} {name!r}; known: {', '.join(known)}" for name in given if name not in known]
