// Suggests entries while a search is typed: the combobox of the ARIA practices. Without it the form searches as ever.
(() => {
  const make = (tag, attributes, words = "") => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.textContent = words;
    return node;
  };

  document.querySelectorAll("form[role=search][data-suggest]").forEach((form, number) => {
    const input = form.elements.q;
    const list = make("ul", { class: "sugg", role: "listbox", id: `sugg-${number}`, "aria-label": form.dataset.label });
    const status = make("span", { class: "sr", role: "status" });
    const state = (name, value) => input.setAttribute(`aria-${name}`, value);
    let timer, request, current = -1;

    // A search box may not be a combobox; a text box that says "search" on the keyboard may.
    for (const [name, value] of Object.entries({ type: "text", enterkeyhint: "search", autocomplete: "off", role: "combobox" }))
      input.setAttribute(name, value);
    state("autocomplete", "list");
    state("controls", list.id);
    state("expanded", false);
    list.hidden = true;
    form.append(list, status);

    const move = (to) => {
      list.children[current]?.setAttribute("aria-selected", false);
      current = to;
      const option = list.children[to];
      option?.setAttribute("aria-selected", true);
      option?.scrollIntoView({ block: "nearest" });
      state("activedescendant", option ? option.id : "");
    };

    const show = (suggestions, words = "") => {
      move(-1);
      list.replaceChildren(...suggestions.map(({ title, url, kind, language }, index) => {
        const option = make("li", { id: `${list.id}-${index}`, role: "option", "aria-selected": false, "data-url": url });
        option.append(make("span", { lang: language }, title), make("small", { class: "muted" }, kind));
        return option;
      }));
      list.hidden = !suggestions.length;
      state("expanded", !list.hidden);
      status.textContent = words;
    };

    const close = () => {
      clearTimeout(timer);
      request?.abort();
      show([]);
    };

    const ask = async () => {
      const words = input.value.trim();
      if (words.length < 3) return show([]);
      request = new AbortController();
      try {
        const answer = await fetch(`${form.dataset.suggest}?format=json&limit=8&q=${encodeURIComponent(words)}`, { signal: request.signal });
        const { suggestions, count } = await answer.json();
        show(suggestions, count);
      } catch (error) {
        if (error.name !== "AbortError") show([]); // a weak line: the form still searches
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      request?.abort();
      timer = setTimeout(ask, 250);
    });

    input.addEventListener("keydown", (event) => {
      const { length } = list.children;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.isComposing) return;
      if (step && length) move(((current + 1 + step + length + 1) % (length + 1)) - 1);
      else if (event.key === "Escape" && length) close();
      else if (event.key === "Enter" && current >= 0) location.assign(list.children[current].dataset.url);
      else return;
      event.preventDefault();
    });

    // The list is no place of its own: a press on it leaves the focus in the box, leaving the box closes it.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("li");
      if (option) location.assign(option.dataset.url);
    });
    input.addEventListener("blur", close);
  });
})();
