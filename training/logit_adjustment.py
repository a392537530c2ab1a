"""Raise the logits of rare emotions: python -m training.logit_adjustment MODEL.

Does to the committed weights what `training.train` does at the end of a recipe with
`logit_adjustment`: τ is chosen on PublicTest and folded into the last bias. These are new weights:
run `training.quantize`, `training.evaluate` and the other measurements again.
"""

import argparse
import sys
from typing import TYPE_CHECKING, cast

from fer_core.artifacts import weights_file
from fer_core.cli.command import report_errors
from fer_core.cli.output import prepare_folder
from fer_core.errors import UsageError
from fer_core.models.networks.torch_loading import load_network
from fer_core.registry import get_model_spec
from training.engine.arguments import add_data_argument
from training.engine.calibration import apply_logit_adjustment
from training.engine.data import load_data
from training.export_onnx import write_graph
from training.recipes import RECIPES
from training.train import tensors_to_save

if TYPE_CHECKING:
    from fer_core.models.networks.face_model import FaceModel


@report_errors
def main(arguments: list[str] | None = None) -> int:
    models = [name for name, recipe in RECIPES.items() if recipe.logit_adjustment]
    parser = argparse.ArgumentParser(
        prog="python -m training.logit_adjustment", description=__doc__
    )
    parser.add_argument(
        "model", metavar="MODEL", choices=models, help=f"one of {', '.join(models)}"
    )
    add_data_argument(parser)
    args = parser.parse_args(arguments)
    model = get_model_spec(args.model)
    path = weights_file.path(model)
    prepare_folder(path.parent)
    network = load_network(model.name)
    provenance = weights_file.read_provenance(path)
    if "logit_adjustment" in provenance:
        raise UsageError(f"{path.name} is adjusted already, by {provenance['logit_adjustment']:g}.")
    data = load_data(args.data, ("Training", "PublicTest"))
    tau = apply_logit_adjustment(
        cast("FaceModel", network.network),
        network.preprocessing,
        data.choice_images(),
        data.split("Training").labels,
    )
    provenance["recipe"]["logit_adjustment"] = True
    provenance["logit_adjustment"] = tau
    weights_file.save(path, tensors_to_save(network.network), provenance)
    write_graph(model, path.parent)
    print(f"{model.name}: tau = {tau:g}, chosen on PublicTest")
    return 0


if __name__ == "__main__":
    sys.exit(main())
