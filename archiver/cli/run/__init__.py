"""What each command does: an operation with what the options say, and its outcome printed."""
