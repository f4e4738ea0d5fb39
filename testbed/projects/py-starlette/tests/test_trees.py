from trees.main import TREES


def test_there_are_trees():
    assert "oak" in TREES
