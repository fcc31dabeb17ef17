"""The culture chapter's numbers, recomputed from the CSV files by a second route."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pytest

from chapter_checks import (
    ARTICLE_DAY,
    EARLY_DAYS,
    EDITION_DAYS,
    NEWEST_DAY,
    Numbers,
    by_name,
    drawn,
    drawn_words,
    findings,
    key_numbers,
    later_years,
    run,
    run_on,
    table,
)

CHAPTER = "culture"

ENCOUNTERS = {
    2019: ["event-0060"],
    2021: ["event-0068"],
    2022: [
        "event-0078",
        "event-0084",
        "event-0088",
        "event-0089",
        "event-0090",
        "event-0094",
        "event-0099",
    ],
    2023: [
        "event-0106",
        "event-0114",
        "event-0128",
        "event-0133",
        "event-0137",
        "event-0138",
        "event-0144",
    ],
    2024: [
        "event-0165",
        "event-0181",
        "event-0182",
        "event-0187",
        "event-0191",
        "event-0193",
        "event-0197",
    ],
    2025: ["event-0218", "event-0228", "event-0231", "event-0232", "event-0235", "event-0245"],
}
"""Encounters as read event by event, not by the chapter's rule; a trip by its first event."""


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    """All events as written, by id."""
    return table("events").set_index("id", drop=False)


def arrivals(rows: pd.DataFrame, period: str) -> float:
    """What the Azerbaijani side printed for arrivals from Kazakhstan; all pages must agree."""
    found = rows[
        rows["indicator"].eq("tourist_arrivals")
        & rows["reporter"].eq("AZE")
        & rows["ref_area"].eq("KAZ")
        & rows["time_period"].eq(period)
    ]
    values = set(found["obs_value"])
    assert len(values) == 1
    return float(values.pop())


def one(rows: pd.DataFrame, indicator: str, **asked: str) -> float:
    """The value of the rows of an indicator that have these cells; all of them must agree."""
    found = rows[rows["indicator"].eq(indicator)]
    for column, cell in asked.items():
        found = found[found[column].eq(cell)]
    values = set(found["value"])
    assert len(values) == 1
    return float(values.pop())


def ten_months(rows: pd.DataFrame, year: int) -> float:
    """Arrivals from January to October, of 2024 as eleven months less November."""
    if year == 2024:
        return arrivals(rows, "2024-01/2024-11") - arrivals(rows, "2024-11")
    return arrivals(rows, f"{year}-01/{year}-10")


def day_in_words(day: str) -> str:
    """``2024-03-12`` as ``12 March 2024``."""
    return pd.Timestamp(day).strftime("%d %B %Y").lstrip("0")


def of_centre(events: pd.DataFrame) -> pd.DataFrame:
    """What happened to the centre in Fuzuli, by day."""
    return events[events["item"].eq("Kurmangazy centre, Fuzuli")].sort_values("date")


def met(events: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """The encounters of some years."""
    return events.loc[[key for year in range(first, last + 1) for key in ENCOUNTERS.get(year, [])]]


def only_turkic(rows: pd.DataFrame) -> int:
    """Shared elements of no more states than six speak a Turkic language, none of them Iranian."""
    shared = rows[rows["indicator"].eq("unesco_shared_element_states")]
    mixed = shared["note"].str.contains("Iran|Tajikistan")
    return int((shared["value"].le(6) & ~mixed).sum())


def days_of_culture(events: pd.DataFrame) -> pd.DataFrame:
    """Days of culture of one country in the other."""
    return events[events["item"].str.startswith("days of culture")]


COUNTS = ("none", "one", "two", "three", "four", "five", "six", "seven")
Route = Callable[[pd.DataFrame, pd.DataFrame], float | str]
KEY_FINDINGS: dict[str, Route] = {
    "met-since-last": lambda _, __: str(int(NEWEST_DAY[:4]) - 1),
    "met-since": lambda _, events: len(met(events, 2022, 2025)),
    "met-mean": lambda _, events: len(met(events, 2022, 2025)) / 4,
    "met-before": lambda _, events: len(met(events, 2019, 2021)),
    "met-all": lambda _, events: len(met(events, 2019, 2026)),
    "met-third": lambda _, events: (~met(events, 2019, 2026)["country"].isin(["AZE", "KAZ"])).sum(),
    "bilateral": lambda _, events: met(events, 2019, 2026)["kind"].eq("visit").sum(),
    "to-azerbaijan": lambda _, events: met(events, 2022, 2026)["country"].eq("AZE").sum(),
    "to-kazakhstan": lambda _, events: met(events, 2022, 2026)["country"].eq("KAZ").sum(),
    "fuzuli-opened": lambda _, events: day_in_words(
        of_centre(events).query("kind == 'opening'")["date"].item()
    ),
    "fuzuli-days": lambda _, events: (
        f"{(pd.Timestamp('2024-03-12') - pd.Timestamp(of_centre(events)['date'].iloc[1])).days}"
        "\N{NO-BREAK SPACE}days"
    ),
    "fuzuli-places-opened": lambda rows, _: one(
        rows, "fuzuli_centre_children", time_period="2024-03-12"
    ),
    "school-uzbekistan": lambda rows, _: one(
        rows, "karabakh_gift_school_places", counterpart_area="UZB"
    ),
    "arrivals-10m-2025": lambda rows, _: ten_months(rows, 2025),
    "arrivals-10m-growth": lambda rows, _: (
        100 * (ten_months(rows, 2025) / ten_months(rows, 2024) - 1)
    ),
    "arrivals-10m-growth-2024": lambda rows, _: (
        100 * (ten_months(rows, 2024) / ten_months(rows, 2023) - 1)
    ),
    "arrivals-back": lambda rows, _: (
        "no count"
        if set(rows.loc[rows["indicator"].eq("tourist_arrivals"), "ref_area"]) == {"KAZ"}
        else "counts"
    ),
    "students-aze": lambda rows, _: one(rows, "students", ref_area="AZE"),
    "students-kaz": lambda rows, _: one(rows, "students", ref_area="KAZ"),
    "universities": lambda rows, _: one(rows, "universities_with_agreements"),
    "days-years": lambda _, events: COUNTS[days_of_culture(events)["date"].str[:4].nunique()],
    "days-span": lambda _, events: (
        f"{int(NEWEST_DAY[:4]) - int(days_of_culture(events)['date'].min()[:4])} years"
    ),
    "unesco-shared": lambda rows, _: rows["indicator"].eq("unesco_shared_element_states").sum(),
    "unesco-turkic": lambda rows, _: only_turkic(rows),
}
"""Each number of the key findings from the files: observations and events, by plain pandas."""


def test_every_number_of_the_key_findings_is_recomputed() -> None:
    """No number of the box at the head is without a second route, and no route without a number."""
    assert set(KEY_FINDINGS) == key_numbers("culture")


@pytest.mark.parametrize("name", sorted(KEY_FINDINGS))
def test_a_key_number_follows_from_the_files(
    chapter_numbers: Numbers, rows: pd.DataFrame, events: pd.DataFrame, name: str
) -> None:
    """What the key findings print is what plain pandas makes of the files, words too."""
    found, expected = chapter_numbers[name], KEY_FINDINGS[name](rows, events)
    if isinstance(expected, str):
        assert found["text"] == expected
    else:
        assert found["value"] == pytest.approx(expected)


def test_hosts_are_the_countries_of_the_events(events: pd.DataFrame) -> None:
    """The picture of places holds as many encounters of a country as the file, and no more."""
    shown = drawn(run("culture"), "culture.meetings-by-place").set_index("country")["value"]
    counted = met(events, 2019, 2026)["country"].value_counts()
    assert shown.to_dict() == counted.to_dict()


def test_pauses_are_the_days_between_encounters(
    chapter_numbers: Numbers, events: pd.DataFrame
) -> None:
    """Median and longest pause since 2022 follow from the days on which the encounters began."""
    days = pd.to_datetime(met(events, 2022, 2025)["date"]).sort_values()
    pauses = days.diff().dt.days.dropna()
    assert chapter_numbers["pause-median"]["text"] == f"{pauses.median():.0f} days"
    assert chapter_numbers["pause-longest"]["text"] == f"{pauses.max():.0f} days"
    ended = days[days.diff().dt.days.eq(pauses.max())]
    assert chapter_numbers["pause-ended"]["text"] == day_in_words(str(ended.dt.date.item()))


def test_trips_before_and_since(chapter_numbers: Numbers, events: pd.DataFrame) -> None:
    """Trips to the other's country are the events that say so, the announced ones left out."""
    trips = events[events["item"].str.contains("president of (?:KAZ to AZE|AZE to KAZ)")]
    held = trips[~trips["item"].str.contains("announced")]
    assert chapter_numbers["trips-before"]["value"] == held["date"].lt("2019").sum()
    since = held[held["date"].ge("2019")]
    assert chapter_numbers["trips-since"]["value"] == len(since)
    assert chapter_numbers["summit-trips"]["value"] == since["kind"].eq("summit").sum()


def test_no_trip_of_an_azerbaijani_prime_minister_is_in_the_file(
    chapter_numbers: Numbers, events: pd.DataFrame
) -> None:
    """The table of officials has as many trips as the file has for each office and direction."""
    table = next(each for each in run("culture").tables if each["id"] == "culture.officials")
    trips = events["item"].str.extract(r"^((?:prime|foreign) minister|speaker) of (\w+) to")
    assert sum(int(row[1]) for row in table["rows"]) == trips[0].notna().sum()
    chiefs = trips[trips[0].eq("prime minister")][1].value_counts()
    assert chiefs.to_dict() == {"KAZ": chapter_numbers["prime-ministers"]["value"]}


def test_readings_of_documents_for_one_visit_are_apart(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """The ratios divide what two sides give for one and the same visit."""
    signed = rows[rows["indicator"].eq("documents_signed")]
    for name, day in (("2022", "2022-08-24"), ("2024", "2024-03-11")):
        readings = signed[signed["time_period"].eq(day)]["value"]
        ratio = chapter_numbers[f"documents-{name}-ratio"]["value"]
        assert ratio == pytest.approx(readings.max() / readings.min())
        assert ratio > 1.1


def test_novembers_are_differences_of_part_years(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """November 2023 is eleven months less ten, and November 2024 is held against it."""
    before = arrivals(rows, "2023-01/2023-11") - arrivals(rows, "2023-01/2023-10")
    assert chapter_numbers["arrivals-nov-2023"]["value"] == before
    change = 100 * (arrivals(rows, "2024-11") / before - 1)
    assert chapter_numbers["arrivals-nov-growth"]["value"] == pytest.approx(change)


def test_the_other_direction_is_drawn_with_passengers_alone(rows: pd.DataFrame) -> None:
    """Of travel from Azerbaijan the picture holds the passengers of the file, and no arrivals."""
    shown = drawn(run("culture"), "culture.arrivals-years")
    back = shown[shown["way"].str.startswith("AZE-KAZ")]
    flew = rows[rows["indicator"].eq("air_passengers") & rows["item"].eq("AZE-KAZ")]
    assert sorted(back["value"]) == sorted(flew["value"])
    assert back["way"].str.contains("air passengers").all()


def test_flights_are_those_of_the_file(rows: pd.DataFrame) -> None:
    """Each bar is a row of weekly flights, or the year of one airline divided by its weeks."""
    shown = drawn(run("culture"), "culture.flights")
    weekly = rows[rows["indicator"].eq("flights_per_week")]["value"]
    year = one(rows, "flights_per_year") / 52
    assert sorted(shown["value"]) == pytest.approx(sorted([*weekly, year]))
    passenger = shown[shown["route"].str.fullmatch(r"\w+–Baku, November 2018")]["value"].sum()
    title = next(
        figure["title"] for figure in run("culture").figures if figure["id"] == "culture.flights"
    )
    assert f"{passenger:.0f} times a week" in title
    assert f"about {year:.0f} times" in title


def test_the_calendar_holds_each_form_and_hope(rows: pd.DataFrame, events: pd.DataFrame) -> None:
    """Titles, pairs, days of culture are those of the files; what was only announced is a hope."""
    shown = drawn(run("culture"), "culture.calendar")
    capitals = rows[rows["indicator"].eq("turksoy_capital")]
    pairs = rows[rows["indicator"].eq("sister_cities_new")]["value"].sum()
    by_form = shown["form"].str.replace("\n", " ").value_counts()
    assert by_form["Cultural capital of the Turkic world"] == len(capitals)
    assert by_form["Twin cities"] == pairs
    assert by_form["Days of culture"] == len(days_of_culture(events))
    hopes = set(shown[shown["status"].eq("announced")]["observation"])
    announced = days_of_culture(events)["summary"].str.contains("announced")
    assert hopes == {
        *capitals[capitals["status"].eq("announced")]["id"],
        *days_of_culture(events)[announced]["id"],
    }


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025])
def test_encounters_of_a_year_are_the_events_read_one_by_one(
    chapter_numbers: Numbers, events: pd.DataFrame, year: int
) -> None:
    """The rule of the chapter finds the encounters of the year that a reader finds, no others."""
    assert chapter_numbers[f"met-{year}"]["observations"] == ENCOUNTERS[year]
    assert set(events.loc[ENCOUNTERS[year], "date"].str[:4]) == {str(year)}


def test_every_counted_event_is_the_evidence_of_the_count(chapter_numbers: Numbers) -> None:
    """Counts before and since 2022 equal the number of events behind them, and those are right."""
    before = sorted(ENCOUNTERS[2019] + ENCOUNTERS[2021])
    since = sorted(key for year in range(2022, 2026) for key in ENCOUNTERS[year])
    for name, expected in (
        ("met-before", before),
        ("met-since", since),
        ("met-all", before + since),
    ):
        assert chapter_numbers[name]["observations"] == expected
        assert chapter_numbers[name]["value"] == len(expected)
    assert chapter_numbers["met-mean"]["value"] == pytest.approx(len(since) / 4)


def test_absent_presidents_video_and_announcements_are_not_counted(
    chapter_numbers: Numbers, events: pd.DataFrame
) -> None:
    """No event that says video, announced, prime minister or first president stands in a count."""
    counted = events.loc[chapter_numbers["met-all"]["observations"], "summary"]
    assert not counted.str.contains("video|announced|prime minister|first president|by state").any()
    uncertain = events.loc[chapter_numbers["met-listed"]["observations"], "summary"]
    assert uncertain.str.contains("by state|had been announced").all()


def test_third_countries_are_those_that_are_neither_of_the_two(
    chapter_numbers: Numbers, events: pd.DataFrame
) -> None:
    """The share of third countries follows from the column country of the counted events."""
    countries = events.loc[[key for year in ENCOUNTERS.values() for key in year], "country"]
    elsewhere = ~countries.isin(["AZE", "KAZ"])
    assert chapter_numbers["met-third"]["value"] == elsewhere.sum()
    assert chapter_numbers["met-third-share"]["value"] == pytest.approx(100 * elsewhere.mean())
    visits = events.loc[countries.index, "kind"].eq("visit")
    assert chapter_numbers["bilateral"]["value"] == visits.sum()


def test_visits_are_even_since_2019(chapter_numbers: Numbers, events: pd.DataFrame) -> None:
    """Trips to the other's country are the encounters that took place there, both ways the same."""
    countries = events.loc[[key for year in ENCOUNTERS.values() for key in year], "country"]
    assert chapter_numbers["to-azerbaijan"]["value"] == countries.eq("AZE").sum()
    assert chapter_numbers["to-kazakhstan"]["value"] == countries.eq("KAZ").sum()
    first = events.loc[chapter_numbers["to-azerbaijan"]["observations"], "date"].min()
    assert first == "2022-08-24"


def test_visits_found_for_the_time_that_the_president_named(
    chapter_numbers: Numbers, events: pd.DataFrame
) -> None:
    """One trip fewer is found than the visits stated for September 2022 to March 2024."""
    days = events.loc[[key for year in ENCOUNTERS.values() for key in year]]
    inside = days[days["country"].eq("KAZ") & days["date"].between("2022-09-01", "2024-03-31")]
    assert chapter_numbers["claimed-found"]["value"] == len(inside)
    assert chapter_numbers["claimed-visits"]["value"] == 4 == len(inside) + 1


def test_arrivals_of_2023_are_the_difference_of_two_totals(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """The whole year that nobody printed follows from the seven-year and six-year totals."""
    implied = arrivals(rows, "2017-01/2023-12") - arrivals(rows, "2017-01/2022-12")
    assert chapter_numbers["arrivals-2023"]["value"] == implied
    change = 100 * (implied / arrivals(rows, "2022") - 1)
    assert chapter_numbers["arrivals-growth-2023"]["value"] == pytest.approx(change)
    mean = (arrivals(rows, "2017-01/2022-12") - arrivals(rows, "2022")) / 5
    assert chapter_numbers["arrivals-mean-2017-2021"]["value"] == pytest.approx(mean)


def test_growth_of_ten_months_agrees_with_the_printed_rate(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """Eleven months of 2024 less November give a base on which 2025 grew as its page says."""
    base = arrivals(rows, "2024-01/2024-11") - arrivals(rows, "2024-11")
    change = 100 * (arrivals(rows, "2025-01/2025-10") / base - 1)
    assert chapter_numbers["arrivals-10m-2024"]["value"] == base
    assert chapter_numbers["arrivals-10m-growth"]["value"] == pytest.approx(change)
    assert change == pytest.approx(19.4, abs=0.05)


@pytest.mark.parametrize(
    ("name", "period"), [("2022", "2022"), ("2024", "2024-01/2024-11"), ("2025", "2025-01/2025-10")]
)
def test_share_of_arrivals_is_of_the_same_period(
    chapter_numbers: Numbers, rows: pd.DataFrame, name: str, period: str
) -> None:
    """Each share divides arrivals from Kazakhstan by all arrivals of exactly the same months."""
    everyone = rows[rows["indicator"].eq("tourist_arrivals_total") & rows["time_period"].eq(period)]
    scale = everyone["unit"].map({"people": 1, "million people": 1_000_000}).iloc[0]
    expected = 100 * arrivals(rows, period) / (everyone["value"].iloc[0] * scale)
    assert chapter_numbers[f"arrivals-share-{name}"]["value"] == pytest.approx(expected)


def test_only_kazakh_arrivals_are_found(rows: pd.DataFrame) -> None:
    """The statement that nothing was found the other way holds for the whole ledger."""
    assert set(rows.loc[rows["indicator"].eq("tourist_arrivals"), "ref_area"]) == {"KAZ"}


def test_days_of_building_follow_from_the_two_events(
    chapter_numbers: Numbers, events: pd.DataFrame
) -> None:
    """The time from groundbreaking to opening is the difference of the dates in the ledger."""
    centre = events[events["item"].eq("Kurmangazy centre, Fuzuli")]
    ground = centre[centre["summary"].str.startswith("Ground broken")]["date"].item()
    opened = centre[centre["kind"].eq("opening")]["date"].item()
    days = (pd.Timestamp(opened) - pd.Timestamp(ground)).days
    assert chapter_numbers["fuzuli-days"]["text"] == f"{days}\N{NO-BREAK SPACE}days"
    assert opened == "2024-03-12"


def test_the_centre_has_fewer_places_than_the_uzbek_school(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """Places of the three buildings are those of the ledger, in the order that the text says."""
    schools = rows[rows["indicator"].eq("karabakh_gift_school_places")]
    places = schools.set_index("counterpart_area")["value"]
    assert chapter_numbers["school-uzbekistan"]["value"] == places["UZB"]
    assert chapter_numbers["school-kyrgyzstan"]["value"] == places["KGZ"]
    assert places["UZB"] > chapter_numbers["fuzuli-places-opened"]["value"] > places["KGZ"]


def test_levels_of_study_add_up_to_the_protocol(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """The places by level give the twelve of the protocol, and are counted without rounding."""
    scholarships = rows[rows["indicator"].eq("scholarships")].set_index("item")["value"]
    levels = scholarships[["bachelor", "master", "doctoral", "medical and residency"]].sum()
    assert chapter_numbers["places-levels"]["value"] == levels
    assert levels == scholarships["student exchange protocol"] == 12
    assert chapter_numbers["places-levels"]["text"].startswith("12")


def test_twin_cities_and_flights_are_counted_without_rounding(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """Sums of small whole numbers print as they are."""
    pairs = rows[rows["indicator"].eq("sister_cities_new")]["value"].sum()
    assert chapter_numbers["twin-cities"]["text"] == f"{pairs:.0f}"
    flights = rows[rows["indicator"].eq("flights_per_week") & rows["time_period"].eq("2018-11")]
    passengers = flights[flights["item"].str.fullmatch(r"(Aktau|Astana|Almaty)-Baku")]
    assert chapter_numbers["flights-2018"]["text"].startswith(f"{passengers['value'].sum():.0f}")


def test_shared_elements_and_capitals(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """Elements and cultural capitals are the rows of the ledger; hopes are no capitals yet."""
    shared = rows[rows["indicator"].eq("unesco_shared_element_states")]
    assert chapter_numbers["unesco-shared"]["value"] == shared["item"].nunique()
    smallest = shared.sort_values("value")["id"].iloc[0]
    assert chapter_numbers["unesco-turkic"]["observations"] == [smallest]
    capitals = rows[rows["indicator"].eq("turksoy_capital") & rows["status"].eq("reported")]
    by_country = capitals["ref_area"].value_counts()
    assert chapter_numbers["turksoy-kaz"]["value"] == by_country["KAZ"]
    assert chapter_numbers["turksoy-aze"]["value"] == by_country["AZE"]


def test_readings_of_the_diaspora_disagree_at_one_meeting(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """The two figures of January 2020 are of one month and differ by more than half."""
    told = rows[rows["indicator"].eq("diaspora") & rows["time_period"].eq("2020-01")]
    low, high = told["value"].min(), told["value"].max()
    assert chapter_numbers["diaspora-2020-kaz"]["value"] == low
    assert chapter_numbers["diaspora-2020-aze"]["value"] == high
    assert high / low > 1.5


@pytest.mark.parametrize("day", EDITION_DAYS)
def test_every_edition_answers_first(day: str) -> None:
    """The box at the head has at least five findings, and not two on one thing."""
    found = findings("culture", day)
    assert 5 <= len(found) <= 6


@pytest.mark.parametrize("day", EDITION_DAYS[:2])
def test_an_edition_tells_no_later_year(day: str) -> None:
    """Neither words nor axes reach beyond the year of the day."""
    assert later_years("culture", day) == set()
    written = drawn_words(run_on("culture", day))
    assert max(re.findall(r"\b20\d\d\b", written)) <= day[:4]


@pytest.mark.parametrize("day", EARLY_DAYS)
def test_the_chapter_runs_before_the_article(day: str) -> None:
    """Little is known, nothing is judged, and nothing is refused."""
    early = run_on("culture", day)
    assert not early.verdicts
    assert max(number["known_from"] for number in early.numbers) <= day


def test_the_opening_is_not_known_on_the_day_of_the_article(events: pd.DataFrame) -> None:
    """On 11 March 2024 the centre is planned and begun; its opening is told by nothing."""
    early = run_on("culture", ARTICLE_DAY)
    assert not set(by_name(early)) & {"fuzuli-opened", "fuzuli-days", "documents-2024"}
    centre = next(figure for figure in early.figures if figure["id"] == "culture.fuzuli")
    texts = " ".join(centre[part] for part in ("title", "subtitle", "caption", "alt"))
    texts += drawn_words(early)
    assert not {"opened", "opening"} & set(re.findall(r"\w+", texts))
    judged = {verdict["claim"]: verdict["verdict"] for verdict in early.verdicts}
    assert judged["fuzuli-opening"] == "not confirmed"
    assert str(events.loc["event-0169", "known_from"]) > ARTICLE_DAY


@pytest.mark.parametrize("day", EDITION_DAYS[:2])
def test_encounters_of_an_edition(day: str, events: pd.DataFrame) -> None:
    """Those read event by event, as far as they were known; the year of the day is not over."""
    numbers = by_name(run_on("culture", day))
    ended = range(2022, int(day[:4]))
    known = {
        year: sum(str(events.loc[event, "known_from"]) <= day for event in found)
        for year, found in ENCOUNTERS.items()
    }
    assert numbers["met-since"]["value"] == sum(known[year] for year in ended)
    assert numbers["met-all"]["value"] == sum(known.values())
    assert numbers["met-mean"]["value"] == pytest.approx(
        sum(known[year] for year in ended) / len(ended), abs=0.05
    )
    assert numbers[f"met-{day[:4]}-when"]["text"] != day[:4]


def test_arrivals_as_known_in_2025(rows: pd.DataFrame) -> None:
    """Arrivals of 2023 are the difference of two totals, and a multiple of the mean before."""
    numbers = by_name(run_on("culture", EDITION_DAYS[1]))
    found = rows[
        rows["indicator"].eq("tourist_arrivals")
        & rows["counterpart_area"].eq("AZE")
        & rows["reporter"].eq("AZE")
        & (rows["known_from"] <= EDITION_DAYS[1])
    ]
    by_period = found.groupby("time_period")["value"].first()
    in_2023 = by_period["2017-01/2023-12"] - by_period["2017-01/2022-12"]
    assert numbers["arrivals-2023"]["value"] == in_2023
    growth = (in_2023 / by_period["2022"] - 1) * 100
    assert numbers["arrivals-growth-2023"]["value"] == pytest.approx(growth)
