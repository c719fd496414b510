"""Broadsheet turns a topic into a publication."""

__version__ = "0.1.0"
