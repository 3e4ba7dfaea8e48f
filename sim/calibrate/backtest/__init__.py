"""Walk forward: fit a stretch, predict the next, compare with what came and with Erlang C and A."""
