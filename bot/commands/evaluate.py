"""Measures the understanding on the test sets."""

from __future__ import annotations

import argparse
import time

from bot.paths import NLU, ROOT
from bot.settings import Settings

HELP = "measure the understanding on the test sets of tests/understanding"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--wrong", metavar="LANG", help="also print what was misunderstood in this language")
    parser.add_argument("--page", action="store_true", help="write docs/understanding.md")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.nlu.evaluation import Result, read_cases, results, score
    from bot.nlu.local import understanding_for
    from bot.nlu.page import page
    from bot.nlu.store import learned

    understanding = understanding_for(learned(NLU, settings.var / "models"), settings.gemeente)
    cases = read_cases(ROOT / "tests" / "understanding")
    began = time.perf_counter()
    found = results(understanding, cases)
    seconds = (time.perf_counter() - began) / len(cases)
    groups: dict[str, list[Result]] = {"all": found}
    for result in found:
        groups.setdefault("mixed" if result.case.register == "mixed" else result.case.language[0], []).append(result)
    print("set      n  intent  top3  lang   oos  crisis missed  false  topics  drempels")
    for name, some in groups.items():
        s = score(some)
        rates = (s.rate(s.right, s.cases), s.rate(s.top3, s.cases), s.rate(s.language_right, s.cases),
                 s.rate(s.out_of_scope_caught, s.out_of_scope))  # fmt: skip
        row = "  ".join("  -  " if rate is None else f"{rate:.3f}" for rate in rates)
        labels = "   ".join(f"{s.f1(what) or 0:.3f}" for what in ("topics", "drempels"))
        print(
            f"{name:5} {s.cases:4}  {row}  {s.crisis_missed:3}/{s.crisis:<3}  {s.false_alarms:3}/{s.calm:<4}  {labels}"
        )
    for result in groups.get(arguments.wrong or "", []):
        if not result.case.fair(result.intent):
            sure = result.heard["intent"]["confidence"]
            print(f"{result.case.intent:22} {result.intent:22} {sure:.2f}  {result.case.text}")
    if arguments.page:
        unseen = results(understanding, read_cases(ROOT / "tests" / "understanding" / "unseen"))
        (ROOT / "docs" / "understanding.md").write_text(page(found, unseen, seconds), encoding="utf-8")
    return 0
