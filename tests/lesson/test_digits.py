"""The digits that come with the lessons: as their source describes them, and attributed."""

import zipfile
from importlib.resources import files

import numpy as np
import pytest

from tutor.lesson import digits
from tutor.lesson.digits import TRAINED_PICTURES, load_digits

FOLDER = files(digits)


def test_every_picture_is_either_trained_on_or_held_out():
    """1,797 in the source; every fourth is held out."""
    data = load_digits()
    assert (1348, 64) == data.train.shape
    assert (449, 64) == data.test.shape
    assert TRAINED_PICTURES == len(data.train) == len(data.train_labels)
    assert len(data.test) == len(data.test_labels)


def test_there_are_as_many_of_each_digit_as_in_the_source():
    """As UCI counts the classes of the test part."""
    data = load_digits()
    labels = np.concatenate([data.train_labels, data.test_labels])
    assert [178, 182, 177, 183, 181, 182, 181, 179, 174, 180] == np.bincount(labels).tolist()


def test_ink_goes_from_0_to_1_in_sixteenths():
    data = load_digits()
    values = np.unique(np.concatenate([data.train, data.test]))
    assert np.array_equal(np.arange(17) / 16, values)


def test_the_first_picture_is_a_zero_with_a_hole():
    """Its middle is paper and the ring around it ink."""
    picture = load_digits().train[0].reshape(8, 8)
    assert 0 == load_digits().train_labels[0]
    assert picture[3:5, 3:5].max() < 0.1
    assert min(picture[4, 1:3].max(), picture[4, 5:7].max(), picture[1, 2:5].max()) > 0.4


def test_nobody_can_change_the_pictures():
    with pytest.raises(ValueError, match="read-only"):
        load_digits().train[0, 0] = 1.0


def test_the_file_is_small_and_holds_no_code():
    with (FOLDER / "digits.npz").open("rb") as file, zipfile.ZipFile(file) as archive:
        assert {"pictures.npy", "labels.npy"} == set(archive.namelist())
        assert sum(entry.compress_size for entry in archive.infolist()) < 60_000


def test_the_attribution_stands_beside_the_data():
    words = (FOLDER / "ATTRIBUTION.md").read_text(encoding="utf-8")
    for part in ("E. Alpaydin", "C. Kaynak", "10.24432/C50P49", "CC BY 4.0", "What we changed"):
        assert part in words
