"""The servers Vigil runs on, as plain processes of one user: install, up, down."""
