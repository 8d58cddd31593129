"""The files by which it is put on servers: read by the programs that will read them, and against what our server really has."""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.engine.manners import QUIET_SECONDS
from bot.settings import PREFIX, SETTINGS
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
MANIFESTS = [m for m in yaml.safe_load_all((DEPLOY / "k8s" / "drempelhulp.yaml").read_text(encoding="utf-8")) if m]
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def program(name: str, package: str) -> str:
    """A program that only Debian has: without it the test is skipped, and says loudly how to get it."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if not found:
        said = f"*** NO {name}: 'apt-get install {package}' on Debian, then this is tested"
        warnings.warn(said, stacklevel=2)
        pytest.skip(said)
    return found


def test_the_containerfile_is_clean() -> None:
    hadolint = shutil.which("hadolint") or str(ROOT / ".venv" / "bin" / "hadolint")
    done = subprocess.run([hadolint, str(DEPLOY / "Containerfile")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_container_does_not_run_as_root_and_takes_no_secret_along() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert re.findall(r"^USER (\S+)", text, re.MULTILINE)[-1] == "10001"
    left_out = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8").split()
    assert {".env", "var", ".git"} <= set(left_out)


@pytest.mark.parametrize("manifest", MANIFESTS, ids=[f"{m['kind']}-{m['metadata']['name']}" for m in MANIFESTS])
def test_kubernetes_knows_every_field(manifest: dict[str, Any]) -> None:
    import kubernetes_validate

    kubernetes_validate.validate(manifest, "1.30", strict=True)


@pytest.mark.parametrize("unit", UNITS, ids=[unit.name for unit in UNITS])
def test_systemd_reads_the_units(unit: Path, tmp_path: Path) -> None:
    systemd = program("systemd-analyze", "systemd")
    made = tmp_path / unit.name.replace("@", "@5005")
    text = re.sub(r"^(ExecStart=)\S+", r"\1/bin/true", unit.read_text(encoding="utf-8"), flags=re.MULTILINE)
    made.write_text(text.replace("User=drempelhulp\n", "User=daemon\n"), encoding="utf-8")
    done = subprocess.run([systemd, "verify", "--man=no", str(made)], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if made.name in line]
    assert not ours, ours


@pytest.mark.parametrize("upstream", ["upstream.compose.conf", "upstream.systemd.conf"])
def test_nginx_reads_its_configuration(upstream: str, tmp_path: Path) -> None:
    nginx = program("nginx", "nginx-light")
    (tmp_path / "certificates").mkdir()
    made = [str(tmp_path / "certificates" / name) for name in ("privkey.pem", "fullchain.pem")]
    asked = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=x",
        "-keyout",
        made[0],
        "-out",
        made[1],
    ]
    subprocess.run(asked, check=True, capture_output=True)
    names = (DEPLOY / upstream).read_text(encoding="utf-8")
    (tmp_path / "upstream.conf").write_text(
        re.sub(r"server (bot-\d|dashboard):", "server 127.0.0.1:", names), encoding="utf-8"
    )
    here = NGINX.replace("user nginx;", "").replace("/run/nginx.pid", str(tmp_path / "nginx.pid"))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"  {kind}_temp_path {tmp_path}/{kind};\n" for kind in kinds)
    here = here.replace("http {\n", f"http {{\n{folders}", 1)
    (tmp_path / "nginx.conf").write_text(here, encoding="utf-8")
    done = subprocess.run(
        [nginx, "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


OPEN = (
    "/", "/drempelhulp.js", "/drempelhulp.css", "/tokens.css", "/hulpkaart.css", "/privacy", "/praat", "/widget/nl.json",
    "/webhooks/web/session", "/webhooks/web/message", "/webhooks/whatsapp/webhook", f"/hulpkaart/{'A' * 120}",
    f"/hulpkaart/{'A' * 120}.ics",
)  # fmt: skip
SHUT = (
    "/health",
    "/metrics",
    "/version",
    "/model",
    "/webhooks/rest/webhook",
    "/conversations/x/tracker",
    "/.env",
    "/widget/../x",
)


def lets_through(path: str) -> bool:
    """As nginx chooses: the exact address first, then the patterns."""
    residents = NGINX.split("# The residents' side.")[1].split("# The gemeente's side")[0]
    exact = re.findall(r"location = (\S+) \{", residents)
    patterns = re.findall(r'location ~ "([^"]+)" \{', residents)
    return path in exact or any(re.search(pattern, path) for pattern in patterns)


def test_the_proxy_lets_our_paths_through_and_no_other() -> None:
    assert [path for path in OPEN if not lets_through(path)] == []
    assert [path for path in SHUT if lets_through(path)] == []
    assert "location / { return 404; }" in NGINX


def test_the_proxy_keeps_quiet_lines_shorter_than_the_server_writes_no_log_and_no_file() -> None:
    assert int(re.findall(r"keepalive_timeout (\d+)s", NGINX)[0]) < QUIET_SECONDS
    for said in ("access_log off", "proxy_max_temp_file_size 0", "server_tokens off", "X-Forwarded-For $remote_addr"):
        assert said in NGINX


def test_only_settings_that_exist_are_set() -> None:
    known = {PREFIX + setting.name for setting in SETTINGS}
    for path in (DEPLOY / "compose.yml", DEPLOY / "k8s" / "drempelhulp.yaml", DEPLOY / "Containerfile", *UNITS):
        named = set(re.findall(rf"\b{PREFIX}[A-Z_]+", path.read_text(encoding="utf-8")))
        assert named <= known, (path.name, named - known)


def test_no_secret_stands_in_a_file_and_none_has_a_default() -> None:
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(PASSWORD|SECRET_KEY|TOKEN): +(?!\$\{\w+:\?)\S", text), path.name


def test_every_container_is_kept_small() -> None:
    for name in ("bot-1", "bot-2", "dashboard"):
        service = COMPOSE["services"][name]
        assert service["read_only"] and service["cap_drop"] == ["ALL"]
    for pod in (m["spec"]["template"]["spec"] for m in MANIFESTS if m["kind"] == "Deployment"):
        assert pod["securityContext"]["runAsNonRoot"] and not pod["automountServiceAccountToken"]
        for container in pod["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"]
            assert container["resources"]["limits"]["memory"]
