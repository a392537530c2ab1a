"""A model as one ONNX graph for other programs, with its weights inside: `build`.

A network's graph is the committed one. Those of an ensemble's members become one graph, followed by
the ensemble's rule. The rules are those of `fer_core.models.ensembles`, written for logits: the
log-odds of a sigmoid are its logits, so that no small difference from 1 is computed, and single
precision is enough.
"""

from collections.abc import Callable, Mapping

import numpy as np
import onnx
from onnx import compose, external_data_helper, helper, numpy_helper, parser, utils

from fer_core.artifacts import weights_file
from fer_core.artifacts.store import corrupted_message
from fer_core.emotions import EMOTIONS
from fer_core.errors import weights_error
from fer_core.models.onnx_network import verified_graph
from fer_core.models.precision import Precision
from fer_core.probability import EPSILON
from fer_core.registry import EnsembleRule, ModelSpec, get_model_spec

#: Constants that the rules below use by name, besides an ensemble's fitted parameters.
CONSTANTS = {
    "columns": np.array([1]),
    "one": np.array(1, np.float32),
    "lowest_log_odds": np.array(np.log(EPSILON / (1 - EPSILON)), np.float32),
    "highest_log_odds": np.array(np.log((1 - EPSILON) / EPSILON), np.float32),
    "lowest_log": np.array(np.log(EPSILON), np.float32),
}


def build(
    model: ModelSpec, precision: Precision = "fp32", probabilities: bool = False
) -> onnx.ModelProto:
    """Build the graph of a model from its committed files.

    Args:
        model: A network or an ensemble.
        precision: `fp32`, or `int8` where the model's networks have such graphs.
        probabilities: Whether a network's graph ends with probabilities instead of logits. That of
            an ensemble always does.

    Returns:
        A graph with the input `chips`, (n, 48, 48) uint8, and float32 outputs (n, 7): `logits`, or
        `probabilities` and, of yes/no models, `scores`. Columns are in the order of EMOTIONS.

    Raises:
        NotTrainedError: A file is missing, such as an int8 graph where there is none.
        WeightsError: A file is damaged.
    """
    parts = [_read(get_model_spec(name), precision, f"{name}_") for name in model.members]
    parts = parts or [_read(model, precision)]
    outputs, text = ["logits"], ""
    if model.combine is not None:
        outputs, text = ["probabilities"], RULES[model.combine](model)
    elif probabilities:
        outputs, text = ["probabilities", *["scores"] * model.yes_no], _probabilities(model)
    tail = parser.parse_graph(f"tail () => () {{ {text} }}").node
    first = parts[0]
    graph = helper.make_graph(
        [node for part in parts for node in part.graph.node] + list(tail),
        model.name,
        first.graph.input,
        [
            helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["n", len(EMOTIONS)])
            for name in outputs
        ],
        [tensor for part in parts for tensor in part.graph.initializer] + _constants(model, tail),
    )
    versions = {"opset_imports": first.opset_import, "ir_version": max(p.ir_version for p in parts)}
    return helper.make_model(graph, **versions)


def _read(network: ModelSpec, precision: Precision, prefix: str = "") -> onnx.ModelProto:
    """A network's graph with its weights inside; all names but the input's get the prefix."""
    path = verified_graph(network, precision)
    with weights_error(corrupted_message(path)):
        loaded = onnx.load(path, load_external_data=False)
        _load_weights(loaded.graph, weights_file.path(network).read_bytes())
        loaded = _with_constant_shape(loaded, network)
        return compose.add_prefix(loaded, prefix, rename_inputs=False)


def _load_weights(graph: onnx.GraphProto, content: bytes) -> None:
    """Copy the tensors of a weights file into a graph.

    The function of `onnx` refuses a file that has hard links, and some installers make these.
    """
    for tensor in filter(external_data_helper.uses_external_data, graph.initializer):
        place = {entry.key: entry.value for entry in tensor.external_data}
        begin = int(place["offset"])
        tensor.raw_data = content[begin : begin + int(place["length"])]
        tensor.data_location = onnx.TensorProto.DEFAULT
        del tensor.external_data[:]


def _with_constant_shape(loaded: onnx.ModelProto, network: ModelSpec) -> onnx.ModelProto:
    """Give the repeated grey channel a constant shape: OpenCV crashes at a computed one."""
    graph = loaded.graph
    for node in graph.node:
        if node.op_type == "Expand" and network.preprocessing is not None:
            shape = np.array([1, network.preprocessing.channels, 1, 1])
            graph.initializer.append(numpy_helper.from_array(shape, "channels"))
            node.input[1] = "channels"
            break
    names = [[value.name for value in values] for values in (graph.input, graph.output)]
    needed = utils.Extractor(loaded).extract_model(*names)  # without what computed the shape
    del needed.graph.value_info[:]  # derived; it would give the input a prefix too
    return needed


def _constants(model: ModelSpec, nodes: list[onnx.NodeProto]) -> list[onnx.TensorProto]:
    """The constants and fitted parameters that the nodes use."""
    fitted = weights_file.load_fitted(model) if model.members else {}
    values = CONSTANTS | {name: np.asarray(value, np.float32) for name, value in fitted.items()}
    used = {name for node in nodes for name in node.input}
    return [numpy_helper.from_array(values[name], name) for name in values if name in used]


def _probabilities(network: ModelSpec, prefix: str = "") -> str:
    """Nodes that turn a network's logits into probabilities, and for yes/no models into scores."""
    if not network.yes_no:
        return f"{prefix}probabilities = Softmax <axis = 1> ({prefix}logits)"
    return f"""
        {prefix}scores = Sigmoid ({prefix}logits)
        {prefix}sum = ReduceSum ({prefix}scores, columns)
        {prefix}probabilities = Div ({prefix}scores, {prefix}sum)
    """


def _vector_scaling(model: ModelSpec, output: str = "probabilities") -> str:
    return f"""
        log_odds = Clip ({model.members[0]}_logits, lowest_log_odds, highest_log_odds)
        scaled = Mul (log_odds, slope)
        shifted = Add (scaled, offset)
        {output} = Softmax <axis = 1> (shifted)
    """


def _weighted_mean(model: ModelSpec) -> str:
    return f"""
        {_vector_scaling(model, "calibrated")}
        softmax = Softmax <axis = 1> ({model.members[1]}_logits)
        yes_no_share = Sub (one, multiclass_share)
        yes_no_part = Mul (calibrated, yes_no_share)
        multiclass_part = Mul (softmax, multiclass_share)
        probabilities = Add (yes_no_part, multiclass_part)
    """


def _logistic_regression(model: ModelSpec) -> str:
    return f"""
        log_odds = Clip ({model.members[0]}_logits, lowest_log_odds, highest_log_odds)
        log_softmax = LogSoftmax <axis = 1> ({model.members[1]}_logits)
        logs = Clip (log_softmax, lowest_log)
        features = Concat <axis = 1> (log_odds, logs)
        combined = Gemm <transB = 1> (features, coefficients, intercept)
        probabilities = Softmax <axis = 1> (combined)
    """


def _mean(model: ModelSpec) -> str:
    members = [_probabilities(get_model_spec(name), f"{name}_") for name in model.members]
    names = ", ".join(f"{name}_probabilities" for name in model.members)
    return "\n".join([*members, f"probabilities = Mean ({names})"])


#: Nodes of every rule, by its name in the registry, in ONNX's textual syntax.
RULES: Mapping[EnsembleRule, Callable[[ModelSpec], str]] = {
    "vector_scaling": _vector_scaling,
    "weighted_mean": _weighted_mean,
    "logistic_regression": _logistic_regression,
    "mean": _mean,
}
