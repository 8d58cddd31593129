"""The files by which it is put on servers: read by the programs that will read them, and against what our server really has."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.engine.manners import QUIET_SECONDS
from bot.settings import PREFIX, SETTINGS, Settings
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
INSIDE = ("/health", "/metrics")
"""Routes of ours that are for who stands inside."""
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


def routes(tmp_path: Path) -> set[str]:
    """An address for each route of the assistant, with every channel on."""
    from sanic import Sanic

    from bot.engine.server import create_app

    given = dict.fromkeys(("TOKEN", "APP_SECRET", "VERIFY_TOKEN", "PHONE_NUMBER_ID"), "1")
    whatsapp = {f"{PREFIX}WHATSAPP_{name}": value for name, value in given.items()}
    try:
        app = create_app(Settings({f"{PREFIX}VAR": str(tmp_path), f"{PREFIX}SECRET_KEY": "x", **whatsapp}))
        paths = {f"/{route.path}" for route in app.router.routes}
    finally:
        Sanic._app_registry.pop("drempelhulp", None)
    examples = {"<token:str>": "A" * 120, "<language:str>": "nl.json"}
    for part, example in examples.items():
        paths = {path.replace(part, example) for path in paths}
    several = {path for path in paths if path.startswith("/<name:")}
    names = {f"/{name}" for path in several for name in re.findall(r"[\w]+\\\.\w+", path)}
    return (paths - several) | {name.replace("\\", "") for name in names}


def ingress_lets_through(path: str) -> bool:
    (ingress,) = (m for m in MANIFESTS if m["kind"] == "Ingress")
    rules = [rule for host in ingress["spec"]["rules"] for rule in host["http"]["paths"]]
    return any(path == r["path"] if r["pathType"] == "Exact" else path.startswith(r["path"]) for r in rules)


def test_every_route_that_we_serve_is_open_to_residents_or_kept_inside(tmp_path: Path) -> None:
    """A new route that nobody let through works on a desk, and not in a city."""
    found = routes(tmp_path)
    assert {"/stem", "/luister", "/drempelhulp.js", "/hulpkaart.css", "/widget/nl.json"} <= found
    for path in found:
        assert lets_through(path) is (path not in INSIDE), path
        assert ingress_lets_through(path) is (path not in INSIDE), path


def test_what_residents_send_is_held_in_memory_whole() -> None:
    """nginx writes what does not fit the buffer to a file, whatever else is set."""
    size = {"k": 1024, "m": 1024 * 1024}
    largest = buffer = 0
    for block in [NGINX.split("include upstream.conf;")[0], *re.findall(r"location [^{]+\{[^\n]+", NGINX)]:
        bodies, buffers = (
            [int(number) * size[unit] for number, unit in re.findall(rf"{name} (\d+)([km]);", block)]
            for name in ("client_max_body_size", "client_body_buffer_size")
        )
        largest, buffer = (bodies or [largest])[0], (buffers or [buffer])[0]
        assert largest <= buffer, block
        if block.startswith("location"):
            largest, buffer = size["k"] * 64, size["k"] * 128


def test_no_log_of_ours_or_of_what_stands_around_us_names_a_resident() -> None:
    """nginx' own lines about a request hold an address; PostgreSQL's about an error hold the row."""
    assert set(re.findall(r"error_log \S+ (\w+);", NGINX)) == {"emerg"}
    told = COMPOSE["services"]["postgres"]["command"]
    assert {"log_min_error_statement=panic", "log_error_verbosity=terse"} <= set(told)


def test_postgresql_with_these_settings_keeps_no_row_in_its_log() -> None:
    import pgserver
    import sqlalchemy as sa

    from bot.engine.conversations import Conversations
    from bot.engine.tables import open_engine

    told = [word for word in COMPOSE["services"]["postgres"]["command"] if "=" in word]
    folder = Path(tempfile.mkdtemp(prefix="drempelhulp-quiet-"))
    server = pgserver.get_server(folder, cleanup_mode="delete")
    try:
        for setting in told:
            name, _, value = setting.partition("=")
            server.psql(f"alter system set {name} = '{value}';")
        server.psql("select pg_reload_conf();")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg2://")
        conversations = Conversations(open_engine(url))
        rows = [{"e": "slot", "t": 1.0, "k": "topics", "v": ["geld"]}]
        conversations.append("apseudonymofsomebody", 0, rows, None)
        with pytest.raises(sa.exc.IntegrityError):
            conversations.append("apseudonymofsomebody", 0, rows, None)
        log = Path(server.log).read_text(encoding="utf-8")
        assert "duplicate key" in log, "the error itself is told"
        assert "apseudonymofsomebody" not in log
    finally:
        server.cleanup()


def test_no_secret_has_a_default() -> None:
    secret = [s for s in SETTINGS if re.search(r"SECRET|TOKEN|PASSWORD|_KEY", s.name)]
    assert len(secret) >= 7 and not [s.name for s in secret if s.default is not None]


def test_a_container_starts_without_compiling_or_learning() -> None:
    """Its disk is read-only, and no volume lies over the model of its own version."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert "--compile-bytecode" in text and "compileall" in text and "bot train" in text
    for service in COMPOSE["services"].values():
        assert not [v for v in service.get("volumes", ()) if v.endswith(":/srv/drempelhulp/var")]


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
