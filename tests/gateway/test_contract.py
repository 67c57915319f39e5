"""Every request that the client makes is one of the vendor's description; collected where that lies near by."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.gateway import Gateway
from services.gateway.fields import READERS, WITHOUT_COLUMN
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from tests.gateway.test_client import WORLD, calls

_NAME = Path("shared", "contract", "portone-v1.openapi.json")
FOUND = next((folder / _NAME for folder in Path(__file__).resolve().parents if (folder / _NAME).is_file()), None)


class Description:
    """The Swagger file: which operation a request is, and what it may carry."""

    def __init__(self, path: Path) -> None:
        self.operations = []
        for template, methods in json.loads(path.read_text())["paths"].items():
            for method, operation in methods.items():
                self.operations.append((method.upper(), template, operation.get("parameters", [])))

    def operation(self, request: httpx.Request) -> tuple[str, list[dict[str, Any]]]:
        """Template and parameters of the most literal operation that the request fits."""
        path = request.url.raw_path.decode().partition("?")[0]
        found = [
            (template.count("{"), template, parameters)
            for method, template, parameters in self.operations
            if method == request.method and re.fullmatch(_pattern(template, parameters), path)
        ]
        assert found, f"{request.method} {path} is not described"
        _count, template, parameters = min(found, key=lambda one: one[:2])
        return template, parameters

    def check(self, request: httpx.Request) -> str:
        """The template of a request that carries what it must and nothing else."""
        template, parameters = self.operation(request)
        fields = json.loads(request.content) if request.content else {}
        for place, given in (("query", dict(request.url.params)), ("formData", fields)):
            described = {one["name"]: one for one in parameters if one["in"] == place}
            assert given.keys() <= described.keys(), f"{template} knows no {given.keys() - described.keys()}"
            assert {name for name, one in described.items() if one.get("required")} <= given.keys(), template
            for name, value in given.items():
                _fits(template, described[name], value)
        inside = {f"{{{one['name']}}}": one for one in parameters if one["in"] == "path"}
        for name, value in zip(template.split("/"), request.url.path.split("/"), strict=False):
            if name in inside:
                _fits(template, inside[name], value)
        return template


def _pattern(template: str, parameters: list[dict[str, Any]]) -> str:
    optional = {one["name"] for one in parameters if one["in"] == "path" and not one.get("required")}
    parts = (re.escape(part) if "{" not in part else "[^/]+" for part in template.strip("/").split("/"))
    pattern = "".join(f"/{part}" for part in parts)
    return f"{pattern.removesuffix('/[^/]+')}(/[^/]+)?" if optional else pattern


def _fits(template: str, described: dict[str, Any], value: str) -> None:
    where = f"{template} {described['name']}={value}"
    assert value in described.get("enum", [value]), where
    if described.get("type") == "integer":
        assert int(described.get("minimum", 0)) <= int(value) <= int(described.get("maximum", 2**40)), where
    if described.get("type") == "boolean":
        assert str(value).lower() in ("true", "false"), where


if FOUND:

    def test_every_request_is_described_by_the_vendor() -> None:
        description, sandbox, seen = Description(FOUND), Sandbox(WORLD), set()

        def checking(request: httpx.Request) -> httpx.Response:
            seen.add(description.check(request))
            return sandbox(request)

        calls(Gateway("http://sandbox", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(checking)))
        assert len(seen) == 17

    @pytest.mark.parametrize(
        "url",
        ["/payments/status/all?frm=1", "/payments/status/gone", "/users/getTokens", "/payments/status/all?limit=1001"],
    )
    def test_a_request_that_the_vendor_does_not_describe_is_noticed(url: str) -> None:
        with pytest.raises(AssertionError):
            Description(FOUND).check(httpx.Request("GET", f"http://sandbox{url}"))

    @pytest.mark.parametrize(
        ("kind", "names", "apart"),
        [
            ("payment", ["PaymentAnnotation"], {"amount", "cancel_amount", "cancel_history"}),
            ("cancellation", ["PaymentCancelAnnotation"], {"amount"}),
            ("schedule", ["ScheduleResultAnnotation"], {"amount"}),
            ("billing_key", ["CustomerAnnotation", "SuperBillingKeyAnnotation"], set()),
            ("channel", ["PgSettingAnnotation"], set()),
            ("receipt", ["ReceiptAnnotation", "ExternalReceiptAnnotation"], set()),
        ],
    )
    def test_no_field_of_the_vendors_is_called_unknown(kind: str, names: list[str], apart: set[str]) -> None:
        described = json.loads(FOUND.read_text())["definitions"]
        known = apart | READERS[kind].keys() | WITHOUT_COLUMN.get(kind, set())
        assert known == {field for name in names for field in described[name]["properties"]}
