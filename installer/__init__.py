"""Set-up, start and tests of Handscroll from a bare Python: `python3 -m installer run`."""
