"""The map: its data, the legs that it can draw, and labels that never overlap."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from azkz.errors import BadInput
from azkz.ledger import Leg, Place
from azkz.ledger.read import leg as read_leg
from azkz.ledger.read import place as read_place
from azkz.ledger.read import read_table
from azkz.report.geography import Geography, Line, routes, smooth
from azkz.report.maps import OVERVIEW, Drawn, draw_corridor, draw_panels, read_geo
from azkz.report.placement import Scene, place_labels
from azkz.report.spots import Box, beside_point
from azkz.report.style import use

DATA = Path(__file__).parents[1] / "data"
GEO = DATA / "geo"
PLACES = read_table(DATA, "places", read_place)
LEGS = read_table(DATA, "route", read_leg)
VAGUE = {
    "BTK Georgian section",
    "whole TITR",
    "TITR rail part",
    "TITR sea part",
    "Dostyk-Aktau-Alat-Kishly",
}
OFF_THE_WAY = {"Dostyk", "Istanbul"}
"""Places that no leg with a place at each end passes."""
ON_THE_WAY = {place.place for place in PLACES} - OFF_THE_WAY
ONE_WAY = [leg for leg in LEGS if leg.leg not in VAGUE and leg.mode != "multimodal"]


@pytest.fixture(scope="module")
def geography() -> Geography:
    """The map data of the repository."""
    return read_geo(GEO)


@pytest.fixture(autouse=True)
def _house_style() -> Iterator[None]:
    with mpl.rc_context():
        use()
        yield


def _draw(places: list[Place], legs: list[Leg]) -> tuple[Figure, list[Axes], Drawn]:
    figure = Figure(figsize=(7.2, 3.8))
    axes = list(figure.subplots(2, 1))
    return figure, axes, draw_panels(axes, GEO, places, legs)


def _is_land(geography: Geography, lon: float, lat: float) -> bool:
    """Even-odd rule: inside an odd number of rings."""
    return sum(Outline(ring).contains_point((lon, lat)) for ring in geography.land) % 2 == 1


def _boxes(labels: tuple[Annotation, ...]) -> list[Bbox]:
    """Extents of the texts as drawn, without their leaders."""
    if labels:
        figure = labels[0].get_figure(root=True)
        assert figure is not None
        figure.draw_without_rendering()
    return [Text.get_window_extent(label) for label in labels]


def _overlapping(labels: tuple[Annotation, ...]) -> list[tuple[str, str]]:
    """Pairs of texts that share an area."""
    pairs = combinations(zip(labels, _boxes(labels), strict=True), 2)
    return [(a.get_text(), b.get_text()) for (a, one), (b, two) in pairs if one.overlaps(two)]


@pytest.mark.parametrize(
    ("lon", "lat", "land"),
    [
        pytest.param(51.0, 42.0, False, id="middle of the Caspian"),
        pytest.param(50.3, 46.0, False, id="shallow north of the Caspian"),
        pytest.param(35.0, 43.0, False, id="Black Sea"),
        pytest.param(71.4, 51.1, True, id="Astana"),
        pytest.param(49.7, 40.45, True, id="Absheron peninsula"),
        pytest.param(104.0, 36.0, True, id="Lanzhou"),
    ],
)
def test_land_and_water_are_where_they_are(
    geography: Geography, lon: float, lat: float, *, land: bool
) -> None:
    """The Caspian is a hole in the land, not land."""
    assert _is_land(geography, lon, lat) is land


def test_fills_are_the_two_countries(geography: Geography) -> None:
    """Each highlighted country holds its capital and not the other's."""
    capitals = {"KAZ": (71.4, 51.1), "AZE": (49.8, 40.42)}
    for code, rings in geography.countries.items():
        held = {
            other
            for other, point in capitals.items()
            if any(Outline(ring).contains_point(point) for ring in rings)
        }
        assert held == {code}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.place)
def test_places_lie_on_the_overview(place: Place) -> None:
    """A place added outside the clip would silently be missing from the map."""
    assert OVERVIEW.holds(np.array([[place.lon, place.lat]]))


def test_courses_belong_to_legs_and_meet_their_ends(geography: Geography) -> None:
    """A course starts and ends at the places that its leg names; a misspelt leg is noticed."""
    known = {place.place: (place.lon, place.lat) for place in PLACES}
    legs = {leg.leg: leg for leg in LEGS}
    assert geography.courses.keys() <= legs.keys()
    for name, lines in geography.courses.items():
        ends = tuple(map(tuple, lines[0][[0, -1]]))
        assert ends == (known[legs[name].start], known[legs[name].end]), name


@pytest.mark.parametrize("leg", ONE_WAY, ids=lambda leg: leg.leg)
def test_ships_keep_to_water_and_trains_to_land(geography: Geography, leg: Leg) -> None:
    """No drawn leg crosses what it cannot cross, but for the harbours at its ends."""
    [route] = routes(PLACES, [leg], geography.courses)
    for line in route.lines:
        for lon, lat in _away_from_ends(line):
            assert _is_land(geography, lon, lat) is (leg.mode != "sea"), (lon, lat)


def _away_from_ends(line: Line, far: float = 0.35) -> Line:
    """Points of ``line`` more than ``far`` degrees from both ends."""
    start, end = (np.hypot(*(line - line[at]).T) for at in (0, -1))
    inner: Line = line[(start > far) & (end > far)]
    return inner


def test_a_place_without_a_way_is_not_on_the_map() -> None:
    """A port that nothing leads to tells nothing of the corridor; one on a way is named."""
    named = "Kuryk"
    texts = []
    for legs in (LEGS, [leg for leg in LEGS if named not in (leg.start, leg.end)]):
        _, _, drawn = _draw(PLACES, legs)
        texts.append("\n".join(label.get_text() for label in drawn.labels).splitlines())
    assert named in texts[0]
    assert named not in texts[1]
    assert not OFF_THE_WAY & set(texts[0])


def test_all_places_are_named_once_and_labels_do_not_overlap() -> None:
    """Everything finds room: no name is lost, none stands on another."""
    _, _, drawn = _draw(PLACES, LEGS)
    texts = "\n".join(label.get_text() for label in drawn.labels).splitlines()
    assert drawn.unnamed == ()
    assert set(texts) >= ON_THE_WAY
    assert _overlapping(drawn.labels) == []


@pytest.mark.parametrize("seed", range(8))
def test_labels_of_any_subset_do_not_overlap(seed: int) -> None:
    """Editions know fewer legs and places: the labels find their places for each of them."""
    chance = random.Random(seed)  # noqa: S311 — draws subsets, guards nothing
    places = chance.sample(PLACES, chance.randint(1, len(PLACES)))
    legs = chance.sample(LEGS, chance.randint(0, len(LEGS)))
    _, _, drawn = _draw(places, legs)
    assert drawn.unnamed == ()
    assert _overlapping(drawn.labels) == []


def test_labels_stay_in_their_panel() -> None:
    """A label that hangs over the edge would be cut off."""
    _, axes, drawn = _draw(PLACES, LEGS)
    for label, box in zip(drawn.labels, _boxes(drawn.labels), strict=True):
        frame = next(panel for panel in axes if panel is label.axes).get_window_extent()
        inside = (frame.x0 <= box.x0, box.x1 <= frame.x1, frame.y0 <= box.y0, box.y1 <= frame.y1)
        assert all(inside), label.get_text()


def test_vague_legs_are_handed_back() -> None:
    """Ends that are no place ("China-Kazakhstan border") are never guessed."""
    _, _, drawn = _draw(PLACES, LEGS)
    assert {leg.leg for leg in drawn.not_drawn} == VAGUE


def test_leg_goes_with_its_place() -> None:
    """Without Baku no line to Baku is drawn, though its course is known."""
    without = [place for place in PLACES if place.place != "Baku"]
    _, _, drawn = _draw(without, LEGS)
    back = {leg.leg for leg in drawn.not_drawn}
    assert back == VAGUE | {leg.leg for leg in LEGS if "Baku" in (leg.start, leg.end)}


def test_known_and_unknown_distances_are_told_apart() -> None:
    """A distance that no source gave is a question mark and a thin line, never a number."""
    leg = next(leg for leg in LEGS if leg.leg == "Aktau-Baku ferry")
    texts, widths = [], []
    for distance in (leg.distance_km, None):
        _, axes, drawn = _draw(PLACES, [replace(leg, distance_km=distance)])
        texts += [label.get_text() for label in drawn.labels if "–" in label.get_text()]
        lines = [line for line in axes[1].get_lines() if line.get_linestyle() != "None"]
        widths += [line.get_linewidth() for line in lines]
    assert texts == ["Aktau–Baku\n470\u00a0km", "Aktau–Baku\n?\u00a0km"]
    assert widths[0] > widths[1]


def test_same_input_gives_same_labels() -> None:
    """Builds are byte-identical, so the search for room must not depend on anything else."""
    runs = [_draw(PLACES, LEGS)[2].labels for _ in range(2)]
    first, second = [[(t.get_text(), t.xyann, t.xy) for t in labels] for labels in runs]
    assert first == second


def test_unknown_mode_is_refused() -> None:
    """A leg by air would otherwise vanish or pose as a railway."""
    leg = next(leg for leg in LEGS if leg.leg == "BTK")
    with pytest.raises(BadInput, match=r"route\.csv.*mode air"):
        draw_corridor(Figure().subplots(), GEO, PLACES, [replace(leg, mode="air")])


def test_missing_map_data_names_the_file(tmp_path: Path) -> None:
    """The message says which file is not there."""
    with pytest.raises(BadInput, match=r"land\.geojson"):
        read_geo(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"features": [{"properties": null}]}'])
def test_what_is_no_map_data_names_the_file(tmp_path: Path, text: str) -> None:
    """Whatever is wrong with the file, the message says which one to restore."""
    (tmp_path / "land.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=r"land\.geojson: this is no map data"):
        read_geo(tmp_path)


def test_curve_passes_its_points() -> None:
    """A smoothed course still runs through the towns that it was drawn for."""
    corners = np.array([[0.0, 0.0], [1.0, 2.0], [1.2, 2.1], [6.0, 0.0]])
    curve = smooth(corners)
    nearest = [np.hypot(*(curve - corner).T).min() for corner in corners]
    assert max(nearest) < 0.05


def test_label_without_room_is_left_out_not_squeezed_in() -> None:
    """Of two labels for one spot the first stays and the second is reported as left out."""
    scene = Scene(Box(0, 0, 60, 12), np.empty((0, 2)), np.empty((0, 2)))
    wanted = [beside_point((5, 6), 40, 10, gaps=(5,)) for _ in range(2)]
    first, second = place_labels(scene, wanted)
    assert first is not None
    assert second is None
