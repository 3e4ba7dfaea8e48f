"""Tables to numbers, each with an interval and its goodness: one file a thing that is fitted."""
