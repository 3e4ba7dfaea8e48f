"""How anything may be written in a file: values, units, distributions, weeks, and what is wrong with them."""
