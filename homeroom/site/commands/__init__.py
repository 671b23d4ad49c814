"""The command line, one subject per module; each offers COMMANDS."""
