"""Understands messages from standard input, one a line, as JSON: the contract's own command."""

from __future__ import annotations

import argparse
import json
import os
import sys

from bot.languages import languages
from bot.paths import NLU
from bot.settings import Settings

HELP = "understand messages from standard input, one a line, and print each as JSON"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--lang", choices=sorted(languages()), help="as if the conversation is already in this language"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Past Rasa's graph; tests/test_understanding.py holds that the graph gives the same."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one message is too small to share out among threads
    from bot.nlu.local import understanding_for
    from bot.nlu.store import learned

    understanding = understanding_for(learned(NLU, settings.var / "models"), settings.gemeente)
    for line in sys.stdin:
        heard = understanding.of(line.rstrip("\n"), arguments.lang)
        print(json.dumps(heard, ensure_ascii=False), flush=False)
    return 0
