// The page of a screening: how many indicators of a group are there, and a field that leaves only those with a word in them.
(function () {
  "use strict";

  function count(group) {
    var figure = group.querySelector("[data-there]");
    if (figure) figure.textContent = group.querySelectorAll('input[value="present"]:checked').length;
  }

  function narrow(signs, word) {
    signs.querySelectorAll(".signs-group").forEach(function (group) {
      var left = 0;
      group.querySelectorAll("[data-sign]").forEach(function (sign) {
        sign.hidden = word !== "" && !sign.querySelector("legend").textContent.toLocaleLowerCase().includes(word);
        if (!sign.hidden) left += 1;
      });
      group.hidden = left === 0;
      if (word && left) group.open = true;
    });
  }

  document.querySelectorAll("[data-signs]").forEach(function (signs) {
    var find = signs.querySelector("[data-signs-find]");
    find.hidden = false;
    find.querySelector("input").addEventListener("input", function (event) {
      narrow(signs, event.target.value.trim().toLocaleLowerCase());
    });
    find.querySelector("input").addEventListener("keydown", function (event) {
      if (event.key === "Enter") event.preventDefault();
    });
    signs.addEventListener("change", function (event) {
      var group = event.target.closest(".signs-group");
      if (group) count(group);
    });
    signs.querySelectorAll(".signs-jump a").forEach(function (link) {
      link.addEventListener("click", function () {
        document.querySelector(link.getAttribute("href")).open = true;
      });
    });
  });
})();
