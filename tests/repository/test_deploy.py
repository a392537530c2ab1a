"""The files of deploy/, checked without a container engine or a cluster.

Each object of the Kubernetes manifest is checked against the schema of its kind, which
kubernetes-validate carries; what makes the app safe and steady is checked here.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from pages.server.lifespan import STOP_SECONDS

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")

ROOT = Path(__file__).parents[2]
KUBERNETES = "1.30"  # the oldest that docs/operations.md names
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


def manifest() -> dict[str, dict[str, Any]]:
    """The Kubernetes objects by kind."""
    text = (DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8")
    return {each["kind"]: each for each in yaml.safe_load_all(text)}


@pytest.mark.parametrize("kind", manifest())
def test_kubernetes_would_accept_the_object(kind: str) -> None:
    checker = pytest.importorskip("kubernetes_validate")
    checker.validate(manifest()[kind], KUBERNETES, strict=True)  # strict: no unknown fields


def test_the_schemas_refuse_a_misspelt_field() -> None:
    checker = pytest.importorskip("kubernetes_validate")
    service = manifest()["Service"]
    service["spec"]["ports"][0]["targetport"] = service["spec"]["ports"][0].pop("targetPort")
    with pytest.raises(checker.ValidationError, match="targetport"):
        checker.validate(service, KUBERNETES, strict=True)


def pod() -> dict[str, Any]:
    found: dict[str, Any] = manifest()["Deployment"]["spec"]["template"]["spec"]
    return found


def test_a_pod_can_do_little() -> None:
    [container] = pod()["containers"]
    user = re.search(r"--uid (\d+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    assert user
    assert pod()["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": int(user[1]),
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
    assert not pod()["automountServiceAccountToken"]
    assert container["resources"]["limits"].keys() == {"cpu", "memory"}


def test_a_pod_is_watched_and_has_time_to_stop() -> None:
    [container] = pod()["containers"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"] == {"path": "/health", "port": "http"}
    sleep = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pod()["terminationGracePeriodSeconds"] > sleep + STOP_SECONDS


def test_the_objects_name_one_another() -> None:
    specs = {kind: each["spec"] for kind, each in manifest().items()}
    labels = specs["Deployment"]["template"]["metadata"]["labels"]
    assert specs["Deployment"]["selector"]["matchLabels"] == labels
    assert specs["PodDisruptionBudget"]["selector"]["matchLabels"] == labels
    assert specs["NetworkPolicy"]["podSelector"]["matchLabels"] == labels
    assert specs["Service"]["selector"] == labels
    assert specs["PodDisruptionBudget"]["minAvailable"] < specs["Deployment"]["replicas"]
    [rule] = specs["Ingress"]["rules"]
    assert rule["host"] in specs["Ingress"]["tls"][0]["hosts"]
    assert rule["http"]["paths"][0]["backend"]["service"] == {
        "name": manifest()["Service"]["metadata"]["name"],
        "port": {"name": "http"},
    }


def test_who_is_not_root_owns_its_temporary_folders() -> None:
    [proxy] = [service for service in services().values() if "user" in service]
    user, _, group = proxy["user"].partition(":")
    owned = [each for each in proxy["tmpfs"] if each.endswith(f":uid={user},gid={group}")]
    assert {each.partition(":")[0] for each in proxy["tmpfs"]} - {"/tmp"} == {
        each.partition(":")[0] for each in owned
    }


def test_the_settings_are_documented() -> None:
    names = {name for service in services().values() for name in service.get("environment", {})}
    names |= {each["name"] for each in pod()["containers"][0]["env"]}
    assert [name for name in names if f"`{name}" not in OPERATIONS] == []
