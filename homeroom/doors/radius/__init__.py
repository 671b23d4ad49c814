"""The RADIUS door: hears from switches and access points who signed in to the network (RFC 2866)."""
