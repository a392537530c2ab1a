"""Measure the models' speed on this machine: python -m training.speed.

Medians after warm-up, one face at a time and with one thread, as the app answers. Writes
fer_core/results/speed.json, which the app shows until a visitor measures again. The machine should
be doing nothing else.
"""

import argparse
import sys

from fer_core.artifacts import speed, store
from fer_core.artifacts.provenance import collect_provenance
from fer_core.cli.command import report_errors
from fer_core.cli.output import prepare_folder
from fer_core.onnx_session import use_onnx_threads


@report_errors
def main(arguments: list[str] | None = None) -> int:
    from fer_core.reports.benchmark import measure_speed

    parser = argparse.ArgumentParser(prog="python -m training.speed", description=__doc__)
    parser.parse_args(arguments)
    prepare_folder(speed.path().parent)
    use_onnx_threads(1)
    measured = measure_speed()
    store.write_files({speed.path(): speed.to_json(measured, collect_provenance("cpu"))})
    for name, milliseconds in measured.face_ms.items():
        print(f"{name}: {milliseconds:.2f} ms per face")
    print(f"before the model: {measured.before_model_ms:.2f} ms per photo with one face")
    return 0


if __name__ == "__main__":
    sys.exit(main())
