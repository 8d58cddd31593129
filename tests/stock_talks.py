"""Plays talks in a process of its own, and prints all that was said, known and counted: `python -m tests.stock_talks 24`.

With `DREMPELHULP_STOCK_RASA` the same talks go through Rasa's own parts; what is random (keys, sealed cards) is masked.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from typing import Any

from bench.turns.talks import LANGUAGES, situations, words_of

RANDOM = (re.compile(r"/hulpkaart/[\w.~=-]+"), re.compile(r"~[0-9a-f]{4}\."))
NOT_COMPARED = {"heard_id", "offered", "said"}
"""Moments and keys, which differ from talk to talk."""


async def played(many: int) -> list[Any]:
    from bot.engine.logs import withhold

    withhold()
    from bot.engine.server import load
    from bot.settings import Settings
    from tests.talk import Talk

    agent = await load(Settings())
    found = []
    known = situations(LANGUAGES)
    for language, turns in known[:: max(1, len(known) // many)]:
        talk = Talk(agent, language)
        await talk.begin()
        said = [talk.messages]
        for turn in turns:
            said.append(await talk.say(words_of(turn, talk.messages)))
        state = {name: value for name, value in vars(await talk.state()).items() if name not in NOT_COMPARED}
        found.append({"said": said, "state": state, "counted": talk.counted()})
    return found


def masked(text: str) -> str:
    for pattern in RANDOM:
        text = pattern.sub("(random)", text)
    return text


if __name__ == "__main__":
    print(masked(json.dumps(asyncio.run(played(int(sys.argv[1]))), default=str)))
