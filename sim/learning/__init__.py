"""From logs before and after a bot, or with a control arm, to measured numbers with intervals."""
