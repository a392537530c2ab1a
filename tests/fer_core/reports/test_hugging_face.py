"""The folder in the style of Hugging Face."""

import json

import onnx
import yaml

from fer_core import EMOTIONS, MODELS
from fer_core.artifacts import summaries
from fer_core.evaluation import accuracy
from fer_core.reports import hugging_face, model_card


def front_matter(readme: str) -> dict:
    start, content, _ = readme.split("---\n", 2)
    assert start == ""
    return yaml.safe_load(content)


def test_the_card_begins_with_what_the_hub_reads() -> None:
    for model in MODELS.values():
        readme = hugging_face.readme(model)
        head = front_matter(readme)
        assert (head["license"], head["library_name"]) == ("mit", "onnx")
        assert head["pipeline_tag"] == "image-classification"
        assert readme.endswith(f"---\n\n{model_card.to_markdown(model)}")
        result = head["model-index"][0]["results"][0]
        assert result["dataset"]["split"] == "PrivateTest"
        assert result["metrics"][0]["value"] == summaries.accuracy(model, "PrivateTest")


def test_a_model_of_the_votes_has_its_agreement_with_the_crowd_too() -> None:
    results = front_matter(hugging_face.readme(MODELS["ferplus"]))["model-index"][0]["results"]
    crowd = accuracy.load_own_accuracy(MODELS["ferplus"])
    assert crowd is not None
    assert results[1]["metrics"][0]["value"] == crowd.value


def test_scores_of_single_precision_are_not_given_for_int8() -> None:
    assert "model-index" not in front_matter(hugging_face.readme(MODELS["multiclass"], "int8"))


def test_the_folder_has_the_graph_the_labels_and_the_licence() -> None:
    files = hugging_face.files(MODELS["multiclass"])
    graph = onnx.load_model_from_string(files["model.onnx"])
    assert [output.name for output in graph.graph.output] == ["probabilities"]
    config = json.loads(files["config.json"])
    assert list(config["id2label"].values()) == list(EMOTIONS)
    assert [config["label2id"][label] for label in EMOTIONS] == list(range(len(EMOTIONS)))
    assert json.loads(files["preprocessor_config.json"])["size"] == {"height": 48, "width": 48}
    assert files["LICENSE"].startswith(b"MIT License")
    assert b'InferenceSession("model.onnx")' in files["README.md"]
