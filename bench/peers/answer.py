"""Trains one of Rasa's own pipelines on the exported part and writes what it understands of each test message.

Runs in an environment of its own with the whole of Rasa 3.6.21 and TensorFlow 2.12 (`make peers`): it knows nothing of our code.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path


async def main(folder: Path, config: Path) -> None:
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage
    from rasa.model_training import train_nlu

    began = time.monotonic()
    model = train_nlu(str(config), str(folder / "nlu.yml"), str(folder / "models"), fixed_model_name=config.stem)
    seconds = time.monotonic() - began
    agent = Agent.load(model)
    messages = json.loads((folder / "messages.json").read_text(encoding="utf-8"))
    began = time.monotonic()
    answers = [await agent.processor.parse_message(UserMessage(text)) for text in messages]
    each = (time.monotonic() - began) / len(messages)
    kept = [
        {"intent": answer["intent"]["name"], "ranking": [row["name"] for row in answer["intent_ranking"][:4]]}
        for answer in answers
    ]
    result = {"training_seconds": round(seconds), "milliseconds": round(each * 1000, 2), "answers": kept}
    (folder / f"{config.stem}.json").write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
