"""The DNS door: UDP, TCP and DNS over HTTPS around one conversation that knows no sockets."""
