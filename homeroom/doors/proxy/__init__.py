"""The proxy door: HTTP and CONNECT around one conversation that knows no sockets."""
