"""Runs Rasa's graph in order, without dask: a turn runs it two to five times, and dask plans it anew each time.

Rasa names its runner in `core/processor.py` and has no setting for another, so one attribute of one module is replaced.
`DREMPELHULP_STOCK_RASA=graph` leaves it as it was; tests/test_engine.py holds that both give the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import rasa.core.processor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class InOrder(GraphRunner):
    """The nodes that a target needs, each after those that it needs itself; the order is found once for each target."""

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._order = lru_cache(self._ordered)
        self._same: dict[str, tuple[str, Any]] = {}
        """What nodes gave that need nothing of a turn: the domain, and which rules there are."""

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> InOrder:
        nodes = {
            name: GraphNode.from_schema_node(name, node, model_storage, execution_context, hooks)
            for name, node in graph_schema.nodes.items()
        }
        return cls(graph_schema, nodes)

    def components(self, target: str | None) -> list[Any]:
        """The model's parts themselves that a target needs, in the order in which they run."""
        return [self._nodes[name]._component for name in self._order((target,))] if target else []

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """What the targets give. Raises GraphRunError where an input has the name of a node, as Rasa's own runner does."""
        wanted = tuple(targets or self._schema.target_names)
        given = inputs or {}
        clash = [name for name, value in given.items() if isinstance(value, str) and value in self._nodes]
        if clash:
            raise GraphRunError(f"the values of these inputs are names of nodes: {', '.join(clash)}; give others")
        found: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in given.items()}
        for name in self._order(wanted):
            needs = self._schema.nodes[name].needs
            if not needs and name not in self._same:
                self._same[name] = self._nodes[name]()
            found[name] = self._nodes[name](*(found[need] for need in needs.values())) if needs else self._same[name]
        return {name: found[name][1] for name in wanted}

    def _ordered(self, targets: tuple[str, ...]) -> tuple[str, ...]:
        order: dict[str, None] = {}

        def visit(name: str) -> None:
            if name in self._nodes and name not in order:
                for need in self._schema.nodes[name].needs.values():
                    visit(need)
                order[name] = None

        for target in targets:
            visit(target)
        return tuple(order)


def run_in_order() -> None:
    """From here on every model that is loaded runs in order."""
    rasa.core.processor.DaskGraphRunner = InOrder
