"""The figures of a whole dataset, or of what a query finds of it."""
