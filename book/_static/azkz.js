/* The card of a number: shows the page's own template beside the link to the number's row.
   Nothing is fetched and nothing is needed: without this script the links lead to the annex. */

"use strict";

(() => {
  const OPEN_AFTER = 200; // ms: the pointer rests on the link, it does not just cross it
  const CLOSE_AFTER = 300; // ms: the pointer may cross the gap between link and card
  const GAP = 6; // px between link and card
  const EDGE = 8; // px between card and window

  const templates = new Map();
  for (const template of document.querySelectorAll("template[data-card]")) {
    templates.set(template.dataset.card, template);
  }
  if (!templates.size) return;

  const inTopLayer = typeof HTMLElement.prototype.showPopover === "function";
  let open = null; // the link whose card is shown
  let card = null;
  let timer = 0;
  let touched = false; // what was pressed last is the screen, not a mouse or a key
  let returning = false; // the focus comes back to the link: no reason to open the card again

  const linkAt = (node) => {
    const link = node instanceof Element ? node.closest("a.number[data-number]") : null;
    return link && templates.has(link.dataset.number) ? link : null;
  };
  const isInside = (node) =>
    Boolean(open && node instanceof Node && (open.contains(node) || card.contains(node)));

  for (const link of document.querySelectorAll("a.number[data-number]")) {
    if (linkAt(link)) link.setAttribute("aria-expanded", "false");
  }

  function make(link) {
    const made = document.createElement("span");
    made.id = "number-card";
    made.className = "number-card";
    made.setAttribute("role", "group");
    // Focusable by a press on its text, so that the press does not take the focus out of the card.
    made.tabIndex = -1;
    made.append(templates.get(link.dataset.number).content.cloneNode(true));
    made.setAttribute("aria-label", `About ${made.querySelector(".card-label").textContent}`);
    return made;
  }

  function show(link) {
    clearTimeout(timer);
    if (open === link) return;
    hide();
    open = link;
    card = make(link);
    // Next to the link, so that Tab and a screen reader come to it next. Outside the top layer a
    // frame that scrolls would cut the card off.
    const before = inTopLayer ? link : link.closest(".table-frame") ?? link;
    before.after(card);
    if (inTopLayer) {
      card.popover = "manual";
      card.showPopover();
    }
    link.setAttribute("aria-expanded", "true");
    link.setAttribute("aria-controls", card.id);
    place();
  }

  function hide() {
    if (!open) return;
    const [link, gone] = [open, card];
    // First forgotten, then removed: to remove what has the focus is an event as well.
    open = card = null;
    link.setAttribute("aria-expanded", "false");
    link.removeAttribute("aria-controls");
    gone.remove();
  }

  function dismiss() {
    const link = open;
    const hadFocus = card.contains(document.activeElement);
    hide();
    if (!hadFocus) return;
    returning = true;
    link.focus({ preventScroll: true });
    returning = false;
  }

  function place() {
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const at = open.getBoundingClientRect();
    const above = at.top - GAP - EDGE;
    const below = height - at.bottom - GAP - EDGE;
    card.style.maxHeight = "";
    const isBelow = card.offsetHeight <= below || below >= above;
    card.style.maxHeight = `${Math.max(isBelow ? below : above, 96)}px`;
    const top = isBelow ? at.bottom + GAP : at.top - GAP - card.offsetHeight;
    const left = Math.min(at.left, width - EDGE - card.offsetWidth);
    card.style.top = `${Math.max(EDGE, top)}px`;
    card.style.left = `${Math.max(EDGE, left)}px`;
  }

  // The window may have scrolled past the link, or the frame of its table.
  function isInView(link) {
    const at = link.getBoundingClientRect();
    const frame = link.closest(".table-frame")?.getBoundingClientRect();
    const height = document.documentElement.clientHeight;
    return (
      at.bottom > 0 && at.top < height &&
      (!frame || (at.right > frame.left && at.left < frame.right))
    );
  }

  function follow(event) {
    if (!open || card.contains(event.target)) return;
    if (isInView(open)) place();
    else dismiss();
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = linkAt(event.target);
    if (isInside(event.target)) clearTimeout(timer);
    else if (link) {
      clearTimeout(timer);
      timer = setTimeout(show, OPEN_AFTER, link);
    }
  });

  document.addEventListener("pointerout", (event) => {
    if (event.pointerType === "touch" || isInside(event.relatedTarget)) return;
    if (linkAt(event.target) || isInside(event.target)) {
      clearTimeout(timer);
      if (open && !isInside(document.activeElement)) timer = setTimeout(hide, CLOSE_AFTER);
    }
  });

  document.addEventListener("focusin", (event) => {
    const link = linkAt(event.target);
    if (link && !returning && !touched && link.matches(":focus-visible")) show(link);
  });

  document.addEventListener("focusout", (event) => {
    if (isInside(event.target) && !isInside(event.relatedTarget)) hide();
  });

  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
    if (open && !isInside(event.target)) hide();
  });

  document.addEventListener("click", (event) => {
    const link = linkAt(event.target);
    if (!link || !touched || link === open) return;
    event.preventDefault();
    show(link);
  });

  document.addEventListener("keydown", (event) => {
    touched = false;
    if (event.key !== "Escape") return;
    clearTimeout(timer);
    if (open) dismiss();
  });

  document.addEventListener("scroll", follow, { capture: true, passive: true });
  window.addEventListener("resize", follow);
  window.addEventListener("pagehide", hide);
})();
