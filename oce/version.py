"""The versions of the package and of the method; that of the data is data/VERSION."""

VERSION = "0.1.0"  # of the package: raised with each release
METHOD_VERSION = "0.2.0"  # raised when a number that the method gives changes (tests/method/test_method_version.py)
