"""Export a network's weights to an ONNX graph: python -m training.export_onnx MODEL.

The tensors are stored once, in half precision, in `<model>.safetensors`. The graph's initialisers
are ONNX external data that point at the tensors' bytes inside that file. Each is followed by a Cast
to float32, which ONNX Runtime folds at load.
"""

import argparse
import json
import re
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper
from safetensors.numpy import load_file

from fer_core.artifacts import store, weights_file
from fer_core.artifacts.store import artifacts
from fer_core.cli.command import report_errors
from fer_core.cli.output import prepare_folder
from fer_core.models.networks.torch_loading import network_from
from fer_core.registry import ModelSpec, get_model_spec, list_networks

OPSET = 17


def write_graph(model: ModelSpec, folder: Path) -> None:
    """Write `<model>.onnx` next to the weights file in `folder` and record both checksums.

    An int8 graph of earlier weights is removed: `training.quantize` writes one of these.
    """
    path = folder / weights_file.path(model).name
    (folder / weights_file.int8_path(model).name).unlink(missing_ok=True)
    graph_path = folder / weights_file.onnx_path(model).name
    if model.framework == "keras":
        onnx_model = keras_graph(load_file(path))
    else:
        _export_torch(model, path, graph_path)
        onnx_model = onnx.load(graph_path)
        _strip_wrapper_prefix(onnx_model)
    _link_external_data(onnx_model, path)
    onnx.save(onnx_model, graph_path)
    store.record_checksums(path, graph_path)


def _export_torch(model: ModelSpec, path: Path, graph_path: Path) -> None:
    with warnings.catch_warnings():
        # The older exporter keeps the initialisers' names equal to the state dict's keys.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network_from(model, path),
            (torch.zeros(2, 48, 48, dtype=torch.uint8),),
            graph_path,
            input_names=["chips"],
            output_names=["logits"],
            dynamic_axes={"chips": {0: "n"}, "logits": {0: "n"}},
            opset_version=OPSET,
            dynamo=False,
            do_constant_folding=False,
            training=torch.onnx.TrainingMode.PRESERVE,
        )


def _strip_wrapper_prefix(onnx_model: onnx.ModelProto) -> None:
    """Rename the tensors as in the network's state dict, without the `ChipNetwork` wrapper."""
    for initializer in onnx_model.graph.initializer:
        initializer.name = initializer.name.removeprefix("network.")
    for node in onnx_model.graph.node:
        # Outputs too: the exporter turns a tensor equal to another into an Identity's output.
        for names in (node.input, node.output):
            names[:] = [name.removeprefix("network.") for name in names]


def _link_external_data(onnx_model: onnx.ModelProto, path: Path) -> None:
    """Make initialisers refer to the tensors of the same name in the safetensors file `path`."""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    graph = onnx_model.graph
    inline = [i for i in graph.initializer if i.name not in header]
    names = [i.name for i in graph.initializer if i.name in header]
    del graph.initializer[:]
    graph.initializer.extend(inline)
    casts = []
    for name in names:
        begin, end = header[name]["data_offsets"]
        stored = TensorProto(
            name=name + weights_file.STORED,
            data_type=TensorProto.FLOAT16,
            dims=header[name]["shape"],
        )
        stored.data_location = TensorProto.EXTERNAL
        location = {"location": path.name, "offset": 8 + length + begin, "length": end - begin}
        for key, value in location.items():
            stored.external_data.add(key=key, value=str(value))
        graph.initializer.append(stored)
        casts.append(helper.make_node("Cast", [stored.name], [name], to=TensorProto.FLOAT))
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + nodes)
    onnx_model.producer_name, onnx_model.doc_string = "fer_explorer", ""


def keras_graph(tensors: Mapping[str, np.ndarray]) -> onnx.ModelProto:
    """Build the Keras CNN as an ONNX graph whose tensors keep Keras's layout.

    Kernels are stored as (height, width, in, out); a Transpose, which ONNX Runtime folds at load,
    reorders them.
    """
    blocks = sum(bool(re.fullmatch(r"conv\d+/kernel", key)) for key in tensors)
    dense = sum(bool(re.fullmatch(r"dense\d+/kernel", key)) for key in tensors)
    nodes: list[onnx.NodeProto] = []
    inits = [helper.make_tensor("255", TensorProto.FLOAT, [], [255.0])]
    inits.append(helper.make_tensor("channel", TensorProto.INT64, [1], [1]))

    def add(operation: str, inputs: list[str], output: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(operation, inputs, [output], **attributes))
        return output

    def normalised(x: str, layer: str) -> str:
        names = [f"{layer}_norm/{n}" for n in ("gamma", "beta", "moving_mean", "moving_variance")]
        x = add("BatchNormalization", [x, *names], f"{layer}_normalised", epsilon=1e-3)
        return add("Relu", [x], f"{layer}_relu")

    x = add("Cast", ["chips"], "float", to=TensorProto.FLOAT)
    x = add("Unsqueeze", [x, "channel"], "image")
    x = add("Div", [x, "255"], "scaled")
    for number in range(1, blocks + 1):
        layer = f"conv{number}"
        kernel = add("Transpose", [f"{layer}/kernel"], f"{layer}_oihw", perm=[3, 2, 0, 1])
        x = add("Conv", [x, kernel, f"{layer}/bias"], f"{layer}_out", auto_pad="SAME_UPPER")
        x = normalised(x, layer)
        x = add("MaxPool", [x], f"{layer}_pool", kernel_shape=[2, 2], strides=[2, 2])
    x = add("Transpose", [x], "channels_last", perm=[0, 2, 3, 1])
    x = add("Flatten", [x], "flat")
    for number in range(1, dense + 1):
        layer = f"dense{number}"
        x = normalised(add("Gemm", [x, f"{layer}/kernel", f"{layer}/bias"], f"{layer}_out"), layer)
    add("Gemm", [x, "logits/kernel", "logits/bias"], "logits")
    inits += [
        helper.make_tensor(k, TensorProto.FLOAT, v.shape, v.ravel()) for k, v in tensors.items()
    ]
    graph = helper.make_graph(
        nodes,
        "keras_cnn",
        [helper.make_tensor_value_info("chips", TensorProto.UINT8, ["n", 48, 48])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 7])],
        inits,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)


@report_errors
def main(arguments: list[str] | None = None) -> int:
    """Export weights that were trained on a machine without `onnx`."""
    parser = argparse.ArgumentParser(prog="python -m training.export_onnx", description=__doc__)
    parser.add_argument(
        "model",
        metavar="MODEL",
        choices=list_networks(),
        help=f"one of {', '.join(list_networks())}",
    )
    args = parser.parse_args(arguments)
    prepare_folder(artifacts().weights)
    write_graph(get_model_spec(args.model), artifacts().weights)
    return 0


if __name__ == "__main__":
    sys.exit(main())
