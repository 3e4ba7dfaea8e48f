"""The page: every number that it says is in its file, it fits a screen, a sheet and a slide."""

import io
import json
import math
import re
import struct
import zipfile
from dataclasses import replace

import pandas as pd
import pytest
from rich.console import Console

from sim.report.decide import QUESTIONS, decide_report, names_of, outlook, sentences_of, words
from sim.report.decide.facts import COLUMNS, Fact, Facts, facts_of
from sim.report.decide.words import Names
from sim.report.numbers import Value, duration, exactly
from sim.report.render.folder import write_folder
from sim.report.render.page import page
from sim.report.render.terminal import print_report
from sim.study.decide import plans
from tests.decide import desk
from tests.report.test_page import Parts

NUMBER = re.compile(r"\d+:\d\d|\d[\d,]*(?:\.\d+)?")
JARGON = ("AHT", "replication", "shapley", "logit", "containment_rate", "_", "sigma", "percentile", "deflection")


@pytest.fixture(scope="module", params=["honest", "dishonest"])
def decision(request):
    return getattr(desk, request.param)()


@pytest.fixture(scope="module")
def report():
    """The report of the honest bot, drawn once."""
    return decide_report(desk.honest())


def read_back(table: pd.DataFrame) -> Facts:
    """Figures from the file alone."""
    facts = Facts()
    text = table.to_csv(index=False)
    for row in pd.read_csv(io.StringIO(text), keep_default_na=False, na_values=[""]).to_dict("records"):
        plan = "" if pd.isna(row["plan"]) else row["plan"]
        value = Value(row["mean"], row["ci_low"], row["ci_high"])
        facts.add(Fact(row["section"], plan, row["figure"], row["unit"], value))
    return facts


def renderings(facts: Facts) -> set[str]:
    """Every way in which the page may write a figure of the file."""
    found = set()
    for fact in facts.rows.values():
        for number in (fact.value.mean, fact.value.low, fact.value.high):
            if pd.isna(number) or abs(number) > 1e12:
                continue
            size = abs(number)
            for scaled in (size, 100.0 * size):
                found |= {f"{scaled:,.0f}", f"{scaled:,.1f}", f"{scaled:.2g}", f"{scaled:g}"}
            found.add(duration(size).split()[0])
            if fact.unit in ("money", "number") and size >= 1.0:
                found |= {f"{round(size, digits):,.0f}" for digits in range(-12, 1)}
    return found


def test_every_number_of_every_sentence_is_in_the_file(decision):
    facts, names = facts_of(decision), names_of(decision)
    known = renderings(facts) | {f"{names.within_s:g}", "95", "100"}
    known |= {number for each in names.measure_first for end in (each.low, each.high) for number in NUMBER.findall(end)}
    places = {"1", "2", "3"}
    for section, told in sentences_of(facts, names).items():
        for sentence in told:
            numbers = set(NUMBER.findall(sentence)) - (places if section == "measure_first" else set())
            assert numbers <= known, (sentence, numbers - known)


def test_the_sentences_can_be_made_from_the_file_alone(decision):
    facts, names = facts_of(decision), names_of(decision)
    assert sentences_of(read_back(facts.table), names) == sentences_of(facts, names)
    assert tuple(facts.table.columns) == COLUMNS


def test_no_sentence_is_empty_of_figures_but_those_that_say_what_is_missing(decision):
    told = sentences_of(facts_of(decision), names_of(decision))
    bare = [s for part in told.values() for s in part if not NUMBER.search(s)]
    allowed = (
        "Bad service has no price",
        "What is assumed",
        "No further step",
        "Nor can anybody",
        "Agents themselves",
        "What is laid out",
    )
    assert [s for s in bare if not s.startswith(allowed) and "nobody can go" not in s.lower()] == []


def test_no_sentence_speaks_jargon(decision):
    told = sentences_of(facts_of(decision), names_of(decision))
    assert [(s, word) for part in told.values() for s in part for word in JARGON if word in s] == []


def test_the_page_asks_in_the_order_of_the_questions_and_has_a_chart_for_each(report):
    parts = Parts(page(report))
    places = [parts.text.index(question) for question, _ in QUESTIONS.values()]
    assert places == sorted(places)
    assert len(parts.all("img")) == len(QUESTIONS) - 1
    assert all(len(picture["alt"]) > 20 for picture in parts.all("img"))


def test_the_safe_number_is_said_first_and_the_targets_second():
    told = sentences_of(facts_of(desk.honest()), names_of(desk.honest()))["freed"]
    people, targets = desk.honest().heads, desk.honest().at_targets.cut.heads
    assert told[0] == f"{people} people can go with service no worse than before."
    assert next(k for k, s in enumerate(told) if f"{targets} people could go" in s) > 0


def test_where_more_are_needed_it_says_how_many():
    told = sentences_of(facts_of(desk.dishonest()), names_of(desk.dishonest()))["freed"]
    assert told[0].startswith(f"Nobody can go: {-desk.dishonest().heads} people more are needed")


def test_the_causes_of_handle_time_add_up(decision):
    facts = facts_of(decision)
    parts = ("mix", "context", "frustration", "fatigue", "pace", "other")
    for plan in (plans.SAFE, plans.NAIVE):
        told = [facts(f"aht_{part}", plan) for part in parts if facts.has(f"aht_{part}", plan)]
        assert sum(told) == pytest.approx(facts("aht_change", plan))


def test_the_screen_is_no_wider_than_eighty_columns(decision):
    out = io.StringIO()
    print_report(decide_report(decision), Console(file=out, width=80, highlight=False))
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("In short") for line in lines)


def test_the_folder_has_the_sheet_slides_and_the_sentences(report, tmp_path):
    write_folder(report, tmp_path / "out")
    names = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*")}
    assert {"decide.csv", "sentences.csv", "decide.xlsx", "report.html", "manifest.json"} <= names
    assert "report.xlsx" not in names
    slides = sorted((tmp_path / "out" / "slides").glob("*.png"))
    assert len(slides) == len(report.charts) == 8
    for slide in slides:
        assert struct.unpack(">II", slide.read_bytes()[16:24]) == (1920, 1080)
    assert zipfile.ZipFile(tmp_path / "out" / "decide.xlsx").testzip() is None
    write_folder(report, tmp_path / "out")


def test_further_pages_stand_in_folders_of_their_own_and_are_linked(report, tmp_path):
    report = replace(report, pages={"other": report})
    write_folder(report, tmp_path / "out")
    assert (tmp_path / "out" / "other" / "report.html").exists()
    listed = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert "other/report.html" in listed
    assert {"href": "other/report.html"} in Parts(page(report)).all("a")
    write_folder(report, tmp_path / "out")


def test_the_document_holds_sentences_and_figures_by_section(decision):
    said = json.loads(json.dumps(decide_report(decision).document()))
    assert list(said["sections"]) == list(QUESTIONS)
    assert said["feasible"] is decision.feasible
    figures = {(f["plan"], f["figure"]): f["mean"] for f in said["sections"]["freed"]["figures"]}
    assert figures[None, "people_safe"] == decision.heads


# By hand ------------------------------------------------------------------------------


def by_hand(**numbers: float) -> Facts:
    facts = Facts()
    for name, number in numbers.items():
        plan, _, figure = name.rpartition("__")
        facts.add(Fact("freed", plan, figure, "number", exactly(number)))
    return facts


def test_what_no_staff_makes_good_is_said_before_who_could_go_in_spite_of_it():
    from sim.report.decide.words import how_many, in_short

    names = Names("a", "b", (), 20.0, "EUR", "weeks")
    facts = by_hand(
        people_safe=9,
        people_equal=0,
        fte_safe=9.8,
        fte_best=10.3,
        fte_before=137.3,
        beyond_resolution=-0.015,
        fte_to_mend_resolution=15.2,
        before__resolution_rate=0.871,
        keep__resolution_rate=0.857,
        naive__people=47,
    )
    told = list(how_many(facts, names))
    assert told[0] == (
        "At equal service nobody can go: needs resolved in the end go from 87.1 % to 85.7 % even if everybody stays."
    )
    assert told[1] == "It would take 15.2 FTE more than before to make that good by staff."
    assert told[2] == (
        "If that is accepted, 9 people can go with waits, customers who give up and strain no worse than before."
    )
    assert next(in_short(facts, names)) == (
        "9 people can go if fewer resolved needs are accepted, nobody at equal service, where containment promises 47."
    )


NAMES = Names("a", "b", (), 20.0, "EUR", "weeks")
SHORT = {"people_safe": 9, "people_equal": 9, "safe__resolution_rate": 0.8, "before__resolution_rate": 0.8}
STEP = {"people_next": 4, "watched": 4, "resolved_noise": 0.01, "rehire": 12, "people_safe": 9}


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (
            0.253,
            "of its sessions for 4 weeks: by the file it does (25.3 %), but a file is no count of sessions in use.",
        ),
        (
            0.2,
            "once the bot truly resolves at least 24.7 % of its sessions for 4 weeks; by the file it resolves 20.0 %.",
        ),
    ],
)
def test_the_next_step_says_whether_the_file_has_it_already(now, said):
    told = list(outlook.trigger(by_hand(**STEP, resolved_needed=0.247, resolved_now=now), NAMES))
    assert told[0].startswith("First 9 people, then 4 people more once")
    assert told[0].endswith(said)


def ends(low: float, high: float) -> str:
    facts = Facts()
    facts.add(Fact("freed", "", "fte_best", "FTE", Value((low + high) / 2, low, high)))
    return next(outlook.how_sure(facts, NAMES))


def test_fte_below_0_are_said_as_on_top():
    assert ends(-59.1, -52.4) == "Luck of the simulation moves the best estimate between 52.4 and 59.1 FTE on top."
    assert ends(-1.0, 2.0).endswith("between 1.0 FTE on top and 2.0 FTE who go.")
    assert ends(1.0, 2.0).endswith("between 1.0 and 2.0 FTE.")


def test_what_is_not_laid_out_is_not_said_to_be_lost():
    amounts = {"safe__total_year": 5e6, "safe__total_quarter": 1e6, "safe__total_first_year": 5e6, "safe__people": 0}
    amounts["safe__payback_month"] = math.inf
    assert not any("laid out" in sentence for sentence in outlook.cash(by_hand(**amounts), NAMES))
    told = list(outlook.cash(by_hand(**amounts, safe__severance_first_year=1e5), NAMES))
    assert "What is laid out is not earned back in five years." in told


def test_time_of_other_differences_between_the_files_acquits_nobody():
    facts = by_hand(before__aht_s=546, safe__aht_s=599, safe__aht_mix=9, safe__aht_other=20, old_target=546, **SHORT)
    told = list(words.handle_time(facts, NAMES))
    assert "+20 s other differences between the two files" in " ".join(told)
    assert not any("Agents themselves" in sentence for sentence in told)
    assert "is out of reach: contacts take 9:59 min." in " ".join(words.in_short(facts, NAMES))
    clear = by_hand(before__aht_s=546, safe__aht_s=599, safe__aht_mix=53, old_target=546, **SHORT)
    assert "Agents themselves have not become slower." in list(words.handle_time(clear, NAMES))
    assert "is out of reach: harder contacts take 9:59 min." in " ".join(words.in_short(clear, NAMES))


def test_the_chance_is_told_of_every_plan_with_its_interval():
    from sim.report.decide.outlook import how_sure
    from sim.report.decide.words import Names

    facts = by_hand(draws=100, draws_dropped=3, chance_over=4)
    facts.add(Fact("how_sure", plans.SAFE, "chance_all_targets", "share", Value(0.83, 0.75, 0.89)))
    facts.add(Fact("how_sure", plans.NAIVE, "chance_all_targets", "share", Value(0.0, 0.0, 0.04)))
    assert list(how_sure(facts, Names("a", "b", (), 20.0, "EUR", "weeks"))) == [
        "Both together, the chance that every target is met over 4 weeks is 83 % with the safe plan (75 % to 89 %) and "
        "0.0 % by containment (0.0 % to 4.0 %), in 100 draws of what is not known.",
        "3 more draws contradict the file or the report, and are left out.",
    ]


def test_what_to_measure_first_comes_from_the_draws_where_there_are_any():
    from sim.report.decide.outlook import measure_first
    from sim.report.decide.words import Names, Uncertain

    share = Uncertain("share of repeats", "10 %", "40 %", "the log says it")
    delay = Uncertain("delay of repeats", "1 h", "3 h", "")
    one, both = (share,), {"measure_first": (share,), "together": (delay,)}
    ends = {"fte_low_1": 2.0, "fte_high_1": 5.0}

    def told(figures, more=(), **known):
        facts = by_hand(**figures)
        for fact in more:
            facts.add(fact)
        return list(measure_first(facts, Names("a", "b", (), 20.0, "EUR", "weeks", **known)))

    assert told({}) == ["What is assumed was not looked at."]
    assert told({"draws": 40}) == ["In 40 draws no number stands out from luck."]
    alone = "if it is 10 %, 2.0 FTE can go; if 40 %, 5.0 FTE can go"
    assert told(ends, measure_first=one) == [f"1. Share of repeats: {alone}. To find out: the log says it."]
    assert told(ends | {"draws": 40}, measure_first=one)[0].startswith("In 40 draws no number stands out from luck;")
    worth = told(ends | {"draws": 40, "worth_1": 12_000.0}, **both)
    assert worth == [
        "1. Delay of repeats: to know it before choosing among these plans is worth at most EUR 12,000 a year.",
        f"One at a time, share of repeats moves the answer most: {alone}.",
    ]
    chances = [
        Fact("measure_first", plans.SAFE, f"chance_{end}_1", "share", Value(*three))
        for end, three in (("low", (0.4, 0.2, 0.6)), ("high", (0.9, 0.8, 0.97)))
    ]
    assert told({"draws": 40}, chances, together=(delay,)) == [
        "1. Delay of repeats: the chance with the safe plan is 40 % in the third of the draws where it is lowest, 90 % "
        "where it is highest."
    ]
