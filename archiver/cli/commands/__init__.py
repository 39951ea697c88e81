"""The commands as they are typed: arguments, options, help; what they do lies in ``archiver.cli.run``."""
