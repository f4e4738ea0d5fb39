"""Compiles the extension; Poetry calls this before it packs a wheel."""
from setuptools import Extension

EXTENSIONS = [Extension("distance._fast", ["src/distance/_fast.c"], extra_compile_args=["-O2"])]


def build(setup_kwargs):
    setup_kwargs.update({"ext_modules": EXTENSIONS})


if __name__ == "__main__":
    from setuptools import setup

    setup(script_args=["build_ext", "--inplace"], ext_modules=EXTENSIONS, package_dir={"": "src"}, packages=["distance"])
