"""Labels from folders and from tables."""

import pytest

from fer_core.errors import UsageError
from fer_core.imaging.photo_file import PhotoFile
from fer_core.own_sets.collect import collect
from fer_core.own_sets.labels import Vocabulary
from fer_core.own_sets.sources import Labelled, labels_from_folders, labels_from_table
from fer_core.own_sets.table import LabelTable, read_table

WORDS = Vocabulary()


def photos(*paths: str) -> list[tuple[str, PhotoFile]]:
    return [(path, PhotoFile(path, path)) for path in paths]


def labels(labelled: Labelled) -> dict[str, str]:
    return {item.name: item.label for item in labelled.items}


def from_table(text: str, *paths: str) -> Labelled:
    return labels_from_table(photos(*paths), read_table(text.encode(), "labels.csv"))


def test_the_nearest_folder_that_is_a_label_counts() -> None:
    found = labels_from_folders(
        photos("set/test/Happy/1.jpg", "happy/old/sad/2.jpg", "sad/raw/3.jpg", "x\\joy\\4.jpg"),
        WORDS,
    )
    assert list(labels(found).values()) == ["Happy", "sad", "sad", "joy"]


def test_photos_in_no_such_folder_are_named_with_it() -> None:
    found = labels_from_folders(photos("happy/1.jpg", "confused/2.jpg", "3.jpg"), WORDS)
    assert labels(found) == {"happy/1.jpg": "happy"}
    [note] = found.notes
    assert "2 photos" in note
    assert "confused/2.jpg" in note
    mapped = Vocabulary(overrides={"confused": "sad"})
    assert len(labels_from_folders(photos("confused/2.jpg"), mapped).items) == 1


def test_numbers_are_folders_only_with_a_scheme() -> None:
    assert not labels_from_folders(photos("1/a.jpg"), WORDS).items
    [item] = labels_from_folders(photos("1/a.jpg"), Vocabulary("rafdb")).items
    assert item.label == "1"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_tables_in_any_encoding(encoding: str, sign: str) -> None:
    lines = ["Image Name,Expression,Usage,Größe", "é.jpg,joy,test,g1", "b.jpg,sad,train,g2"]
    content = "\r\n".join(lines).replace(",", sign).encode(encoding)
    table = read_table(content, "labels.csv", ["größe"])
    assert [(row.file, row.label, row.split) for row in table.rows] == [
        ("é.jpg", "joy", "test"),
        ("b.jpg", "sad", "train"),
    ]
    assert [dict(row.groups) for row in table.rows] == [{"Größe": "g1"}, {"Größe": "g2"}]


def test_the_line_that_tells_a_spreadsheet_its_delimiter_is_passed_over() -> None:
    table = read_table(b"sep=;\r\nfile;label\r\na.jpg;joy\r\n", "labels.csv")
    assert [(row.file, row.label) for row in table.rows] == [("a.jpg", "joy")]


def test_two_columns_of_labels_must_agree() -> None:
    head = "file,emotion,Emotion\n"
    found = from_table(f"{head}a.jpg,,joy\nb.jpg,sad,Sad\n", "a.jpg", "b.jpg")
    assert labels(found) == {"a.jpg": "joy", "b.jpg": "sad"}
    with pytest.raises(UsageError, match="2 different columns called emotion"):
        from_table(f"{head}a.jpg,sad,joy\n", "a.jpg")


@pytest.mark.parametrize(
    "content",
    [
        b"file,label\na.jpg,joy\nb.jpg,sad\n",
        b'{"file": "a.jpg", "label": "joy"}\n{"file": "b.jpg", "label": "sad"}\n',
    ],
)
def test_the_number_of_rows_is_bounded(content: bytes) -> None:
    assert len(read_table(content, "l.csv", max_rows=2).rows) == 2
    with pytest.raises(UsageError, match="more than 1 row"):
        read_table(content, "l.csv", max_rows=1)


def test_json_lines() -> None:
    table = read_table(b'{"path": "a.jpg", "class": 3, "group": "x"}\n\n{"path": "b.jpg"}\n', "l")
    assert [(row.file, row.label, dict(row.groups)) for row in table.rows] == [
        ("a.jpg", "3", {"group": "x"})
    ]
    assert "b.jpg" in table.notes[0]


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\n", b"file,group\na,b\n", b"label\nsad\n", b'{"file": \n', b'{"a": 1}\n[1]\n'),
        *(b"\x00\x01\x02", b'file,label\n"' + b"x" * 200_000, b"{" * 50_000),
    ],
)
def test_what_is_no_table_is_one_sentence(content: bytes) -> None:
    with pytest.raises(UsageError):
        read_table(content, "labels.csv")
    with pytest.raises(UsageError, match="age"):
        read_table(b"file,label\na.jpg,sad\n", "labels.csv", ["age"])


def test_rows_match_by_path_and_else_by_the_only_name() -> None:
    found = from_table(
        "file,label\ntest/1.jpg,sad\n./set/train/1.jpg,joy\nset\\2.JPG,fear\n",
        *("set/train/1.jpg", "set/test/1.jpg", "set/2.jpg"),
    )
    assert labels(found) == {
        "set/train/1.jpg": "joy",
        "set/test/1.jpg": "sad",
        "set/2.jpg": "fear",
    }
    assert not found.notes


def test_rows_of_another_folder_belong_to_no_photo() -> None:
    found = from_table("file,label\ntrain/1.jpg,sad\ntest/1.jpg,joy\n", "test/1.jpg")
    assert labels(found) == {"test/1.jpg": "joy"}
    assert "train/1.jpg" in found.notes[0]
    assert not from_table("file,label\ntrain/1.jpg,sad\n", "test/1.jpg").items
    assert labels(from_table("file,label\ntrain/1.jpg,sad\n", "1.jpg")) == {"1.jpg": "sad"}


def test_of_rows_for_a_photo_those_with_most_of_its_path_count() -> None:
    rows = "file,label\n/home/x/happy/0.png,joy\n/home/x/sad/0.png,sad\n0.png,fear\n"
    found = from_table(rows, "f/happy/0.png", "f/sad/0.png")
    assert labels(found) == {"f/happy/0.png": "joy", "f/sad/0.png": "sad"}
    found = from_table("file,label\n1.jpg,sad\nset/1.jpg,joy\n", "set/1.jpg")
    assert labels(found) == {"set/1.jpg": "joy"}


def test_rows_match_names_that_a_system_or_a_spreadsheet_changed() -> None:
    rows = "file,label\nset/ren\N{LATIN SMALL LETTER E WITH ACUTE}.jpg,joy\na b.jpg,sad\n"
    decomposed = "set/rene\N{COMBINING ACUTE ACCENT}.jpg"
    assert labels(from_table(rows, decomposed, "a  b.jpg")) == {
        decomposed: "joy",
        "a  b.jpg": "sad",
    }
    rows = "file,label\na.jpg,joy\nA.jpg,sad\n"
    assert labels(from_table(rows, "a.jpg", "A.jpg")) == {"a.jpg": "joy", "A.jpg": "sad"}


def test_what_does_not_match_is_counted_and_named() -> None:
    found = from_table(
        "file,label\nlost.jpg,sad\na.jpg,joy\na.jpg,Joy\nb.jpg,sad\nb.jpg,fear\nx.jpg,sad\n",
        *("a.jpg", "b.jpg", "bare.jpg", "1/x.jpg", "2/x.jpg"),
    )
    assert labels(found) == {"a.jpg": "joy"}
    for name in ("lost.jpg", "a.jpg", "b.jpg", "bare.jpg", "x.jpg"):
        assert [note for note in found.notes if name in note], name


def test_splits_and_errors() -> None:
    table = read_table(b"file,label,split\na.jpg,sad,Test\nb.jpg,joy,train\n", "l.csv")
    found = collect(photos("a.jpg", "b.jpg"), WORDS, table=table, split="test")
    assert labels(found) == {"a.jpg": "sad"}
    assert "1 photo" in found.notes[-1]
    with pytest.raises(UsageError, match="split validation: there are Test"):
        collect(photos("a.jpg"), WORDS, table=table, split=" validation ")
    folders = collect(photos("test/sad/1.jpg", "train/sad/1.jpg"), WORDS, split=" test ")
    assert labels(folders) == {"test/sad/1.jpg": "sad"}
    with pytest.raises(UsageError, match="folders named after emotions"):
        collect(photos("a.jpg"), WORDS)
    with pytest.raises(UsageError, match="table"):
        collect(photos("sad/a.jpg"), WORDS, group_columns=["age"])
    with pytest.raises(UsageError):
        collect(photos(), WORDS, table=LabelTable("empty", ()))


def test_a_folder_that_cannot_be_listed_is_said() -> None:
    broken = ("dir", PhotoFile("dir", "dir", "The folder cannot be listed."))
    assert collect([broken, *photos("sad/a.jpg")], WORDS).notes == (
        "dir: The folder cannot be listed.",
    )


def test_names_differ_even_where_paths_do_not() -> None:
    found = labels_from_folders(photos("sad/a.jpg", "sad//a.jpg", "sad/\udcff.jpg"), WORDS)
    names = [item.name for item in found.items]
    assert names == ["sad/a.jpg", "sad/a.jpg (2)", "sad/\N{REPLACEMENT CHARACTER}.jpg"]
