"""Draw each network's map of FER2013's test faces: python -m training.face_map [MODEL ...].

A network's features of the faces are reduced to their principal components, and these by t-SNE to
two dimensions. The maps are written to fer_core/results; no label is used.
"""

import argparse
import sys
import time

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.neighbors import NearestNeighbors

from fer_core.cli.command import report_errors
from fer_core.cli.output import prepare_folder
from fer_core.datasets.fer2013_ids import SPLITS, TEST_ROWS, official_id
from fer_core.evaluation import face_map
from fer_core.evaluation.face_map import COMPONENTS, MAX_CODE, NEIGHBOURS, FaceMap
from fer_core.registry import list_networks
from training.engine.arguments import add_data_argument
from training.engine.data import load_data

NETWORKS = list_networks()
SEED = 2013
PERPLEXITY = 30  # about as many neighbours of each face shape the map


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.face_map", description=__doc__)
    parser.add_argument(
        "models", nargs="*", metavar="MODEL", help=f"of {', '.join(NETWORKS)}; by default all"
    )
    add_data_argument(parser)
    args = parser.parse_args(arguments)
    if unknown := set(args.models) - set(NETWORKS):
        parser.error(f"no network: {', '.join(sorted(unknown))}")
    prepare_folder(face_map.path_of(NETWORKS[0]).parent)
    data = load_data(args.data, SPLITS, whole=True)
    rows = {image_id: i for i, image_id in enumerate(data.ids.tolist())}
    chips = data.chips[[rows[official_id(row)] for row in TEST_ROWS]]
    for name in args.models or NETWORKS:
        started = time.perf_counter()
        drawn = draw(face_map.features_of(name, chips))
        face_map.save(name, drawn)
        print(
            f"{name}: {drawn.variance:.1%} of the variance; of the {NEIGHBOURS} nearest, "
            f"{drawn.codes_kept:.1%} kept by the components, {drawn.map_kept:.1%} by the map; "
            f"placed within {drawn.placement_error:.2f} sd; "
            f"{time.perf_counter() - started:.0f} s",
            flush=True,
        )
    return 0


def draw(features: np.ndarray) -> FaceMap:
    """Draw the map of N faces by their features, (N, D) float32."""
    pca = PCA(COMPONENTS, random_state=SEED).fit(features)
    components = pca.components_.T.astype(np.float16).astype(np.float32)  # as stored
    mean = pca.mean_.astype(np.float32)
    principal = (features - mean) @ components
    scale = float(np.abs(principal).max() / MAX_CODE)
    codes = np.rint(principal / scale).astype(np.int8)
    reduced = codes.astype(np.float32) * np.float32(scale)
    tsne = TSNE(perplexity=PERPLEXITY, init="pca", random_state=SEED, n_jobs=-1)
    coordinates = tsne.fit_transform(reduced).astype(np.float16).astype(np.float32)
    by_features, by_codes, by_map = map(neighbours, (features, reduced, coordinates))
    placed = np.median(coordinates[by_codes], axis=1)
    errors = np.linalg.norm(placed - coordinates, axis=1) / coordinates.std()
    return FaceMap(
        coordinates,
        codes,
        scale,
        mean,
        components,
        variance=float(pca.explained_variance_ratio_.sum()),
        codes_kept=overlap(by_features, by_codes),
        map_kept=overlap(by_features, by_map),
        placement_error=float(np.median(errors)),
    )


def neighbours(points: np.ndarray) -> np.ndarray:
    """The nearest others of each of N points: (N, `NEIGHBOURS`) rows."""
    search = NearestNeighbors(n_neighbors=NEIGHBOURS).fit(points)
    rows: np.ndarray = search.kneighbors(return_distance=False)  # without the point itself
    return rows


def overlap(first: np.ndarray, second: np.ndarray) -> float:
    """The share of the first neighbours that are among the second, mean over all points."""
    return float((first[:, :, None] == second[:, None, :]).any(axis=2).mean())


if __name__ == "__main__":
    sys.exit(main())
