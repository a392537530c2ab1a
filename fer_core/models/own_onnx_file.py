"""A foreign ONNX file: what it is checked for before it is run, and what its metadata say."""

import ast
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import onnx
from onnx import AttributeProto, FunctionProto, GraphProto, NodeProto, TensorProto

from fer_core.errors import WeightsError
from fer_core.registry import MODELS

MAX_MB: Final = 600
#: Where the operators come from that ONNX Runtime has of its own.
DOMAINS: Final = frozenset({"", "ai.onnx", "ai.onnx.ml", "com.microsoft"})
#: Metadata and fields of a .json file that are read; `names` and `imgsz` are Ultralytics'.
FIELDS: Final = ("labels", "size", "channels", "mean", "std", "scale", "layout", "title")
MAX_JSON_BYTES: Final = 64_000


class OwnModelError(WeightsError):
    """A user's own ONNX file cannot be used."""


def read(path: Path) -> onnx.ModelProto:
    """Read a graph, without the tensors that are in other files, and check it.

    Raises:
        OwnModelError: It is missing, too large, no valid ONNX file, needs operators that are no
            part of ONNX Runtime, or its tensors are in files outside its folder.
    """
    try:
        if path.stat().st_size > MAX_MB * 10**6:
            raise OwnModelError(f"{path} has more than {MAX_MB} MB, the most that is loaded.")
        model = onnx.load(path, load_external_data=False)
        _check_external_data(path, model)
        onnx.checker.check_model(path)
    except OSError as error:
        raise OwnModelError(f"{path} cannot be read: {error.strerror or error}.") from error
    except OwnModelError:
        raise
    except Exception as error:  # of protobuf and of the checker, with many lines
        raise OwnModelError(f"{path} is no valid ONNX file.") from error
    functions = {function.domain for function in model.functions}
    foreign = {node.domain for node in _all_nodes(model)} - DOMAINS - functions
    if foreign:
        raise OwnModelError(
            f"{path} needs custom operators ({', '.join(sorted(foreign))}), which are not run; "
            "export it with operators of ONNX alone."
        )
    return model


def stored_fields(path: Path, model: onnx.ModelProto) -> dict[str, Any]:
    """What the file's metadata and the .json file beside it say, by the names in `FIELDS`.

    Raises:
        OwnModelError: The .json file cannot be read, or these are yes/no models without
            probabilities.
    """
    stored = {entry.key: _parsed(entry.value) for entry in model.metadata_props}
    ours = MODELS.get(str(stored.get("name")))
    if ours and ours.yes_no and [output.name for output in model.graph.output] == ["logits"]:
        raise OwnModelError(
            f"{path} has seven independent logits: export it again with --probabilities."
        )
    fields = {key: stored[key] for key in FIELDS if key in stored}
    names = stored.get("names")
    if "labels" not in fields and isinstance(names, dict):
        with suppress(ValueError, TypeError):
            fields["labels"] = [names[key] for key in sorted(names, key=int)]
    if stored.get("author") == "Ultralytics":
        size = stored.get("imgsz")
        size = size[0] if isinstance(size, list) and size else size
        fields = {"mean": 0, "std": 1, "size": size} | fields
    return {**fields, **_beside(path.with_suffix(".json"))}


def _beside(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    with suppress(OSError, ValueError, RecursionError):
        if path.stat().st_size <= MAX_JSON_BYTES:
            content = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(content, dict):
                return {key: content[key] for key in FIELDS if key in content}
    raise OwnModelError(f"{path} is no JSON object with {', '.join(FIELDS)}.")


def _parsed(text: str) -> Any:
    """JSON, or a literal of Python as Ultralytics writes it; other text as it is."""
    for parse in (json.loads, ast.literal_eval):
        with suppress(ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            if len(text) <= MAX_JSON_BYTES:
                return parse(text)
    return text


def _check_external_data(path: Path, model: onnx.ModelProto) -> None:
    folder, size = path.resolve().parent, path.stat().st_size
    locations = {
        entry.value
        for tensor in _all_tensors(model)
        if tensor.data_location == TensorProto.EXTERNAL
        for entry in tensor.external_data
        if entry.key == "location"
    }
    for location in sorted(locations):
        file = path.parent / location
        if Path(location).name != location or file.resolve().parent != folder:
            raise OwnModelError(
                f"{path} has weights in {location!r}, outside its folder: export it as one file."
            )
        if not file.is_file():
            raise OwnModelError(f"{path} has its weights in {location}, which is missing.")
        size += file.stat().st_size
    if size > MAX_MB * 10**6:
        raise OwnModelError(f"{path} has more than {MAX_MB} MB, the most that is loaded.")


def _all_tensors(model: onnx.ModelProto) -> Iterator[TensorProto]:
    for graph in _all_graphs(model.graph):
        yield from graph.initializer
        for sparse in graph.sparse_initializer:
            yield from (sparse.values, sparse.indices)
    for node in _all_nodes(model):
        for attribute in node.attribute:
            yield from (attribute.t, *attribute.tensors)
            for sparse in (attribute.sparse_tensor, *attribute.sparse_tensors):
                yield from (sparse.values, sparse.indices)


def _all_nodes(model: onnx.ModelProto) -> Iterator[NodeProto]:
    for owner in (model.graph, *model.functions):
        for graph in _all_graphs(owner):
            yield from graph.node


def _all_graphs(owner: GraphProto | FunctionProto) -> Iterator[Any]:
    """A graph or function and the graphs inside, such as the branches of an If."""
    yield owner
    for node in owner.node:
        for attribute in node.attribute:
            if attribute.type == AttributeProto.GRAPH:
                yield from _all_graphs(attribute.g)
            for graph in attribute.graphs:
                yield from _all_graphs(graph)
