"""Rasa copies, deeply, what it hands to a debug log, each turn several times, also where nothing is logged; here it does not.

`DREMPELHULP_STOCK_RASA=logs` leaves it as it was. Only in modules that copy for their log alone: tests/test_engine.py reads them.
"""

from __future__ import annotations

from typing import Any

import rasa.core.actions.forms
import rasa.core.policies.rule_policy
import rasa.core.processor

COPY_FOR_THEIR_LOG = (rasa.core.processor, rasa.core.actions.forms, rasa.core.policies.rule_policy)


class AsItIs:
    """Stands where these modules expect `copy`."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        return value


def copy_nothing_for_the_log() -> None:
    for module in COPY_FOR_THEIR_LOG:
        module.copy = AsItIs
