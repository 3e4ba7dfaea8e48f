"""The Erlang-A day in simmer, where R has it: a trajectory with reneging, as simmer's own page on queues writes it."""

import subprocess

from benchmarks.days import AGENTS, AHT_S, OPEN_S, PATIENCE_S, PER_HOUR

SCRIPT = f"""
suppressPackageStartupMessages(library(simmer))
told <- commandArgs(trailingOnly = TRUE)
set.seed(as.integer(told[1]))
call <- trajectory() |>
  renege_in(function() rexp(1, 1 / {PATIENCE_S})) |>
  seize("agents", 1) |>
  renege_abort() |>
  timeout(function() rexp(1, 1 / {AHT_S})) |>
  release("agents", 1)
day <- function() {{
  env <- simmer() |>
    add_resource("agents", {AGENTS}) |>
    add_generator("call", call, from_to(0, {OPEN_S}, function() rexp(1, {PER_HOUR} / 3600)))
  env |> run(2 * {OPEN_S})
  seen <- get_mon_arrivals(env)
  c(nrow(seen), sum(!seen$finished), sum(seen$end_time - seen$start_time - seen$activity_time))
}}
begin <- proc.time()
for (k in seq_len(as.integer(told[2]))) cat(day(), "\\n")
spent <- proc.time() - begin
cat(spent[["user.self"]] + spent[["sys.self"]], "\\n")
"""


def is_there() -> bool:
    """Whether R and simmer are installed."""
    try:
        subprocess.run(["Rscript", "-e", "library(simmer)"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def play_days(seed: int, days: int) -> tuple[float, list[tuple[int, int, float]]]:
    """Seconds of CPU; contacts, abandoned and the sum of waits (s), day by day."""
    command = ["Rscript", "-e", SCRIPT, str(seed), str(days)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
    *found, seconds = [line.split() for line in lines if line.strip()]
    return float(seconds[0]), [(int(float(n)), int(float(gone)), float(waits)) for n, gone, waits in found]
