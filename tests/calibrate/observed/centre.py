"""A small centre with observed figures, and what stands in for a fit where none is wanted."""

import sim
from sim.loading.fitting import FittedSettings
from sim.loading.load import figures_document, with_fitted
from sim.scenario.model import FitOutcome
from sim.scenario.observed import Gap, Rescaling

CENTRE = """\
name: {name}
calendar: {{start: 2026-11-23, days: 2, hours: "08:00-12:00", interval: 30m}}
arrivals: {{per_day: 150}}
intents:
  orders: {{share: 60%, skill: all, talk_time: 4m, wrap_up: 30s, resolution: 85%}}
  billing: {{share: 40%, skill: all, talk_time: 6m, wrap_up: 1m, resolution: 70%}}
customers:
  {{patience: 3m, repeat: {{probability: 0.5, delay: 1h}}, redial: {{delay: 10m, next_day: 0}}, max_attempts: 4}}
frustration: {{}}
fatigue: {{}}
agents: {{desk: {{skills: [all], staff: 5}}}}
targets: {{service_level: 80/20, abandonment: 10%}}
run: {{seed: 1, replications: 40, warm_up: 0d, follow_up: 0d}}
"""
FIGURES = """\
observed:
  aht: 6m25s
  asa: 21.9s
  abandonment: 21.4%
  fcr: 72.5%
"""


def text(figures=FIGURES, name="Small"):
    """The centre as a file, with figures."""
    return CENTRE.format(name=name) + figures


def written(folder, figures=FIGURES, name="Small", file="small.yaml"):
    """The path of such a file."""
    path = folder / file
    path.write_text(text(figures, name))
    return path


def line_of(path, word):
    """The line of a file in which a word stands first, from 1."""
    return next(k for k, line in enumerate(path.read_text().splitlines(), start=1) if word in line)


def measured(scenario, seed=991, replications=60):
    """What a scenario measures on customers that nothing was fitted to."""
    return sim.run(scenario, seed=seed, replications=replications)


def within(result, measure, yours, unit=0.0, table=None):
    """Whether a figure lies in the 95 % interval of a run, widened by half its last digit."""
    row = (result.measures if table is None else table).loc[measure]
    return row["ci_low"] - unit / 2 <= yours <= row["ci_high"] + unit / 2


def of_intent(result, intent):
    """The measures of one intent."""
    table = result.by_intent
    return table[table["intent"] == intent].set_index("measure")


def pretended_settings(settings, document):
    """What a fit of a document comes to, with these settings and figures of nobody."""
    gap = Gap(figure="aht", yours=357, unit=1, model=360, low=350, high=370, verdict="met")
    rescaled = Rescaling(dial="talk_time", factor=1.1, before=288, after=317)
    outcome = FitOutcome(
        document=document.name,
        seed=1,
        replications=4,
        within=20,
        definition="sl_offered",
        gaps=(gap,),
        turns=(rescaled,),
    )
    return FittedSettings(settings, outcome)


def pretended(settings):
    """What fits a scenario without a simulation; it keeps the documents to which it was asked to fit."""

    def fit(scenario):
        document = figures_document(scenario)
        if document is None:
            return scenario
        fit.documents.append(document.scenario)
        return with_fitted(document, pretended_settings(settings, document.scenario))

    fit.documents = []
    return fit
