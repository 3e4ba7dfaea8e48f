import re
from html.parser import HTMLParser

import pytest

import sim
from sim.loading.explain import explain_scenario
from sim.report.basis import basis_of, basis_words
from sim.report.comparison import charts
from sim.report.comparison.findings import of_comparison, of_run
from sim.report.comparison.narrative import summary
from sim.report.render.page import GLUE, signed
from tests.report.made import page_of
from tests.report.tiny import AFTER, BEFORE


class Parts(HTMLParser):
    """Elements in order, with their attributes, and all text."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.words = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).replace(GLUE, " ").split())

    def all(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]


@pytest.fixture(scope="module")
def html(found, drawn):
    return page_of(found, drawn)


@pytest.fixture(scope="module")
def parts(html):
    return Parts(html)


def test_the_page_needs_nothing_from_elsewhere(html, parts):
    addresses = [attrs[key] for _, attrs in parts.tags for key in ("src", "href", "data", "action") if key in attrs]
    assert addresses
    assert all(address.startswith("data:image/svg+xml;base64,") for address in addresses)
    assert not {"script", "link", "iframe", "object"} & {tag for tag, _ in parts.tags}
    assert not re.search(r"https?://|@import|url\(", html)


def test_pictures_and_tables_can_be_read_aloud(parts):
    pictures = parts.all("img")
    assert len(pictures) == 8
    assert all(len(picture["alt"]) > 20 for picture in pictures)
    assert len(parts.all("caption")) == len(parts.all("table")) == 5
    assert all(header.get("scope") in {"col", "row"} for header in parts.all("th"))
    assert parts.all("html") == [{"lang": "en"}]


def test_words_and_the_decision_come_first_with_the_planners_definition(parts, found):
    text = parts.text
    order = ["What happened", "The decision", "Service level by time of day", "Mix shift", "What the results rest on"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert all(paragraph.text in text for paragraph in summary(found))
    assert "Service level within 20 s (%)" in text
    assert "Service level: answered within 20 s of all offered." in text
    assert "sl_answered" not in text
    assert "seed 1, 3 replications" in text
    assert f"ccsim {sim.__version__}" in text


def test_the_mix_shift_is_told_by_intent_with_the_law_and_its_split(parts, comparison):
    table = comparison.results["Tiny after"].mix_shift.set_index("intent")
    formula = round(table.loc["orders", "t0_formula_s"])
    assert f"{formula // 60}:{formula % 60:02d}" in parts.text
    assert "between intents" in parts.text
    assert "By the law:" in parts.text


def test_assumptions_are_counted_as_explain_lists_them(parts, found):
    scenario = found.scenario("Tiny cut")
    parameters = explain_scenario(scenario)
    counts = basis_of(scenario)
    assert sum(counts.values()) == len(parameters)
    assert counts["given"] == sum(parameter.how != "default" for parameter in parameters)
    assert counts["assumption"] == sum(p.how == "default" and p.grade == "A" for p in parameters) > 0
    assert f"{counts['weak']} weak, {counts['assumption']} assumed" in parts.text
    assert basis_words(found.named)[-1].startswith(
        f"The results rest on up to {counts['weak'] + counts['assumption']} defaults"
    )


def test_both_sides_and_the_causes_of_handle_time_are_on_the_page(parts):
    text = parts.text
    places = [text.index(words) for words in ("The decision", "Customers and agents", "Service level by time of day")]
    assert places == sorted(places)
    titles = [picture["alt"].split(".")[0] for picture in parts.all("img")]
    assert titles[-1] == "What handle time is made of"
    assert text.index("Mix shift") < text.index("What handle time is made of") < text.index("stated talk time")


def test_a_table_that_is_too_wide_folds_its_labels_and_then_scrolls(html):
    assert '<section class="whole" aria-label="Customers and agents">' in html
    assert re.search(r"\.whole tbody th[^{]*{ white-space: normal; }", html)
    assert "@media screen { section, .grid > div { overflow-x: auto; } }" in html


def test_without_causes_there_is_no_empty_table():
    plain = of_run(sim.run(sim.loads(BEFORE), replications=2))
    parts = Parts(page_of(plain))
    assert "What handle time is made of" not in parts.text


def test_names_are_text_and_never_markup():
    nasty = '<script>alert("1")</script> & Co'
    told = of_comparison(sim.compare(sim.loads(BEFORE), sim.loads(AFTER | {"name": nasty}), replications=2))
    html = page_of(told, charts.draw(told))
    assert "<script>" not in html
    assert nasty in Parts(html).text


def test_many_scenarios_are_marked_in_place_of_columns_of_differences(found):
    four = [sim.loads(AFTER | {"name": f"Number {n}"}, {"agents.desk.staff": 5 - n}) for n in range(4)]
    told = of_comparison(sim.compare(*four, replications=3))
    text = Parts(page_of(told)).text
    assert "difference Number" not in text
    assert "Number 3" in text
    assert re.search(r"\d \*", text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-8.5 s", "−8.5 s"),
        ("2026-11-25", "2026-11-25"),
        ("mon 11-23", "mon 11-23"),
        ("18.1 % (-0.4)", "18.1 % (−0.4)"),
    ],
)
def test_minus_signs_are_true_and_dates_stay_dates(text, shown):
    assert signed(text) == shown.replace(" ", "\N{NO-BREAK SPACE}")
