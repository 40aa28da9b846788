"""The whole loop on real images through the HTTP interface: `python -m tests.smoke FOLDER`."""
