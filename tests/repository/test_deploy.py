"""The files of deploy/, checked without a container engine or a cluster."""

import re
from pathlib import Path
from typing import Any

import pytest

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")


def services() -> dict[str, dict[str, Any]]:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)["services"]
    return found


@pytest.mark.parametrize("name", services())
def test_a_service_can_do_little(name: str) -> None:
    service = services()[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] == service["memswap_limit"]
    assert service["image"] == "fer-explorer" or re.search(r":\d+\.\d+", service["image"])


def test_the_proxy_knows_each_replica() -> None:
    text = (DEPLOY / "replicas.conf").read_text(encoding="utf-8")
    replicas = services().keys() - {"proxy"}
    assert set(re.findall(r"server ([\w-]+):8501;", text)) == replicas
    assert services()["proxy"]["depends_on"].keys() == replicas


def test_the_proxy_has_the_tried_configuration() -> None:
    mounts = dict(volume.split(":")[:2] for volume in services()["proxy"]["volumes"])
    assert mounts.pop("./certificate") == "/etc/ssl/fer"
    assert all((DEPLOY / source).is_file() for source in mounts)
    settings = (ROOT / "docs/nginx.conf").read_text(encoding="utf-8")
    assert "/etc/ssl/fer/" in settings
    assert f"include {mounts['./replicas.conf'].replace('.conf', '*.conf')};" in settings


def test_the_settings_are_documented() -> None:
    for service in services().values():
        for name in service.get("environment", {}):
            assert f"`{name}" in OPERATIONS
