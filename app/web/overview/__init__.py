"""The room of the overview: a dataset at a glance."""
