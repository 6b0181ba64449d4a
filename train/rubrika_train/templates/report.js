"use strict";
const errors = [...document.querySelectorAll(".error")];
const sections = [...document.querySelectorAll(".errors")];
const theme = document.querySelector("#by-theme");
const kind = document.querySelector("#by-kind");
const shown = document.querySelector("#shown");

function filter() {
  for (const error of errors) {
    error.hidden = (theme.value && error.dataset.theme !== theme.value)
      || (kind.value && error.dataset.kind !== kind.value);
  }
  for (const section of sections) {
    section.hidden = !section.querySelector(".error:not([hidden])");
  }
  shown.textContent = `${errors.filter((error) => !error.hidden).length} of ${errors.length} shown`;
}

function openAll(selector, open) {
  for (const part of document.querySelectorAll(selector)) part.open = open;
}

for (const control of document.querySelectorAll(".filter")) control.hidden = false;
theme.addEventListener("change", filter);
kind.addEventListener("change", filter);
for (const button of document.querySelectorAll("button[data-open]")) {
  button.addEventListener("click", () => openAll(button.dataset.of, button.dataset.open === "yes"));
}
window.addEventListener("beforeprint", () => openAll("details", true));
filter();
