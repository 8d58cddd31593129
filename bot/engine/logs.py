"""Logging that cannot print a message: foreign loggers lose their words, exceptions their texts; only places remain."""

from __future__ import annotations

import logging
import os
import sys
import traceback
import warnings
from types import TracebackType
from typing import Any

import structlog

OURS = "bot"
"""Loggers below it print what they say: they are handed ids and numbers only (tests/test_logs.py)."""


class WithheldFormatter(logging.Formatter):
    """For our own loggers the sentence; for all others the place where it was logged. Rasa, Sanic and SQLAlchemy format
    a resident's words into their sentences long before they reach a filter, so none of their sentences is printed."""

    def format(self, record: logging.LogRecord) -> str:
        place = f"{record.name}:{record.funcName}:{record.lineno}"
        own = record.name == OURS or record.name.startswith(f"{OURS}.")
        said = record.getMessage() if own else "(words withheld)"
        line = f"{self.formatTime(record)} {record.levelname} {place} {said}"
        return line + (f" {where(record.exc_info[1])}" if record.exc_info and record.exc_info[1] else "")


def where(error: BaseException) -> str:
    """An exception as its type and the places it came through: no text, no locals."""
    steps = [f"{step.filename.rsplit('/', 2)[-1]}:{step.lineno}" for step in traceback.extract_tb(error.__traceback__)]
    chained = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{type(error).__name__} at {' > '.join(steps)}" + (f" from {where(chained)}" if chained else "")


def withhold(level: int = logging.WARNING) -> None:
    """Sets up logging for the whole process, also Rasa's structlog, warnings, and exceptions that nobody caught."""
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("TQDM_DISABLE", "1")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(WithheldFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.NOTSET if name.startswith(OURS) else level)
    logging.captureWarnings(True)
    warnings.simplefilter("ignore")  # deprecations of Rasa's own libraries; pytest still shows ours
    structlog.configure(
        processors=[_nothing],
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=structlog.ReturnLoggerFactory(),
        cache_logger_on_first_use=True,  # else each of a turn's debug lines makes a silent logger anew
    )
    sys.excepthook = _uncaught


def _nothing(_logger: Any, _name: str, _event: Any) -> str:
    return ""


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        print(where(error), file=sys.stderr)
