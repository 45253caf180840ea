"""A mutation run: small faults are put into a package one at a time, and the tests are to fail."""
