"""Features of faces, the input of a network's last linear layer, on ONNX Runtime without torch."""

from collections.abc import Iterator, Mapping

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper

from fer_core.artifacts.store import corrupted_message
from fer_core.errors import weights_error
from fer_core.models.onnx_network import run_batches, verified_graph
from fer_core.models.precision import Precision
from fer_core.onnx_session import providers, session_options
from fer_core.registry import ModelSpec

FOLDER_OF_WEIGHTS = "session.model_external_initializers_file_folder_path"  # of a graph in memory


class OnnxFeatures:
    """A network that ends before its last linear layer; `features` is thread-safe.

    Raises `NotTrainedError` where a file is missing and `WeightsError` where one is damaged.
    """

    def __init__(self, model: ModelSpec, precision: Precision = "fp32") -> None:
        path = verified_graph(model, precision)
        self._file = path.name
        options = session_options()
        options.add_session_config_entry(FOLDER_OF_WEIGHTS, str(path.parent.absolute()))
        with weights_error(corrupted_message(path)):
            graph = onnx.load(path, load_external_data=False)
            _end_before_last_layer(graph)
            self._session = ort.InferenceSession(
                graph.SerializeToString(), options, providers=providers()
            )

    def features(self, chips: np.ndarray) -> np.ndarray:
        """Compute features (N, D) float32 of chips; `arrays.as_chips` says which, and the errors.

        Raises `WeightsError` if the graph cannot be run.
        """
        return run_batches(self._session, self._file, chips)


def _end_before_last_layer(model: onnx.ModelProto) -> None:
    """Replace the graph's output by the inputs of its last linear layers, in place."""
    graph = model.graph
    makers = {name: node for node in graph.node for name in node.output}
    names = list(_linear_inputs(makers, graph.output[0].name))
    del graph.output[:]
    graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names
    )


def _linear_inputs(makers: Mapping[str, onnx.NodeProto], name: str) -> Iterator[str]:
    """Go back from a tensor to the linear layers, several if it joins the outputs of networks."""
    node = makers[name]
    if node.op_type == "Gemm":
        yield node.input[0]
    elif node.op_type == "Concat":
        for part in node.input:
            yield from _linear_inputs(makers, part)
    else:  # the study's head has a batch normalisation after the linear layer
        yield from _linear_inputs(makers, node.input[0])
