"""The int8 graph of a network: ONNX Runtime's quantisation, linked to the weights file."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper
from safetensors.numpy import load_file

from fer_core.artifacts import store, weights_file
from fer_core.registry import ModelSpec

PERCENTILE = 99.99  # of an activation's magnitudes; larger ones are clipped
BATCH = 32  # chips
QUANTISED = ["Conv", "MaxPool", "Add"]  # what stays in 8 bits between two convolutions
Chains = dict[str, list[onnx.NodeProto]]


def write_int8_graph(model: ModelSpec, chips: np.ndarray) -> None:
    """Write `<model>.int8.onnx` next to the model's other files and record its checksum.

    Args:
        model: A network whose two files are in place.
        chips: (N, 48, 48) uint8, to measure the activations on.
    """
    for file in weights_file.files(model):
        weights_file.verify(file)
    linked = onnx.load(weights_file.onnx_path(model), load_external_data=False)
    constants = _constants(linked, load_file(weights_file.path(model)))
    chains = _fold_batch_norms(linked, constants)
    quantised = _quantise(_with_constants(linked, constants), chips)
    _compute_weights(quantised, linked, chains)
    path = weights_file.int8_path(model)
    onnx.save(quantised, path)
    store.record_checksums(path)


def _constants(model: onnx.ModelProto, tensors: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The initialisers, and what `_constant_nodes` compute from them, by name."""
    inline = [i for i in model.graph.initializer if not i.name.endswith(weights_file.STORED)]
    values = {i.name: numpy_helper.to_array(i) for i in inline}
    values |= {name + weights_file.STORED: tensor for name, tensor in tensors.items()}
    for node in _constant_nodes(model):
        value = values[node.input[0]]
        if node.op_type == "Cast":
            value = value.astype(np.float32)
        elif node.op_type == "Transpose":
            value = value.transpose(helper.get_node_attr_value(node, "perm"))
        values[node.output[0]] = value
    return values


def _constant_nodes(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    """The nodes that turn stored tensors into the network's weights."""
    names, nodes = {i.name for i in model.graph.initializer}, []
    for node in model.graph.node:
        if node.op_type in ("Cast", "Identity", "Transpose") and names.issuperset(node.input):
            names.update(node.output)
            nodes.append(node)
    return nodes


def _fold_batch_norms(model: onnx.ModelProto, constants: dict[str, np.ndarray]) -> Chains:
    """Fold every batch normalisation after a convolution into it, in place.

    Returns:
        Name of a convolution's weights → the nodes that compute them from the graph's constants.
        `constants` gets the values of weights and biases.
    """
    graph = model.graph
    users: Chains = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    chains: Chains = {}
    for conv in [node for node in graph.node if node.op_type == "Conv"]:
        weight, bias = conv.input[1], conv.input[2] if len(conv.input) > 2 else ""
        after = users.get(conv.output[0], [])
        if len(after) != 1 or after[0].op_type != "BatchNormalization":
            chains[weight] = []
            continue
        [norm] = after
        gamma, beta, mean, variance = (constants[name] for name in norm.input[1:])
        epsilon = helper.get_node_attr_value(norm, "epsilon")
        factor = gamma / np.sqrt(variance + np.float32(epsilon))
        folded, shift = f"{weight}/folded", f"{weight}/shift"
        constants[folded] = constants[weight] * factor.reshape(-1, 1, 1, 1)
        constants[shift] = beta + (constants.get(bias, np.float32(0)) - mean) * factor
        chains[folded] = list(_folding(weight, norm.input[1], norm.input[4], epsilon))
        conv.input[:] = [conv.input[0], folded, shift]
        conv.output[0] = norm.output[0]
        graph.node.remove(norm)
    return chains


def _folding(weight: str, gamma: str, variance: str, epsilon: float) -> Iterator[onnx.NodeProto]:
    """Nodes that multiply `weight` by gamma / sqrt(variance + epsilon), per filter."""

    def constant(name: str, value: np.ndarray) -> onnx.NodeProto:
        tensor = numpy_helper.from_array(value, f"{weight}/{name}")
        return helper.make_node("Constant", [], [tensor.name], value=tensor)

    yield constant("epsilon", np.array([epsilon], np.float32))
    yield constant("per_filter", np.array([-1, 1, 1, 1]))
    steps = (
        ("Add", [variance, f"{weight}/epsilon"], "raised"),
        ("Sqrt", [f"{weight}/raised"], "deviation"),
        ("Div", [gamma, f"{weight}/deviation"], "factors"),
        ("Reshape", [f"{weight}/factors", f"{weight}/per_filter"], "factor"),
        ("Mul", [weight, f"{weight}/factor"], "folded"),
    )
    for operation, inputs, output in steps:
        yield helper.make_node(operation, inputs, [f"{weight}/{output}"])


def _with_constants(model: onnx.ModelProto, constants: Mapping[str, np.ndarray]) -> onnx.ModelProto:
    """A copy whose constants are initialisers in it, as `quantize_static` wants them."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    graph = copy.graph
    nodes = [node for node in graph.node if not (node.input and node.output[0] in constants)]
    used = {name for node in nodes for name in node.input}
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(
        numpy_helper.from_array(np.ascontiguousarray(constants[name]), name)
        for name in sorted(used & constants.keys())
    )
    return copy


class _Reader:
    """Batches of chips, as ONNX Runtime's `CalibrationDataReader` gives them."""

    def __init__(self, chips: np.ndarray) -> None:
        size = min(BATCH, len(chips))  # ONNX Runtime wants batches of one size
        whole = chips[: len(chips) // size * size]
        self._batches = iter(whole.reshape(-1, size, *chips.shape[1:]))

    def get_next(self) -> dict[str, np.ndarray] | None:
        batch = next(self._batches, None)
        return None if batch is None else {"chips": batch}


def _quantise(model: onnx.ModelProto, chips: np.ndarray) -> onnx.ModelProto:
    from onnxruntime import quantization  # after `fer_core`, which disables telemetry

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "int8.onnx"
        quantization.quantize_static(
            model,
            path,
            _Reader(chips),
            quant_format=quantization.QuantFormat.QDQ,
            op_types_to_quantize=QUANTISED,
            per_channel=True,
            activation_type=quantization.QuantType.QUInt8,
            weight_type=quantization.QuantType.QInt8,
            calibrate_method=quantization.CalibrationMethod.Percentile,
            extra_options={"CalibPercentile": PERCENTILE},
        )
        return onnx.load(path)


def _compute_weights(quantised: onnx.ModelProto, linked: onnx.ModelProto, chains: Chains) -> None:
    """Replace stored weights by nodes that compute them from the linked tensors, in place."""
    graph = quantised.graph
    made = {name for node in graph.node for name in node.output}  # biases too, from integers
    nodes = [node for node in _constant_nodes(linked) if node.output[0] not in made]
    for weight, chain in chains.items():
        names = [weight, f"{weight}_scale", f"{weight}_zero_point"]
        nodes += chain
        nodes.append(helper.make_node("QuantizeLinear", names, [f"{weight}_quantized"], axis=0))
    computed = {name for node in nodes for name in node.output}
    nodes = _needed([*nodes, *graph.node], {output.name for output in graph.output})
    used = {name for node in nodes for name in node.input}
    own = [i for i in graph.initializer if i.name not in computed]
    stored = [i for i in linked.graph.initializer if i.name not in {j.name for j in own}]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(i for i in [*own, *stored] if i.name in used)


def _needed(nodes: list[onnx.NodeProto], outputs: set[str]) -> list[onnx.NodeProto]:
    """The nodes on which `outputs` depend, in order."""
    names, needed = set(outputs), []
    for node in reversed(nodes):
        if names & set(node.output):
            names |= set(node.input)
            needed.append(node)
    return needed[::-1]
