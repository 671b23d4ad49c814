"""What may be done with nodes."""

from homeroom.nodes.actions.enrolling import end_node, enrol, make_code, renew_key

__all__ = ["end_node", "enrol", "make_code", "renew_key"]
