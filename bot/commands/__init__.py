"""The command line, one module a command: HELP, add_arguments, run."""
