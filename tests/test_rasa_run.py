"""What a Rasa engineer tries first: `rasa run` beside `rasa run actions`, from the same files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.conftest import ROOT, free_port, wait_for

RASA = Path(sys.executable).with_name("rasa")


def test_the_assistant_answers_under_rasas_own_servers(model: Path, tmp_path: Path) -> None:
    port, actions_port = free_port(), free_port()
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text())
    endpoints["action_endpoint"]["url"] = f"http://127.0.0.1:{actions_port}/webhook"
    (tmp_path / "endpoints.yml").write_text(yaml.safe_dump(endpoints))
    environ = {**os.environ, "DREMPELHULP_VAR": str(tmp_path / "var")}
    log = tmp_path / "rasa.log"
    with log.open("wb") as out:
        servers = [
            subprocess.Popen([RASA, "run", "actions", "--port", str(actions_port)], cwd=ROOT, env=environ, stdout=out, stderr=out),
            subprocess.Popen(
                [RASA, "run", "--model", str(model), "--endpoints", str(tmp_path / "endpoints.yml"),
                 "-i", "127.0.0.1", "--port", str(port)],
                cwd=ROOT, env=environ, stdout=out, stderr=out,
            ),
        ]  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{actions_port}/health", servers[0], log)
        wait_for(f"http://127.0.0.1:{port}/", servers[1], log)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/webhooks/web", timeout=30) as http:
            begun = http.post("/session", json={"language": "pl"}).json()
            assert begun["messages"][0]["language"] == "pl"
            said: list[dict[str, Any]] = http.post(
                "/message", json={"session": begun["session"], "message": "nie chcę już żyć"}
            ).json()["messages"]
        assert "0800-0113" in said[0]["text"]
    finally:
        for server in servers:
            server.terminate()
            server.wait(20)
