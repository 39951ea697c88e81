"use strict";
(() => {
  const sections = [...document.querySelectorAll("section[data-line]")];
  const [by, save, count] = ["by", "save", "count"].map((id) => document.getElementById(id));

  function cell(text) {
    const line = text.replace(/\s+/g, " ").trim();
    const guarded = /^'*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/.test(line) ? `'${line}` : line;
    return `"${guarded.replace(/"/g, '""')}"`;
  }

  function chosen(section) {
    const input = section.querySelector("input[type=radio]:checked");
    return input ? input.value : "";
  }

  function refresh() {
    const answered = sections.filter(chosen).length;
    count.textContent = count.dataset.text.replace("{answered}", answered).replace("{all}", sections.length);
    save.disabled = !answered || !by.value.trim();
  }

  document.addEventListener("input", refresh);
  save.addEventListener("click", () => {
    const lines = [save.dataset.heading];
    for (const section of sections.filter(chosen)) {
      const remark = section.querySelector("input[type=text]").value;
      lines.push([section.id, chosen(section), cell(by.value), cell(remark), section.dataset.line].join(";"));
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`\ufeff${lines.join("\r\n")}\r\n`], { type: "text/csv;charset=utf-8" }));
    link.download = save.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  refresh();
})();
