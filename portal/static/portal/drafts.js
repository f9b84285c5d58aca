// Keeps a form as a draft while it is typed. Without this script a button does.
(() => {
  const note = document.querySelector("[data-draft]");
  const form = note?.closest("form");
  if (!form) return;
  const soon = 3000, later = 15000;
  let timer, request, dirty = false, sending = false;

  const say = (words, link, linkWords) => {
    if (note.firstChild?.data === words && !link) return; // a screen reader hears a change only
    note.replaceChildren(words);
    if (!link) return;
    const onward = document.createElement("a");
    Object.assign(onward, { href: link, target: "_blank", rel: "noopener", textContent: linkWords });
    note.append(" ", onward);
  };

  const typed = () => {
    const data = new FormData(form);
    data.set("keep", "quietly");
    data.set("draft_step", Date.now());
    return data;
  };

  const plan = (wait) => {
    timer ??= setTimeout(save, wait);
  };

  const save = async () => {
    timer = undefined;
    if (!dirty || sending || request) return;
    dirty = false;
    let wait = soon;
    request = new AbortController();
    try {
      const answer = await fetch(form.action, { method: "POST", body: typed(), redirect: "manual", signal: request.signal });
      if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
        const told = await answer.json();
        say(told.words, told.link, told.link_words);
        if (answer.status === 429) [dirty, wait] = [true, later];
      } else say(answer.status < 500 ? note.dataset.failed : note.dataset.offline);
    } catch {
      if (sending) return;
      [dirty, wait] = [true, later];
      say(note.dataset.offline);
    } finally {
      request = undefined;
      if (dirty) plan(wait);
    }
  };

  const leave = () => {
    if (!dirty || sending) return;
    const data = typed();
    if (!navigator.sendBeacon(form.action, data)) fetch(form.action, { method: "POST", body: data, keepalive: true }).catch(() => {});
  };

  form.addEventListener("input", () => {
    dirty = true;
    plan(soon);
  });
  addEventListener("online", () => {
    clearTimeout(timer);
    save();
  });
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  addEventListener("pageshow", () => {
    sending = false;
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== form && !event.target.matches("[data-drop]")) return;
    form.elements.draft_step.value = Date.now();
    sending = true;
    clearTimeout(timer);
    timer = undefined;
    request?.abort();
  });
})();
