"""Puts the house together: settings, command line, worker, the processes of one machine."""
