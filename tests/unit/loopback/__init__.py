"""The server for one browser on this machine, asked with real sockets."""
