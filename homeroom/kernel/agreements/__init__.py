"""IX: who must sign what, whether it is there, and in which state an agreement is. Values in, values out."""
