"""The version of the method and of the package."""

VERSION = "0.1.0"
