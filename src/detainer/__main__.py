"""`python -m detainer` is the command `detainer`."""

from detainer.cli import main

main()
