from distance import distance


def test_words():
    assert distance("kitten", "sitting") == 3
