"""Thinklens: an explorer for chat and reasoning-trace datasets."""

__version__ = "0.2.0"
