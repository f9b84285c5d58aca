// Keeps the badge of the menu and the lines of the queue true while a page stays open; without it they are as loaded.
(function () {
  "use strict";

  // Only the menu of those who moderate has the entry: nobody else's page asks anything.
  var entry = function () { return document.querySelector('.sidebar a[href$="/moderation/"]'); };
  var shown = function () { return Array.prototype.slice.call(document.querySelectorAll("[data-live]")); };
  var failures = 0;

  function tell(answer) {
    var label = entry() && entry().querySelector(".menuitem-label");
    if (label && label.textContent !== answer.label) label.textContent = answer.label;
    var news = document.querySelector("[data-live-news]");
    if (news && answer.news) {
      news.hidden = false;
      var words = news.querySelector("[data-live-words]");
      if (words.textContent !== answer.news) words.textContent = answer.news;
    }
    shown().forEach(function (line) {
      var now = answer.items[line.dataset.live];
      if (!now) return;
      line.classList.toggle("is-others", now.others || now.gone);
      var badge = line.querySelector("[data-live-badge]");
      if (!badge) return;
      badge.hidden = !now.words;
      if (badge.textContent !== now.words) badge.textContent = now.words;
      var tick = line.querySelector("input[type=checkbox]");
      if (tick && (now.others || now.gone)) { tick.checked = false; tick.disabled = true; }
    });
  }

  function ask() {
    if (document.hidden || !entry() || failures > 5) return;
    var items = shown().map(function (line) { return line.dataset.live; });
    var waiting = document.querySelector("[data-live-news]");
    var address = entry().getAttribute("href") + "live/?items=" + items.join(",") + (waiting ? "&waiting=" + waiting.dataset.liveNews : "");
    window.fetch(address, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      return answer.json();
    }).then(function (answer) { failures = 0; tell(answer); }).catch(function () { failures += 1; });
  }

  if (!window.fetch) return;
  window.setInterval(ask, 30000);
  document.addEventListener("visibilitychange", ask);
})();
