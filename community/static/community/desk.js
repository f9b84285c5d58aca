// The desk works without this: keys for the buttons that show one, and the words of a reason where it is chosen.
(function () {
  "use strict";

  function isTyping(target) {
    return target.closest("input, textarea, select, [contenteditable]") !== null;
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
    if (!/^[aerdn]$/i.test(event.key)) return;
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

  // A panel that opens takes the focus, so that a keyboard goes on where the eye is.
  window.addEventListener("hashchange", function () {
    var panel = document.querySelector(".desk .decision:target");
    var first = panel && panel.querySelector("select, input:not([type=hidden]), textarea");
    if (first) first.focus();
  });
})();
