// The statement browser. Texts enter the page as text nodes only, never as HTML.
const bytes = Uint8Array.from(atob(document.getElementById("library").textContent), (c) => c.charCodeAt(0));
const address = URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));
const { default: DataTable } = await import(address);
URL.revokeObjectURL(address);

const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.documentElement.classList.toggle("dark", dark.matches);
dark.addEventListener("change", paint);
paint();

const data = JSON.parse(document.getElementById("data").textContent);
const named = (names, values) => Object.fromEntries(names.map((name, i) => [name, values[i]]));
for (const article of data.articles) {
  article.points = Array.from(article.text); // offsets count code points
  article.statements = article.statements.map((values) => named(data.of_statement, values));
  for (const said of article.statements) {
    const content = said.pieces.filter(([role]) => role === "content");
    said.text = content.map(([, start, end]) => article.points.slice(start, end).join("")).join(" ");
    said.rows = [];
  }
}
const places = new Map(); // statement → its article and number
const share = (p) => (p === null ? "" : p.toFixed(2));
const grades = [[0.9, ".9 and more"], [0.7, ".7 to .9"], [0.5, ".5 to .7"], [-1, "under .5"]];
const rows = data.rows.map((values) => {
  const row = named(data.fields, values);
  const article = data.articles[row.article];
  const said = article.statements[row.number];
  said.rows.push(row);
  places.set(said.id, [article, said]);
  const known = row.least ?? -1;
  return Object.assign(row, {
    id: said.id, statement: said.text, outlet: article.outlet, day: article.day,
    how_sure: row.least === null ? "(not known)" : grades.find(([low]) => known >= low)[1],
  });
});

const element = (name, text = "", attributes = {}) => {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};
const link = (key, value, text) => element("a", text, { href: `#${new URLSearchParams({ [key]: value })}` });
const guarded = (text) => element("i", text).innerHTML; // for the library, which takes what it is given for HTML
const sure = (word, p) => (p === null || word.startsWith("(") ? word : `${word} ${share(p)}`);
const column = (name, title, facet, show = (row) => element("span", row[name])) => ({
  data: name, title, searchPanes: { show: facet, header: title, orthogonal: "facet" }, name,
  render: (value, type, row) =>
    type === "display" ? show(row) : type === "facet" ? guarded(String(value)) : value,
  createdCell: (cell) => cell.setAttribute("data-label", title),
});
const columns = [
  column("speaker", "Speaker", true),
  column("country", "Country", true),
  column("statement", "Statement", false, (row) => link("statement", row.id, row.statement)),
  column("posture", "Posture", true, (row) =>
    element("span", sure(row.posture, row.posture_p) + (row.conditional ? " (conditional)" : ""))),
  column("target", "Toward", true, (row) => element("span", sure(row.target, row.target_p))),
  column("stance", "Stance", true, (row) => element("span", sure(row.stance, row.stance_p))),
  column("outlet", "Outlet", true, (row) => link("article", data.articles[row.article].id, `${row.outlet}, ${row.day}`)),
  column("week", "Week", true),
  column("how_sure", "How sure", true, (row) => element("span", share(row.least))),
];
const written = ["posture_p", "target_p", "stance_p", "sure", "least", "counted", "day", "id"];
columns.push(...written.map((name) => ({ data: name, title: name, render: (value) => value ?? "", visible: false, searchable: name === "id", searchPanes: { show: false } })));

const table = new DataTable("#rows", {
  data: rows, columns, order: [], pageLength: 25, lengthMenu: [25, 100, 500], autoWidth: false, deferRender: true,
  layout: {
    top1: { searchPanes: { columns: [0, 1, 3, 4, 5, 6, 7, 8], initCollapsed: true, layout: "columns-4", viewCount: true } },
    topStart: { buttons: [{ extend: "csv", text: "CSV of what is shown", title: null, filename: "statements", bom: true,
      exportOptions: { columns: columns.map((_, i) => i), orthogonal: "csv" }, escapeExcelFormula: true }] },
    topEnd: { search: { text: "Search" } }, bottomStart: ["info", "pageLength"], bottomEnd: "paging",
  },
  infoCallback: (settings, start, end, max, total) => {
    const ids = new Set(new DataTable.Api(settings).rows({ search: "applied" }).data().toArray().map((row) => row.id));
    return `${total ? start : 0} to ${end} of ${total} rows: ${ids.size} statements of ${places.size}`;
  },
  language: { emptyTable: "There are no statements.", zeroRecords: "No statement is like this." },
});
new DataTable("#sources", { order: [], pageLength: 10, autoWidth: false, language: { search: "Search articles" } });

for (const field of document.querySelectorAll(".dt-container input")) field.ariaLabel = `Search ${field.placeholder}`.trim();

const said = document.getElementById("article");
function open(article, statement) {
  const body = said.querySelector("div");
  body.replaceChildren(element("h2", article.title, { id: "opened" }), element("p", [article.outlet, article.day, article.source].join(" · "), { class: "meta" }));
  if (article.url) body.append(element("a", article.url, { href: article.url, rel: "noreferrer" }));
  for (const remark of article.remarks) body.append(element("p", remark, { class: "meta" }));
  if (statement) body.append(describe(statement));
  const text = element("div", "", { class: "text" });
  const pieces = article.statements.flatMap((s, n) => s.pieces.map(([role, start, end]) => ({ role, start, end, n, s })));
  const cuts = [...new Set([0, article.points.length, ...pieces.flatMap((p) => [p.start, p.end])])].sort((a, b) => a - b);
  let paragraph = text.appendChild(element("p"));
  cuts.slice(0, -1).forEach((low, i) => {
    const over = pieces.filter((p) => p.start <= low && p.end > low);
    const first = over.find((p) => p.role === "content" && p.start === low);
    if (first) {
      const number = link("statement", first.s.id, `[${first.n + 1}]`);
      number.className = "dt-number";
      paragraph.append(number);
    }
    const classes = [...new Set(over.map((p) => `dt-${p.role}`))].sort().reverse().join(" ");
    article.points.slice(low, cuts[i + 1]).join("").split("\n").forEach((line, k) => {
      if (k && paragraph.hasChildNodes()) paragraph = text.appendChild(element("p"));
      if (!line) return;
      const shown = over.length ? element("mark", line, { class: classes }) : document.createTextNode(line);
      if (statement && over.some((p) => p.s === statement && p.role === "content")) shown.classList.add("here");
      paragraph.append(shown);
    });
  });
  body.append(text);
  if (!said.open) said.showModal();
  (text.querySelector(".here") ?? body).scrollIntoView({ block: "center" });
}
function describe(statement) {
  const list = element("dl");
  const { speaker, country, sure: found, posture, posture_p, conditional } = statement.rows[0];
  const facts = [
    ["Speaker", [speaker, statement.role, country].filter(Boolean).join(", ")],
    ["Printed as", statement.mention], ["Decided by", statement.resolution],
    ["Posture", sure(posture, posture_p) + (conditional ? " (conditional)" : "")],
    ...statement.rows.map((row) => ["Toward", `${sure(row.target, row.target_p)}: ${sure(row.stance, row.stance_p)}`]),
    ["How sure of statement and speaker", share(found)],
    ["Raw characters", `${statement.raw_start}–${statement.raw_end}`],
  ];
  for (const [term, value] of facts) if (value) list.append(element("dt", term), element("dd", value));
  return list;
}

const facets = ["speaker", "country", "posture", "target", "stance", "outlet", "week", "how_sure", "counted"];
let shown = "#statements";
function follow() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  if (wanted.has("statement") || wanted.has("article")) {
    const [article, statement] = wanted.has("statement")
      ? (places.get(wanted.get("statement")) ?? [])
      : [data.articles.find((a) => a.id === wanted.get("article"))];
    if (article) open(article, statement);
    else document.getElementById("missing").hidden = false;
    return;
  }
  if (said.open) said.close();
  const pairs = [...wanted].filter(([name]) => facets.includes(name));
  const filters = document.querySelector(".filters");
  filters.replaceChildren();
  if (pairs.length) {
    shown = location.hash;
    table.search("");
    table.searchPanes.clearSelections();
    filters.append(element("span", `Linked: ${pairs.map(([name, value]) => `${name} ${value}`).join("; ")} `));
    filters.append(element("a", "show all", { href: "#statements" }));
  }
  if (pairs.length || location.hash === "#statements") {
    if (!pairs.length) shown = "#statements";
    table.search.fixed("link", pairs.length ? (_, row) => pairs.every(([name, value]) => row[name] === value) : null).draw();
    document.getElementById("statements").scrollIntoView();
  }
  for (const page of document.querySelectorAll("a.page")) page.hash = location.hash;
}
said.addEventListener("close", () => history.replaceState(null, "", shown));
addEventListener("hashchange", follow);
follow();

let length = 25;
addEventListener("beforeprint", () => { length = table.page.len(); table.page.len(1000).draw(); });
addEventListener("afterprint", () => table.page.len(length).draw());
document.documentElement.dataset.ready = "yes";
