"""Exports in the hands of what reads them next; ``make loaders`` has the environments for it."""
