"""One module per command or family of commands; each has `COMMANDS`, a tuple of click commands.

Modules import nothing heavy at their top: what a command needs, its function imports.
"""
