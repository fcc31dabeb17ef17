/* Tables that sort by any of their columns: a press on a head sorts upwards, the next downwards,
   the third gives back the order of the report. Without this script they stand as they are. */

"use strict";

(() => {
  const MISSING = new Set(["", "–", "—", "…"]);
  const SCALES = { thousand: 1e3, million: 1e6, billion: 1e9 };
  const MONTHS = "January February March April May June July August September October November December".split(" ");
  const DATE = new RegExp(`(?:(\\d{1,2}) )?(${MONTHS.join("|")})(?:[–-][A-Z]\\w+)? (\\d{4})`);
  const FIGURE = /[+−-]?\d[\d\u00a0\u202f]*(?:\.\d+)?/;
  const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  const textOf = (row, column) => row.cells[column].textContent.trim().replace(/\s*\n\s*/g, " ");

  function day(text) {
    const found = DATE.exec(text);
    if (!found) return /^\d{4}$/.test(text) ? Number(text) * 1e4 : NaN;
    return Number(found[3]) * 1e4 + (MONTHS.indexOf(found[2]) + 1) * 100 + Number(found[1] ?? 0);
  }

  function figure(text) {
    const found = FIGURE.exec(text);
    if (!found || found.index > 12) return NaN; // "about 300", "up to 2.2", not a year in a sentence
    const scale = /^[\s\u00a0\u202f]*(thousand|million|billion)\b/.exec(text.slice(found.index + found[0].length));
    const digits = found[0].replace(/[\u00a0\u202f]/g, "").replace("−", "-");
    return Number(digits) * (scale ? SCALES[scale[1]] : 1);
  }

  /* How the cells of a column are put in order: as days, as figures, else as words. */
  function keys(rows, column) {
    const texts = rows.map((row) => textOf(row, column));
    const told = texts.filter((text) => !MISSING.has(text));
    for (const read of [day, figure]) {
      const values = texts.map((text) => (MISSING.has(text) ? NaN : read(text)));
      if (told.length && values.filter((value) => !Number.isNaN(value)).length === told.length) {
        return { values, compare: (a, b) => a - b, isMissing: Number.isNaN };
      }
    }
    return { values: texts, compare: words.compare, isMissing: (text) => MISSING.has(text) };
  }

  function sort(body, original, column, direction) {
    const { values, compare, isMissing } = keys(original, column);
    const order = original.map((row, at) => ({ row, at, value: values[at] }));
    order.sort((a, b) => {
      const gone = isMissing(a.value) - isMissing(b.value); // what was not found stands last
      return gone || direction * (isMissing(a.value) ? 0 : compare(a.value, b.value)) || a.at - b.at;
    });
    body.append(...order.map((each) => each.row));
  }

  for (const table of document.querySelectorAll("table.report-table:not(.annex)")) {
    const [head, body] = [table.tHead, table.tBodies[0]];
    if (!head || !body || body.rows.length < 3) continue;
    const original = [...body.rows];
    const heads = [...head.rows[0].cells];
    heads.forEach((cell, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.title = "Sort by this column";
      const inner = cell.querySelector("p") ?? cell;
      button.append(...inner.childNodes);
      inner.append(button);
      button.addEventListener("click", () => {
        const before = cell.getAttribute("aria-sort");
        for (const other of heads) other.removeAttribute("aria-sort");
        if (before === "descending") return body.append(...original);
        cell.setAttribute("aria-sort", before ? "descending" : "ascending");
        return sort(body, original, column, before ? -1 : 1);
      });
    });
  }
})();
