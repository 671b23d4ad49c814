"""Pure: values in, values out. No Django, no opening of files, no sockets, no clock."""
