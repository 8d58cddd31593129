"""The map out of a spreadsheet and into one: nothing lost, and nothing in force that is not in order."""

from __future__ import annotations

import argparse
import csv
import io
import os
import re
import shutil
import signal
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyexcel_ods3
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands import directory as command
from bot.directory import DirectoryErrors, load
from bot.directory.exchange import archive, csv_sheet, ods_reading, sheet, swap, workbook
from bot.directory.exchange.columns import Column, columns
from bot.directory.exchange.explanation import explanation
from bot.directory.exchange.house_yaml import FIRST_LINE, rendered
from bot.directory.exchange.incoming import READERS, incoming
from bot.directory.exchange.outgoing import as_table, outgoing, save
from bot.directory.exchange.reading import rows_of
from bot.directory.exchange.refusal import Refused
from bot.directory.folder import SECTIONS, Record, records, replace
from bot.directory.yaml_lines import Yaml12Loader
from bot.paths import GEMEENTEN
from bot.settings import Settings

MUNICIPALITIES = ("arnhem", "voorbeeldstad")
SHEETS = (".csv", ".xlsx", ".ods")
THING = "papieren"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A copy of Voorbeeldstad that a test may spoil."""
    return Path(shutil.copytree(GEMEENTEN / "voorbeeldstad", tmp_path / "voorbeeldstad"))


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def run(folder: Path, *arguments: str | Path) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    given = parser.parse_args([str(argument) for argument in arguments])
    return command.run(given, Settings({"DREMPELHULP_GEMEENTE": str(folder)}))


def table_of(folder: Path) -> list[list[str]]:
    return as_table(records(folder))


def place(table: list[list[Any]], id_: str, column: str) -> tuple[int, int]:
    """Where the value of a thing stands, counted from 0."""
    at = table[0].index("id")
    return next(number for number, row in enumerate(table) if row[at] == id_), table[0].index(column)


def as_csv(path: Path, table: list[list[str]], delimiter: str = ";", encoding: str = "utf-8-sig") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(table)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def refusal(file: Path, folder: Path, remove: bool = False) -> list[str]:
    """The lines with which a file is refused; the map must be as it was, to the last byte."""
    before = content(folder)
    with pytest.raises(Refused) as refused:
        replace(folder, incoming(file, folder, remove), remove)
    assert content(folder) == before
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".")] == []
    return [str(mistake) for mistake in refused.value.mistakes]


# ---- nothing is lost


@pytest.mark.parametrize("ending", SHEETS)
@pytest.mark.parametrize("municipality", MUNICIPALITIES)
def test_a_municipality_comes_back_to_the_last_sign(municipality: str, ending: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(GEMEENTEN / municipality, tmp_path / municipality))
    before, bytes_before = records(folder), content(folder)
    file = tmp_path / f"map{ending}"
    save(file, outgoing(before, ending, municipality))
    assert not replace(folder, incoming(file, folder))
    assert content(folder) == bytes_before
    for path in folder.glob("*/*.yml"):
        path.write_text(
            path.read_text("utf-8") + "note: anders\n", "utf-8"
        ) if "note:" not in path.read_text() else None
    changes = replace(folder, incoming(file, folder))
    assert len(changes.changed) > 20
    assert records(folder) == before


def values_for(column: Column) -> st.SearchStrategy[Any]:
    """Any value of the kind that the schema names, with or without sense; sheets must carry them all."""
    text = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12) | st.sampled_from(NASTY)
    if column.form == "truth":
        return st.booleans()
    if column.form == "number":
        return st.integers(-5, 200)
    if column.form == "day":
        return st.dates().map(date.isoformat)
    if column.form == "phone":
        return st.sampled_from(["112", "0800-0113", "026-3896969", "0999-000 09", "14 026"])
    if column.form == "list":
        return st.lists(text, min_size=1, max_size=3)
    if column.form == "pairs":
        return st.dictionaries(text, text, min_size=1, max_size=3)
    if column.form == "rows":
        source = st.fixed_dictionaries({"title": text}, optional={"url": text, "date": text})
        return st.lists(source, min_size=1, max_size=3)
    return text


NASTY = (
    "=1+1", "+31", "-", "@x", "'=1", "''=1", "'t Huis", "＝1", " voor", "na ", "\tx", "x\n", "a\r\nb", "a\rb", "0012", "1e5",
    "a;b", "a; b", "a, b", ",", "a|b|", "|", "a:b", "\\", "\\n", "\\;", "a\\", '"', '""', "_x0041_", "_x005F_x0041_", "\x00", "\x0b", "\x7f",
    "\x85", "\u2028", "\ufeff", "\ufffe", "\U0001f600", "true", "no", "null", "~", "12:30", "2026-11-21", "<b>&amp;", "]]>",
    "a  b", "\xa0", "#n/a", "#REF!", "- a", "a: b", "a #b", "{a}", "[a]", "*a", "&a", "!a", "%a", "İŞ ğü ą ñ", "Ã«",
)  # fmt: skip


@st.composite
def things(draw: st.DrawFn) -> Record:
    values: dict[str, Any] = {}
    for column in columns()[1:]:
        if not (column.required or draw(st.integers(0, 3)) == 0):
            continue
        value = draw(values_for(column))
        if column.part:
            values.setdefault(column.field, {})[column.part] = value
        else:
            values[column.field] = value
    return Record(draw(st.sampled_from(SECTIONS)), values)


@pytest.mark.parametrize("ending", SHEETS)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(wanted=st.lists(things(), min_size=1, max_size=3))
def test_no_value_is_lost_in_a_sheet(ending: str, wanted: list[Record]) -> None:
    sheets = READERS[ending](outgoing(wanted, ending, "Ergens"))
    rows, wrong = rows_of(next(iter(sheets.values())), "map")
    assert wrong == [] and [mistake for row in rows for mistake in row.mistakes] == []
    assert [row.record for row in rows] == wanted


@pytest.mark.parametrize("ending", SHEETS)
def test_every_nasty_text_comes_back(ending: str) -> None:
    wanted = [
        Record("nummers", {"id": text, "name": text, "topics": [text], "exceptions": {text: text}, "say": {"nl": text},
                           "sources": [{"title": text}, {"title": text, "date": text}]})
        for text in NASTY
    ]  # fmt: skip
    rows, _ = rows_of(next(iter(READERS[ending](outgoing(wanted, ending, "Ergens")).values())), "map")
    assert [row.record for row in rows] == wanted


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(thing=things())
def test_no_value_is_lost_in_yaml(thing: Record) -> None:
    assert yaml.load(rendered(thing.values), Loader=Yaml12Loader) == thing.values


@pytest.mark.parametrize("ending", SHEETS)
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.text(min_size=1, max_size=9).filter(str.strip), min_size=4, max_size=4))
def test_what_somebody_writes_comes_back_from_a_sheet_as_yaml(
    ending: str, texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = tmp_path_factory.mktemp("town")
    folder = Path(shutil.copytree(GEMEENTEN / "voorbeeldstad", base / "voorbeeldstad"))
    name, note, said, title = (text + "x" for text in texts)
    wanted = [
        Record(r.section, {**r.values, "name": name, "note": note, "say": {"nl": said}, "sources": [{"title": title}]})
        for r in records(folder)
    ]
    save(base / f"map{ending}", outgoing(wanted, ending, "Ergens"))
    replace(folder, incoming(base / f"map{ending}", folder))
    assert {r.id: r for r in records(folder)} == {r.id: r for r in wanted}


# ---- nothing is computed, and other programs see the same


GUARDED = Record("nummers", {"id": "x", "name": "=1+1", "organisation": "+31", "address": "-2", "note": "@SUM(A1)"})


def test_no_cell_begins_like_a_formula() -> None:
    rows = csv.reader(io.StringIO(outgoing([GUARDED], ".csv", "").decode("utf-8-sig")), delimiter=";")
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell]
    book = openpyxl.load_workbook(io.BytesIO(outgoing([GUARDED], ".xlsx", "")))
    filled = [cell for page in book for row in page for cell in row if cell.value is not None]
    assert {(cell.data_type, cell.number_format) for cell in filled} == {("s", "@")}
    assert not [cell.value for cell in filled if cell.value[0] in "=+-@"]
    by_others = pyexcel_ods3.get_data(io.BytesIO(outgoing([GUARDED], ".ods", "")))
    assert list(by_others) == ["kaart", "uitleg"]
    assert by_others["kaart"][1][:2] == ["nummers", "x"] and "'=1+1" in by_others["kaart"][1]


def test_the_second_sheet_explains_each_column_in_dutch() -> None:
    rows = {row[0]: row for row in explanation()}
    for column in columns():
        assert rows[column.name][1] not in ("", column.meaning), f"locales/nl/exchange.yml lacks {column.field}"
        assert set(rows[column.name][3].split("; ")) - {""} == set(column.words)
    assert rows["topics"][3].startswith("geld; eten") and rows["checked"][4] == "2026-11-21"


def test_an_excel_sheet_offers_the_words_to_choose_from() -> None:
    first = openpyxl.load_workbook(io.BytesIO(outgoing([GUARDED], ".xlsx", ""))).worksheets[0]
    assert '"wijkteams,spreekuren,voorzieningen,nummers,loketten"' in {
        rule.formula1 for rule in first.data_validations.dataValidation
    }


def test_the_same_map_gives_the_same_file() -> None:
    """Also tomorrow: no file says when it was written."""
    for ending in SHEETS:
        assert outgoing([GUARDED], ending, "") == outgoing([GUARDED], ending, "")
    for ending in (".xlsx", ".ods"):
        with zipfile.ZipFile(io.BytesIO(outgoing([GUARDED], ending, ""))) as parts:
            assert {part.date_time for part in parts.infolist()} == {archive.WHEN}
            if ending == ".xlsx":
                moments = re.findall(rb">(\d{4}-[^<]+Z)<", parts.read("docProps/core.xml"))
                assert set(moments) == {b"2026-01-01T00:00:00Z"}


# ---- ways in which people save a sheet


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [(";", "utf-8-sig"), (";", "utf-8"), (",", "utf-8"), (",", "utf-8-sig"), ("\t", "utf-16"), ("\t", "utf-8")],
)
def test_csv_is_read_however_it_was_saved(delimiter: str, encoding: str, town: Path, tmp_path: Path) -> None:
    table = table_of(town)
    row, column = place(table, "geldlijn", "name")
    table[row][column] = "Çocuk, «één» lijn; “ğ”"
    changes = replace(town, incoming(as_csv(tmp_path / "map.csv", table, delimiter, encoding), town))
    assert [change.after.values["name"] for change in changes.changed] == ["Çocuk, «één» lijn; “ğ”"]


def test_the_line_with_which_excel_names_its_separator_is_no_row(town: Path, tmp_path: Path) -> None:
    file = as_csv(tmp_path / "map.csv", table_of(town), ";", "utf-8")
    file.write_bytes(b"sep=;\r\n" + file.read_bytes())
    assert not replace(town, incoming(file, town))


@pytest.mark.parametrize("word", ["ja", "JA", "WAAR", "TRUE", "true", " yes ", True])
@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_yes_is_said_in_several_ways(word: str | bool, ending: str, town: Path, tmp_path: Path) -> None:
    table: list[list[Any]] = [list(row) for row in table_of(town)]
    row, column = place(table, "geldlijn", "free")
    table[row][column] = word
    file = tmp_path / f"map{ending}"
    as_csv(file, table) if ending == ".csv" else as_excel(file, table)
    assert not replace(town, incoming(file, town))


def as_excel(path: Path, table: list[list[Any]], after: Callable[[Any], None] = lambda page: None) -> Path:
    """A workbook as Excel would have saved it: a date is a date, a number a number, `=` a formula."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "kaart"
    for row in table:
        page.append([None if value == "" else value for value in row])
    after(page)
    book.save(path)
    return path


def test_a_date_of_excel_is_taken_where_a_day_belongs(town: Path, tmp_path: Path) -> None:
    table: list[list[Any]] = [list(row) for row in table_of(town)]
    row, column = place(table, "geldlijn", "checked")
    table[row][column] = datetime(2026, 12, 24)
    changes = replace(town, incoming(as_excel(tmp_path / "map.xlsx", table), town))
    assert [change.after.values["checked"] for change in changes.changed] == ["2026-12-24"]
    assert 'checked: "2026-12-24"\n' in (town / "nummers" / "geldlijn.yml").read_text("utf-8")


def test_a_sheet_of_libreoffice_keeps_its_dates_numbers_and_truths(town: Path, tmp_path: Path) -> None:
    table: list[list[Any]] = [list(row) for row in table_of(town)]
    for column, value in (("checked", date(2026, 12, 24)), ("age_min", 18.0), ("free", False)):
        row, at = place(table, "geldlijn", column)
        table[row][at] = value
    pyexcel_ods3.save_data(str(tmp_path / "map.ods"), {"kaart": table})
    (change,) = replace(town, incoming(tmp_path / "map.ods", town)).changed
    assert [change.after.values[name] for name in ("checked", "age_min", "free")] == ["2026-12-24", 18, False]


# ---- broken sheets: refused as a whole, with every mistake


CELLS: list[tuple[str, str, Any, str]] = [
    ("112", "phone", 112, r"cell \w+ holds the number 112, not text; .*format of the cell: Text"),
    ("geldlijn", "hours", "Mo-Fr 9-25", "hours cannot be read"),
    ("geldlijn", "topics", "geld; etten", r"topics\[1\] is 'etten'; .*did you mean 'eten'\?"),
    ("rechtenlijn", "topics", "wonen, werk", "topics is 'wonen, werk'; expected one word, or several with ;"),
    ("luisterlijn", "hours", datetime(2026, 7, 24), r"cell \w+ holds a date \(2026-07-24\), not text"),
    ("luisterlijn", "phone", 263896969, "the first 0 got lost: write 026-3896969"),
    ("rechtenlijn", "phone", "263896969", "the first 0 got lost: write 026-3896969"),
    ("opvang", "checked", 46347, "holds the number 46347, not text; .*write 2026-11-21"),
    ("werkplein", "checked", "21-11-2026", "checked is '21-11-2026'; .*write 2026-11-21"),
    ("gemeente-voorbeeldstad", "name", '=CONCAT("a","b")', r"cell \w+ holds a formula"),
    ("gemeente-voorbeeldstad", "free", "misschien", "free is 'misschien'; .*ja and nee"),
    ("werkplein", "organisation", True, "holds true or false"),
    ("werkplein", "age_min", "achttien", "age_min is 'achttien'; .*whole number"),
    ("werkplein", "exceptions", "2026-12-27", "exceptions has '2026-12-27'; expected a day, a colon"),
    ("werkplein", "holidays.12-24", "dicht", "holidays.12-24 is 'dicht'"),
    ("werkplein", "sources", "Titel | https://x.nl | 2026 | nog iets", "sources has"),
    ("werkplein", "section", "loket", "section is 'loket'; .*did you mean 'loketten'"),
    ("werkplein", "say.nl", "", "say.nl is missing"),
    ("werkplein", "checked_by", "", "checked_by is empty"),
    ("113", "id", "", "id is empty"),
    ("wijkteam-oud", "wijken", "atlantis", "unknown wijk 'atlantis'"),
    ("opvang", "phone_of", "niemand", "phone_of 'niemand' is not here"),
    ("opvang", "url", "#N/A", "holds the error #N/A"),
]
"""A thing, a column, what somebody or Excel put there, and what its line must say."""


def test_all_mistakes_of_a_sheet_are_told_in_one_run(town: Path, tmp_path: Path, capsys: Any) -> None:
    table: list[list[Any]] = [list(row) for row in table_of(town)]
    rows = {}
    for id_, column, value, _ in CELLS:
        rows[id_] = rows.get(id_) or place(table, id_, column)[0]
        table[rows[id_]][table[0].index(column)] = value
    twice = len(table)
    table.append(list(table[place(table, "geldlijn", "id")[0]]))
    table += [[""] * len(table[0]), list(table[place(table, "veilig-thuis", "id")[0]])]
    lines = refusal(as_excel(tmp_path / "map.xlsx", table), town)
    for id_, column, _, said in CELLS:
        start = f"map.xlsx:row {rows[id_] + 1}, column {column}: "
        assert [line for line in lines if line.startswith(start) and re.search(said, line)], (start, said, lines)
    assert [
        line for line in lines if line.startswith(f"map.xlsx:row {twice + 1}, column id: the same thing 'geldlijn'")
    ]
    assert f"map.xlsx:row {twice + 2}: the row is empty; expected a thing in each row; delete the row" in lines
    assert [line for line in lines if line.startswith(f"map.xlsx:row {twice + 3}, column id: the same thing")]
    told = {re.sub(r"^map.xlsx:row (\d+)(, column ([\w.-]+))?:.*", r"\1 \3", line, flags=re.S) for line in lines}
    meant = {f"{rows[id_] + 1} {column}" for id_, column, _, _ in CELLS}
    assert told - meant == {
        f"{twice + 1} id",
        f"{twice + 1} topics",
        f"{twice + 1} hours",
        f"{twice + 2} ",
        f"{twice + 3} id",
    }
    assert run(town, "import", tmp_path / "map.xlsx") == 2
    assert f"Refused, {len(lines)} to mend" in capsys.readouterr().err


@pytest.mark.parametrize(("id_", "column", "value", "said"), CELLS)
def test_a_single_mistake_is_told_alone(
    id_: str, column: str, value: Any, said: str, town: Path, tmp_path: Path
) -> None:
    table: list[list[Any]] = [list(row) for row in table_of(town)]
    row, at = place(table, id_, column)
    table[row][at] = value
    lines = refusal(as_excel(tmp_path / "map.xlsx", table), town)
    assert all(line.startswith(f"map.xlsx:row {row + 1}, column {column}: ") for line in lines), lines
    assert [line for line in lines if re.search(said, line)], lines


def without(*names: str) -> Callable[[list[list[str]]], None]:
    def take_out(table: list[list[str]]) -> None:
        for name in names:
            at = table[0].index(name)
            for row in table:
                del row[at]

    return take_out


def rename(old: str, new: str) -> Callable[[list[list[str]]], None]:
    return lambda table: table[0].__setitem__(table[0].index(old), new)


HEADS: list[tuple[str, Callable[[list[list[str]]], Any], list[str]]] = [
    ("missing columns", without("phone", "checked", "say.pl"), ["phone: the column is m", "checked: the column is m", "say.pl: the"]),
    ("an unknown column", rename("phone", "telefoon"), ["telefoon: unknown column", "phone: the column is missing"]),
    ("a misspelt column", rename("hours", "hour"), ["hour: unknown column; expected a column of the export; did you mean 'hours'", "hours: the column is missing"]),
    ("a column twice", rename("whatsapp", "phone"), ["phone: the column is there twice", "whatsapp: the column is missing"]),
    ("no head", lambda table: table.pop(0), ["row 1 does not have the names of the columns"]),
    ("a title above the head", lambda table: table.insert(0, ["De kaart"]), ["row 1 does not have the names"]),
    ("a value beside the table", lambda table: table[3].append("los"), [" has no name, and something stands in row 4"]),
    ("a column without a name", rename("organisation", ""), ["organisation: the column is missing", " has no name, and something stands in row 2"]),
]  # fmt: skip


@pytest.mark.parametrize(("alter", "said"), [case[1:] for case in HEADS], ids=[case[0] for case in HEADS])
def test_the_form_of_a_sheet(alter: Callable[[Any], Any], said: list[str], town: Path, tmp_path: Path) -> None:
    table = table_of(town)
    alter(table)
    lines = refusal(as_csv(tmp_path / "map.csv", table), town)
    assert len(lines) == len(said), lines
    for part in said:
        assert [line for line in lines if part in line], (part, lines)


def test_a_missing_column_does_not_hide_what_is_wrong_in_the_others(town: Path, tmp_path: Path) -> None:
    table = table_of(town)
    row, at = place(table, "geldlijn", "hours")
    table[row][at] = "altijd"
    without("id", "phone")(table)
    lines = refusal(as_csv(tmp_path / "map.csv", table), town)
    assert [line for line in lines if f"row {row + 1}, column hours: hours cannot be read" in line]


def test_merged_cells_and_a_second_sheet_with_things_are_refused(town: Path, tmp_path: Path) -> None:
    def merge(page: Any) -> None:
        page.merge_cells("C2:C3")
        page.parent.create_sheet("Blad2").append(["id"])

    lines = refusal(as_excel(tmp_path / "map.xlsx", table_of(town), merge), town)
    assert [line for line in lines if "merged cells at C2:C3" in line]
    assert [line for line in lines if "sheet 'Blad2' would not be read" in line]


def test_a_thing_that_others_need_cannot_be_removed(town: Path, tmp_path: Path) -> None:
    table = [row for row in table_of(town) if "gemeente-voorbeeldstad" not in row[:2]]
    file = as_csv(tmp_path / "map.csv", table)
    assert any("floor 'gemeente-voorbeeldstad' is not here" in line for line in refusal(file, town, remove=True))
    assert [record.id for record in replace(town, incoming(file, town)).missing] == ["gemeente-voorbeeldstad"]


# ---- files that are no sheet


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return file.getvalue()


def an_excel_file(with_: str = "", data: bytes = b"") -> bytes:
    whole = io.BytesIO(outgoing([GUARDED], ".xlsx", ""))
    if with_:
        with zipfile.ZipFile(whole, "a", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(with_, data)
    return whole.getvalue()


GROWING = '<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><a>&d;</a>'


def an_ods_file(content: bytes) -> bytes:
    return zipped(**{"mimetype": archive.ODS_TYPE, "content.xml": content})


def locked(data: bytes) -> bytes:
    """The same zip file with the mark of a password at each part."""
    found = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = found.find(signature)
        while at >= 0:
            found[at + offset] |= 1
            at = found.find(signature, at + 1)
    return bytes(found)


FILES: list[tuple[str, str, Callable[[], bytes], str]] = [
    ("nothing", "map.csv", lambda: b"", "the file is empty"),
    ("only spaces", "map.csv", lambda: b" \r\n\r\n", "the file is empty"),
    ("an empty workbook", "map.xlsx", lambda: b"", "the file is empty"),
    ("a workbook without cells", "map.xlsx", lambda: blank_workbook(), "row 1 does not have the names"),
    ("only a head", "map.csv", lambda: csv_sheet.written(as_table([])), "there is nothing in it"),
    ("text called Excel", "map.xlsx", lambda: csv_sheet.written(as_table([])), "the file is plain text"),
    ("Excel called CSV", "map.csv", an_excel_file, "the file is an Excel workbook; .*give it the ending .xlsx"),
    ("Excel called ODS", "map.ods", an_excel_file, "the file is an Excel workbook"),
    ("ODS called Excel", "map.xlsx", lambda: outgoing([GUARDED], ".ods", ""), "the file is an OpenDocument sheet"),
    ("old Excel", "map.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "old Excel workbook .* password"),
    ("a web page", "map.csv", lambda: b"<html><table>", "the file is a web page"),
    ("another zip file", "map.xlsx", lambda: zipped(readme=b"x"), "the file is a zip file, and no sheet"),
    ("half a workbook", "map.xlsx", lambda: an_excel_file()[:2000], "the file is a zip file, and no sheet"),
    ("a workbook with a password", "map.xlsx", lambda: locked(an_excel_file()), "damaged or locked"),
    ("nonsense in a workbook", "map.xlsx", lambda: zipped(**{"xl/workbook.xml": b"<a"}), "the file is damaged"),
    ("a zip bomb", "map.xlsx", lambda: an_excel_file("xl/x.xml", bytes(archive.MOST_UNPACKED)), "the file is too large"),
    ("too many cells", "map.xlsx", lambda: an_excel_file("xl/x.xml", b"<c/>" * (archive.MOST_CELLS + 1)), "the file is too large"),
    ("a document type", "map.xlsx", lambda: an_excel_file("xl/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "document type"),
    ("entities that grow, in UTF-16", "map.ods", lambda: an_ods_file(GROWING.encode("utf-16")), "is not UTF-8"),
    ("no sheet at all", "map.ods", lambda: an_ods_file(b"<a/>"), "it has no sheet"),
    ("too many bytes", "map.csv", lambda: b"a;" * sheet.MOST_BYTES, "the file has 20,000,000 bytes"),
    ("Windows-1252", "map.csv", lambda: "section;id;name\nnummers;x;Café één".encode("cp1252"), "line 2 is not UTF-8 .near.*Café.*Windows-1252"),
    ("UTF-8 read as Windows-1252", "map.csv", lambda: "section;id\nnummers;CafÃ©".encode(), "'CafÃ©', which once was 'Café'"),
    ("an open quote", "map.csv", lambda: b'section;id\nnummers;"x', "row 2 cannot be read"),
    ("zero bytes", "map.csv", lambda: b"section;id\nnum\0mers;x", "zero bytes"),
    ("another ending", "map.docx", lambda: b"x", "ending '.docx' is not known; expected .csv, .xlsx, .ods, .json"),
    ("no HSDS", "map.json", lambda: b'{"contents": 1}', "contents"),
    ("no JSON", "map.json", lambda: b"{", "it cannot be read"),
]  # fmt: skip


def blank_workbook() -> bytes:
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    return file.getvalue()


@pytest.mark.parametrize(("name", "make", "said"), [case[1:] for case in FILES], ids=[case[0] for case in FILES])
def test_a_file_that_is_no_map(name: str, make: Callable[[], bytes], said: str, town: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(make())
    lines = refusal(tmp_path / name, town)
    assert re.search(said, lines[0], re.DOTALL), lines


def test_a_cell_far_away_and_rows_without_end(tmp_path: Path) -> None:
    far = as_excel(tmp_path / "map.xlsx", [["id"]], lambda page: page.__setitem__("B1048576", "x"))
    with pytest.raises(archive.NotReadable, match="cell B1048576, far from the rest"):
        workbook.read(far.read_bytes())
    endless = outgoing([GUARDED], ".ods", "")
    with zipfile.ZipFile(io.BytesIO(endless)) as packed:
        xml = packed.read("content.xml").decode()
    row = '<table:table-row table:number-rows-repeated="1048570"'
    blank = f'{row}><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
    full = xml.replace("<table:table-row>", f"{row}>", 1).encode()
    assert len(ods_reading.read(an_ods_file(xml.replace("</table:table>", blank).encode()))["kaart"].rows) == 2
    with pytest.raises(archive.NotReadable, match="more than"):
        ods_reading.read(an_ods_file(full))


# ---- what is written


def change(folder: Path, id_: str, **fields: Any) -> list[Record]:
    """One thing with other values; None takes a field out."""
    (record,) = (record for record in records(folder) if record.id == id_)
    values = {name: value for name, value in {**record.values, **fields}.items() if value is not None}
    return [Record(record.section, values)]


def test_only_what_changed_is_written_and_its_comments_stay(town: Path) -> None:
    path = town / "nummers" / "geldlijn.yml"
    text = path.read_text("utf-8").replace("id: geldlijn\n", "# Gebeld op maandag.\nid: geldlijn\n")
    text = text.replace("urgent:", "# Nog vragen.\nurgent:").replace("hours:", "# Kloppen ze?\nhours:")
    path.write_text(text, "utf-8")
    before = {file: (file.stat().st_ino, file.stat().st_mtime_ns) for file in town.rglob("*.yml") if file != path}
    fields = {"address": "= Plein 1: hoek", "whatsapp": "0999-000 26", "hours": "24/7", "urgent": None}
    replace(town, change(town, "geldlijn", **fields))
    assert {file: (file.stat().st_ino, file.stat().st_mtime_ns) for file in before} == before
    after = path.read_text("utf-8")
    assert after.startswith(f"{FIRST_LINE}\n# Gebeld op maandag.\nid: geldlijn\n")
    assert '\nphone: "0999-000 07"\nwhatsapp: "0999-000 26"\naddress: "= Plein 1: hoek"\nurl:' in after
    assert "independent: false\n# Nog vragen.\nremoves:" in after
    assert set(text.splitlines()) - set(after.splitlines()) == {"urgent: false", 'hours: "Mo-Fr 09:00-21:00; PH off"'}
    assert '\n# Kloppen ze?\nhours: "24/7"\nholidays:' in after


def test_a_thing_is_added_moved_and_removed(town: Path) -> None:
    new = Record("nummers", {**change(town, "geldlijn")[0].values, "id": "0202"})
    moved = [Record("loketten", change(town, "rechtenlijn")[0].values)]
    changes = replace(town, [new, *moved])
    assert [record.id for record in changes.added] == ["0202"] and not changes.removed
    assert (town / "nummers" / "0202.yml").read_text("utf-8").startswith(f'{FIRST_LINE}\nid: "0202"\nname: Geldlijn')
    assert (town / "loketten" / "rechtenlijn.yml").is_file() and not (town / "nummers" / "rechtenlijn.yml").exists()
    kept = [record for record in records(town) if record.id != "0202"]
    assert [record.id for record in replace(town, kept, remove=True).missing] == ["0202"]
    assert not (town / "nummers" / "0202.yml").exists()


def test_a_map_that_would_not_be_in_order_is_not_put_in_force(town: Path) -> None:
    before = content(town)
    with pytest.raises(DirectoryErrors) as errors:
        replace(town, change(town, "geldlijn", hours="altijd", topics=["etten"]))
    assert content(town) == before
    assert {mistake.path for mistake in errors.value.mistakes} == {town.resolve() / "nummers" / "geldlijn.yml"}


def replaced_until(last: int, town: Path, wanted: list[Record]) -> list[str]:
    """Replaces in a process of its own that is killed at its step `last`, and gives the steps that it came to."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        count = 0

        def step(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal count
            if event.split(".")[0] in ("open", "os", "shutil", "ctypes"):
                count += 1
                os.write(write, f"{event}\n".encode())
                if count == last:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(step)
        try:
            replace(town, wanted)
        finally:
            os._exit(0)
    os.close(write)
    with open(read, encoding="utf-8") as steps:
        told = steps.read().split()
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1]) == (last > 0)
    return told


def test_a_kill_at_any_step_leaves_the_old_map_or_the_new(tmp_path: Path) -> None:
    town = Path(shutil.copytree(GEMEENTEN / "voorbeeldstad", tmp_path / "voorbeeldstad"))
    old = content(town)
    wanted = [*change(town, "geldlijn", note="nieuw"), *change(town, "rechtenlijn", note="nieuw")]
    replace(town, wanted)
    new = content(town)
    back = [*change(town, "geldlijn", note=None), *change(town, "rechtenlijn", note=None)]
    replace(town, back)
    steps = replaced_until(0, town, wanted)
    exchanged = max(number for number, step in enumerate(steps, start=1) if step.startswith("ctypes"))
    seen = []
    for last in (1, *range(90, exchanged, 120), *range(exchanged - 2, exchanged + 4), len(steps)):
        replace(town, back)
        replaced_until(last, town, wanted)
        assert content(town) in (old, new), f"killed at step {last}, {steps[last - 1]}"
        seen.append(content(town) == new)
    assert seen == sorted(seen) and set(seen) == {False, True}
    assert records(town) and load(town)
    replace(town, [])
    assert [path.name for path in tmp_path.iterdir()] == ["voorbeeldstad"]


def test_where_folders_cannot_be_exchanged_the_old_one_is_found_again(town: Path) -> None:
    before = content(town)
    swap.staged(town)
    os.rename(town, swap.old_of(town))  # as far as `in_two_steps` comes before a power cut
    assert run(town, "check") == 0
    assert content(town) == before and not swap.staging_of(town).exists()
    staging = swap.staged(town)
    (staging / "nummers" / "geldlijn.yml").unlink()
    swap.in_two_steps(town)
    assert content(town).keys() == before.keys() - {"nummers/geldlijn.yml"}


def test_two_imports_at_once(town: Path, tmp_path: Path, capsys: Any) -> None:
    file = as_csv(tmp_path / "map.csv", table_of(town))
    with swap.alone(town.resolve()):
        assert run(town, "import", file) == 2
    assert "another import is under way" in capsys.readouterr().err
    assert run(town, "import", file) == 0


# ---- the commands


def test_from_export_to_diff_to_import(town: Path, tmp_path: Path, capsys: Any) -> None:
    for ending in (*SHEETS, ".json"):
        file = tmp_path / f"map{ending}"
        assert run(town, "export", file) == 0
        assert run(town, "diff", file) == 0
        assert "27 things of Voorbeeldstad\n0 added, 0 changed, 0 not in the file" in capsys.readouterr().out
    table = table_of(town)
    row, column = place(table, "geldlijn", "say.nl")
    table[row][column] = "Help mij."
    new = [*table[row]]
    new[1:3] = ["geldlijn-twee", ""]
    del table[place(table, "werkplein", "id")[0]]
    file = as_csv(tmp_path / "map.csv", [*table, new])
    assert run(town, "diff", file) == 1
    told = capsys.readouterr().out
    assert "+ nummers/geldlijn-twee: Geldlijn Voorbeeldstad\n" in told
    assert (
        '~ nummers/geldlijn: Geldlijn Voorbeeldstad\n    say.nl: "Ik heb zorgen over geld. Wat kan ik doen?" -> "Help mij."'
        in told
    )
    assert "= loketten/werkplein: Werkplein (not in the file: stays (see --remove))" in told
    assert len(records(town)) == 27
    assert run(town, "import", file) == 0
    assert capsys.readouterr().out == told
    assert run(town, "import", "--remove", file) == 0
    assert "- loketten/werkplein: Werkplein (not in the file: removed)" in capsys.readouterr().out
    assert run(town, "diff", file) == 0 and run(town, "check") == 0
    assert "voorbeeldstad: in order; 27 things, 26 of them shown to residents" in capsys.readouterr().out


def test_check_tells_every_mistake_with_its_line(town: Path, capsys: Any) -> None:
    path = town / "nummers" / "geldlijn.yml"
    path.write_text(
        path.read_text("utf-8").replace("[geld]", "[gelt]").replace("urgent: false", "urgent: soms"), "utf-8"
    )
    assert run(town, "check") == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line for line in lines if re.search(r"geldlijn.yml:5: topics\[0\] is 'gelt'; .*did you mean 'geld'", line)]
    assert len(lines) == 2
    assert run(town, "export", town / "map.xlsx") == 1
    assert not (town / "map.xlsx").exists()


def outside(town: Path) -> Iterator[tuple[tuple[str | Path, ...], str]]:
    yield ("export", town / "map.docx"), "ending '.docx' is not known"
    yield ("export", town / "nowhere" / "map.csv"), "No such file or directory"
    yield ("import", town / "map.csv"), "map.csv: it cannot be opened"
    yield ("diff", town / "map.csv"), "map.csv: it cannot be opened"


def test_what_cannot_be_done_is_said(town: Path, capsys: Any) -> None:
    for arguments, said in outside(town):
        assert run(town, *arguments) == 2
        assert said in capsys.readouterr().err
    assert run(town.parent / "atlantis", "check") == 2
    assert "atlantis: no such folder" in capsys.readouterr().err
