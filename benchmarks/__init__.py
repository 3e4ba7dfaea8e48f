"""What ccsim costs, in CPU time and memory, beside other ways of simulating the same day. Run with `make bench`."""
