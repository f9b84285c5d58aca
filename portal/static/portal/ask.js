// Suggests answers while the question's title is typed. Without this script the first send shows them.
(() => {
  const form = document.querySelector("#ask");
  const title = form?.elements.title;
  const place = document.querySelector("#suggestions");
  const frame = document.querySelector("#suggestions-frame");
  if (!title || !place || !frame) return;
  let timer, request;

  const show = (suggestions) => {
    place.replaceChildren();
    if (!suggestions.length) return;
    const section = frame.content.cloneNode(true);
    const list = section.querySelector("ul");
    for (const { title: words, url, kind } of suggestions) {
      const item = document.createElement("li");
      const label = document.createElement("span");
      const link = document.createElement("a");
      label.className = "small muted";
      label.textContent = kind;
      Object.assign(link, { href: url, target: "_blank", rel: "noopener", textContent: words });
      item.append(label, link);
      list.append(item);
    }
    place.append(section);
    form.elements.suggestions_seen.value = "1";
  };

  const ask = async () => {
    request?.abort();
    const words = title.value.trim();
    if (words.length < 8) return show([]);
    request = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.suggest}&q=${encodeURIComponent(words)}`, { signal: request.signal });
      if (answer.ok) show((await answer.json()).suggestions);
    } catch {
      // The line is weak or a newer request is under way: the first send shows them.
    }
  };

  title.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 400);
  });
})();
