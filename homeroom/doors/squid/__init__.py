"""Squid as the web door of a large district: its configuration, and the helper that decides for it."""
