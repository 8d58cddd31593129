"""A thousand messages that tell who somebody is, over the web and WhatsApp; then every byte is searched for them.

Run it from the project's folder: `.venv/bin/python -m bench.statistics.letters [--messages 1000]`. It ends with 1 where a
secret was found; tests/test_privacy.py does the same with sixty.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import SECRET
from tests.privacy_talks import Talks


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--messages", type=int, default=1000)
    arguments.add_argument("--seed", type=int, default=None)
    given = arguments.parse_args()
    seed = given.seed if given.seed is not None else random.randrange(10**6)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="drempelhulp-letters-") as folder:
        talks = Talks(Path(folder), given.messages, random.Random(seed), settings={"SECRET_KEY": SECRET})
        talks.run()
    took = time.monotonic() - began
    print(
        f"{given.messages} messages of {len({person for *_, person in talks.letters})} persons (seed {seed}), {took:.0f} s"
    )
    for moment, size in talks.searched.items():
        print(
            f"after {moment:18} {size / 1e6:6.1f} MB searched, {len(talks.found[moment])} files with a secret in them"
        )
        for path, secrets in talks.found[moment].items():
            print(f"  {path}: {len(secrets)} secrets")
    print(f"{talks.broken} turns broke down and were answered")
    return int(any(talks.found.values()))


if __name__ == "__main__":
    sys.exit(main())
