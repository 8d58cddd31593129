"""Logging cannot print a message, whoever logs it."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from bot.engine.logs import WithheldFormatter, where
from tests.conftest import ROOT

SECRET = "ik heet Zwaanhildis"


def record(name: str, message: str, *arguments: object, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord(name, logging.ERROR, __file__, 1, message, arguments, info)  # type: ignore[arg-type]
    return WithheldFormatter().format(made)


@pytest.mark.parametrize(
    "logger", ["rasa.core.processor", "sanic.root", "sqlalchemy.engine", "asyncio", "py.warnings", "structlog"]
)
def test_a_foreign_logger_loses_its_words(logger: str) -> None:
    assert SECRET not in record(logger, f"Received user message '{SECRET}'")
    assert SECRET not in record(logger, "Received user message '%s'", SECRET)


def test_our_own_logger_keeps_what_it_says() -> None:
    assert "the count must wait: 3" in record("bot.engine.expiry", "the count must wait: %s", 3)


def test_an_exception_is_told_by_its_type_and_place_only() -> None:
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as inner:
            raise KeyError(SECRET) from inner
    except KeyError as error:
        told = where(error)
        assert SECRET not in told
        assert "KeyError at" in told
        assert "from ValueError" in told
        assert SECRET not in record("bot.engine.server", "a request failed", error=error)


def test_nothing_is_printed_by_a_whole_process() -> None:
    """Loggers, structlog at debug, warnings, an exception that nobody catches."""
    script = (
        "import logging, structlog, warnings\n"
        "from bot.engine.logs import withhold\n"
        "withhold()\n"
        f"secret = {SECRET!r}\n"
        "logging.getLogger('rasa.core').error('said %s', secret)\n"
        "structlog.get_logger('rasa').debug('message', text=secret)\n"
        "structlog.get_logger('rasa').error('message', text=secret)\n"
        "warnings.warn(secret)\n"
        "raise RuntimeError(secret)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert SECRET not in ran.stdout + ran.stderr
    assert "RuntimeError at" in ran.stderr
