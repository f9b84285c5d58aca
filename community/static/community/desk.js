// The desk works without this: keys for the buttons that show one, and the words of a reason where it is chosen.
(function () {
  "use strict";

  function isTyping(target) {
    return target.closest("input, textarea, select, [contenteditable]") !== null;
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
    if (!/^[aerdnhtg]$/i.test(event.key)) return;
    var control = document.querySelector('.desk [data-key="' + event.key.toLowerCase() + '"]');
    if (control) {
      event.preventDefault();
      control.click();
    }
  });

  document.querySelectorAll(".desk select[name=reason]").forEach(function (select) {
    var message = select.form.elements.message;
    var filled = "";
    select.addEventListener("change", function () {
      var words = select.selectedOptions[0].dataset.text || "";
      if (message.value === "" || message.value === filled) message.value = filled = words;
    });
  });

  // What is open and used stays with who holds it: a sign of life each minute, none from a window that is left alone.
  var lease = document.querySelector(".desk [data-heartbeat]");
  if (lease && window.fetch) {
    var words = lease.querySelector("[data-lease-words]");
    var token = document.querySelector(".desk input[name=csrfmiddlewaretoken]").value;
    var used = Date.now();
    ["keydown", "pointerdown", "scroll", "input"].forEach(function (name) {
      document.addEventListener(name, function () { used = Date.now(); }, { passive: true });
    });
    var beat = window.setInterval(function () {
      if (document.hidden || Date.now() - used > 600000) return;
      window.fetch(lease.dataset.heartbeat, { method: "POST", headers: { "X-CSRFToken": token } }).then(function (answer) {
        if (answer.status !== 409) return;
        window.clearInterval(beat);
        return answer.json().then(function (said) { words.textContent = said.words; lease.classList.add("note", "is-warn"); });
      }).catch(function () {});
    }, 60000);
  }

  // A panel that opens takes the focus, so that a keyboard goes on where the eye is.
  window.addEventListener("hashchange", function () {
    var panel = document.querySelector(".desk .decision:target");
    var first = panel && panel.querySelector("select, input:not([type=hidden]), textarea");
    if (first) first.focus();
  });
})();
