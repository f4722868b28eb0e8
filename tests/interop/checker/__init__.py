"""The reading side of the Freehold key protocol, written from PROTOCOL.md."""
