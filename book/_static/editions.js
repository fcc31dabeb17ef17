/* Other editions: puts them into the list of the page's header and says above the text when it is
   not the newest edition that is read. Which there are is read from editions.json, beside the
   folders of all editions. Without this script, or without that file, the plain links to the list
   of editions stay as they are. */

"use strict";

(() => {
  const MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
  ];

  const nav = document.querySelector("nav.edition-switch");
  // A page that is opened from disk may not read other files.
  if (!nav || !location.protocol.startsWith("http")) return;

  const { edition: name, page } = nav.dataset;
  const disclosure = nav.querySelector("details");
  const root = new URL(document.documentElement.dataset.content_root, location.href);
  const site = new URL("../", root);
  const links = new Map(); // each link to another edition, with that edition

  function known(edition) {
    const [year, month, day] = edition.as_of.split("-").map(Number);
    return `as known on ${day}\u00a0${MONTHS[month - 1]} ${year}`;
  }

  const hasPage = (edition) => edition.pages.includes(page);

  // The same page, at the same place; ids that Sphinx has counted may stand elsewhere.
  function address(edition) {
    if (!hasPage(edition)) return new URL(`${edition.edition}/index.html`, site).href;
    const found = new URL(`${edition.edition}/${page}`, site);
    found.search = location.search;
    found.hash = /^#id\d+$/.test(location.hash) ? "" : location.hash;
    return found.href;
  }

  function make(tag, className, ...content) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...content);
    return made;
  }

  function linkTo(edition, ...words) {
    const link = make("a", "", ...words);
    links.set(link, edition);
    return link;
  }

  // The place in the page may have changed since the links were made.
  function aim() {
    for (const [link, edition] of links) link.href = address(edition);
  }

  function item(edition) {
    const words = `${edition.edition}${edition.newest ? ", newest" : ""}`;
    const corrected = edition.corrected_by ? `, corrected by ${edition.corrected_by}` : "";
    const day = make("span", "edition-known", `${known(edition)}${corrected}`);
    if (edition.edition !== name) return make("li", "", linkTo(edition, words, " ", day));
    const own = make("span", "edition-own", words, " ", day);
    own.setAttribute("aria-current", "true");
    return make("li", "", own);
  }

  function same(edition, what) {
    if (hasPage(edition)) return [linkTo(edition, `Same page in ${what}, ${edition.edition}`), ". "];
    const named = `${what[0].toUpperCase()}${what.slice(1)}`;
    return [linkTo(edition, `${named}, ${edition.edition}`), ", has no such page. "];
  }

  // What to say above the text: nothing in the newest edition, unless it corrects another.
  function note(own, all) {
    const by = (wanted) => all.find((edition) => edition.edition === wanted);
    const newest = all.find((edition) => edition.newest);
    const said = [];
    if (!own.newest && newest.edition !== own.corrected_by) {
      said.push(`You read the report ${known(own)}. `, ...same(newest, "the newest edition"));
    }
    if (by(own.corrected_by)) {
      said.push("This edition was corrected. ", ...same(by(own.corrected_by), "the correction"));
    }
    if (by(own.corrects)) {
      said.push("This edition corrects ", linkTo(by(own.corrects), own.corrects), ".");
    }
    return said;
  }

  function show(all) {
    const list = make("ul", "", ...[...all].reverse().map(item));
    nav.querySelector(".edition-list").prepend(list);
    const own = all.find((edition) => edition.edition === name);
    const place = document.querySelector(".edition-note");
    if (own && place) {
      const said = note(own, all);
      place.querySelector("p").replaceChildren(...said);
      place.hidden = !said.length;
    }
    // Who comes to the middle of a page does not see the note.
    if (own && !own.newest) {
      nav.querySelector("summary .edition-known").before(make("span", "edition-older", "older, "));
    }
    aim();
    window.addEventListener("hashchange", aim);
    disclosure.addEventListener("toggle", aim);
  }

  function close({ refocus }) {
    if (!disclosure.open) return;
    disclosure.open = false;
    if (refocus) disclosure.querySelector("summary").focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close({ refocus: nav.contains(document.activeElement) });
  });
  document.addEventListener("pointerdown", (event) => {
    if (!disclosure.contains(event.target)) close({ refocus: false });
  });
  nav.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !nav.contains(event.relatedTarget)) close({ refocus: false });
  });
  window.addEventListener("pagehide", () => close({ refocus: false }));

  fetch(new URL("editions.json", site), { cache: "no-cache" })
    .then((answer) => (answer.ok ? answer.json() : []), () => [])
    .then((all) => { if (all.length) show(all); });
})();
