"""Makes the folder of a new municipality, and says what is still to do in it."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from bot.paths import GEMEENTEN
from bot.settings import Settings

HELP = "make the folder of a new municipality, with the numbers of the whole country and a list of what is still to do"
ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
BAD_INPUT = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", help="name of the folder: small letters, figures and hyphens, such as bergen-op-zoom")
    parser.add_argument("--name", required=True, help="the municipality's own name")
    parser.add_argument("--phone", required=True, help="number of the gemeente, such as 026-3896969 or 0800-1809")
    parser.add_argument("--source", required=True, help="where that number was read")
    parser.add_argument("--url", help="web address of that source")
    parser.add_argument("--cbs-code", help="its code at CBS, such as GM0202")
    parser.add_argument("--in", dest="parent", type=Path, default=GEMEENTEN, help="folder to make it in, for a fork")
    parser.add_argument(
        "--fictional", action="store_true", help="it does not exist; its numbers begin with 0999, which nobody has"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.directory import DirectoryErrors
    from bot.directory.scaffold import Beginning, make
    from bot.directory.to_do import unfinished

    if not ID.search(arguments.id):
        print(f"id {arguments.id!r}: expected small letters, figures and hyphens; for example 'ede'", file=sys.stderr)
        return BAD_INPUT
    beginning = Beginning(
        id=arguments.id, name=arguments.name, phone=arguments.phone, source=arguments.source,
        today=settings.moment().date(), url=arguments.url, cbs_code=arguments.cbs_code, fictional=arguments.fictional,
    )  # fmt: skip
    try:
        folder = make(beginning, arguments.parent.expanduser())
    except (FileExistsError, DirectoryErrors) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    served = folder.name if folder.parent == GEMEENTEN else folder
    print(f"Made {folder}. It is served with DREMPELHULP_GEMEENTE={served}. Still to do:")
    print("\n".join(f"  {mistake.path}:{mistake.line}: {mistake.what}" for mistake in unfinished(folder)))
    return 0
