from setuptools import setup

setup(name="tide", version="1.0", packages=["tide"], entry_points={"console_scripts": ["tide = tide.server:main"]})
