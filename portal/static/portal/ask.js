// Suggests answers while the question's title is typed. Without this script the first send shows them.
(() => {
  const form = document.querySelector("#ask");
  const title = form?.elements.title;
  const place = document.querySelector("#suggestions");
  const count = document.querySelector("#suggestions-count");
  if (!title || !place || !count) return;
  let timer, request;

  const field = (item, name) => item.querySelector(`[name=${name}]`);
  const answered = (item) => field(item, "opened")?.checked || field(item, "because").value.trim();

  // What was shown for an earlier title travels on; what was opened or answered stays in sight.
  const show = (html) => {
    const before = [...place.querySelectorAll("[data-key]")];
    const piece = document.createRange().createContextualFragment(html);
    const now = new Map([...piece.querySelectorAll("[data-key]")].map((item) => [item.dataset.key, item]));
    const left = [];
    for (const item of before) {
      const same = now.get(item.dataset.key);
      if (!same) {
        left.push(item);
        continue;
      }
      field(same, "shown").value = field(item, "shown").value;
      field(same, "because").value = field(item, "because").value;
      if (field(item, "opened")?.checked) Object.assign(field(same, "opened"), { checked: true, value: field(item, "opened").value });
    }
    const list = piece.querySelector("ul");
    for (const item of left) item.hidden = !(list && item.matches("li") && answered(item));
    place.replaceChildren(piece);
    for (const item of place.querySelectorAll("li")) item.querySelector("details").open = !!answered(item);
    for (const item of left) (item.hidden ? place : list).append(item);
    count.textContent = place.querySelector("[data-count]")?.dataset.count ?? "";
    if (now.size) form.elements.suggestions_seen.value = "1";
  };

  const ask = async () => {
    request?.abort();
    const words = title.value.trim();
    if (words.length < 8) return show("");
    request = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.similar}?q=${encodeURIComponent(words)}`, { signal: request.signal, redirect: "manual" });
      if (answer.ok) show(await answer.text());
    } catch {
      // The line is weak or a newer request is under way: the first send shows them.
    }
  };

  title.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 400);
  });
  const look = (event) => {
    const tick = event.target.closest("#suggestions a") && field(event.target.closest("[data-key]"), "opened");
    if (!tick || tick.checked) return;
    tick.closest("details").open = true;
    tick.checked = true;
    tick.value = `${tick.value} ${Date.now()}`;
    tick.dispatchEvent(new Event("input", { bubbles: true }));
  };
  place.addEventListener("click", look);
  place.addEventListener("auxclick", look);
  if (title.value && !place.querySelector("li")) ask();
})();
