// Unishop's pages. They carry no address of their own: config.json, beside them in the same bucket,
// names the Region and its API. It is read at each navigation and after each call that failed, so
// whoever serves the page decides where its calls go. A read that failed is asked once more where
// the edge points by then; a write never is: nobody but its author may decide to repeat it.

const CONFIG_PATIENCE = 15_000; // the edge may ask two origins, each with its own time-outs
const API_PATIENCE = 6_000;
const PULSE = 5_000;

const WORDS = {
  en: {
    skip: "Skip to the content", products: "Unicorns", basket: "Basket", signIn: "Sign in", signUp: "Sign up",
    signOut: "Sign out", hello: (name) => `Hello, ${name}`, basketOf: (n) => `Basket (${n})`,
    footer: "A shop of a workshop: nothing is sold and nothing is charged. Use a made-up address.",
    well: "healthy", ill: (code) => `in trouble (${code})`, silent: "does not answer", unknown: "asking how it is…",
    moved: (from, to) => `The shop has moved from ${from} to ${to}.`, loading: "Looking for unicorns…",
    put: "Put in the basket", there: "In the basket",
    wasPut: (name) => `${name} is in your basket.`, wasTaken: (name) => `${name} is out of your basket.`,
    take: "Take out", total: "Total", empty: "Your basket is empty.",
    toProducts: "See the unicorns", retry: "Try again", signInFirst: "Sign in, and your basket is yours in every Region.",
    email: "E-mail", firstName: "First name", lastName: "Last name", noPassword: "No password: this is a workshop.",
    needed: "Fill this in.", notEmail: "This is no e-mail address: it needs a name, an @ and a domain.",
    newHere: "New here? Sign up.", knownHere: "Signed up before? Sign in.", welcome: (name) => `Welcome, ${name}.`,
    gone: "There is no such page here.", unknownUnicorn: "A unicorn that is no longer sold",
    taken: "This e-mail has an account already. Sign in with it, or use another.",
    noUser: "No account has this e-mail. Look for a typing error, or sign up.",
    lostUser: (region) => `If you did sign up: ${region} may not have received your account before the failover.`,
    noConfig: "The shop does not know which Region to ask: config.json cannot be read. Wait a moment and try again.",
    away: (region) => `${region} does not answer. Wait a moment and try again.`,
    awayLater: (region, s) => `${region} cannot reach its data just now. Try again in ${s} s.`,
    unsaved: (region) => `${region} did not answer, so nobody knows whether this was saved. Trying again does no harm.`,
    unsavedMoved: (from, to) => `${from} did not answer, so nobody knows whether this was saved. You are with ${to} now; trying again does no harm.`,
    many: "That was too much at once. Wait a moment and try again.",
    refused: (region, code, why) => `${region} did not accept this (${code}${why ? `: ${why}` : ""}). Correct it and try again.`,
    broke: (region, code) => `${region} made a mistake (${code}). Try again; if it stays, the Region is ill.`,
  },
  es: {
    skip: "Saltar al contenido", products: "Unicornios", basket: "Cesta", signIn: "Entrar", signUp: "Crear cuenta",
    signOut: "Salir", hello: (name) => `Hola, ${name}`, basketOf: (n) => `Cesta (${n})`,
    footer: "La tienda de un taller: ni se vende ni se cobra nada. Usa una dirección inventada.",
    well: "sana", ill: (code) => `con problemas (${code})`, silent: "no responde", unknown: "preguntando cómo está…",
    moved: (from, to) => `La tienda ha pasado de ${from} a ${to}.`, loading: "Buscando unicornios…",
    put: "A la cesta", there: "En la cesta",
    wasPut: (name) => `${name} está en tu cesta.`, wasTaken: (name) => `${name} ya no está en tu cesta.`,
    take: "Quitar", total: "Total", empty: "Tu cesta está vacía.",
    toProducts: "Ver los unicornios", retry: "Probar otra vez", signInFirst: "Entra, y tendrás tu cesta en cualquier Región.",
    email: "Correo", firstName: "Nombre", lastName: "Apellidos", noPassword: "Sin contraseña: esto es un taller.",
    needed: "Rellena este campo.", notEmail: "Esto no es un correo: le hace falta un nombre, una @ y un dominio.",
    newHere: "¿Aún no tienes cuenta? Créala.", knownHere: "¿Ya tienes cuenta? Entra.", welcome: (name) => `Te damos la bienvenida, ${name}.`,
    gone: "Aquí no hay ninguna página con ese nombre.", unknownUnicorn: "Un unicornio que ya no se vende",
    taken: "Ese correo ya tiene cuenta. Entra con él o usa otro.",
    noUser: "Ninguna cuenta tiene ese correo. Mira si hay una errata, o crea la cuenta.",
    lostUser: (region) => `Si la habías creado, puede que a ${region} no le llegara antes de la conmutación.`,
    noConfig: "La tienda no sabe a qué Región preguntar: no se puede leer config.json. Espera un momento y prueba otra vez.",
    away: (region) => `${region} no responde. Espera un momento y prueba otra vez.`,
    awayLater: (region, s) => `${region} no llega ahora mismo a sus datos. Prueba otra vez dentro de ${s} s.`,
    unsaved: (region) => `${region} no ha contestado, así que nadie sabe si esto se guardó. Probar otra vez no hace daño.`,
    unsavedMoved: (from, to) => `${from} no ha contestado, así que nadie sabe si esto se guardó. Ahora te atiende ${to}; probar otra vez no hace daño.`,
    many: "Demasiado de golpe. Espera un momento y prueba otra vez.",
    refused: (region, code, why) => `${region} no lo ha aceptado (${code}${why ? `: ${why}` : ""}). Corrígelo y prueba otra vez.`,
    broke: (region, code) => `${region} se ha equivocado (${code}). Prueba otra vez; si sigue así, la Región está mal.`,
  },
};

// The catalogue speaks English; these are the same ten in Spanish, by the name of their picture.
const SPANISH = {
  aurora: "La crin, de todos los colores de la noche del norte.",
  bramble: "Le gustan los setos, y vuelve a casa con moras.",
  comet: "Veloz: se ha ido antes de que acabes de pedir el deseo.",
  dapple: "Gris sobre blanco, o blanco sobre gris.",
  ember: "Da calor al tacto en las mañanas frías.",
  fathom: "Nada mejor de lo que admiten casi todos los unicornios.",
  glimmer: "Solo se ve si se le busca.",
  harvest: "Trabaja hasta mediodía y duerme hasta la cena.",
  indigo: "Se tiñó por su cuenta, y volvería a hacerlo.",
  juniper: "Pequeño, de hoja perenne, y pincha un poco.",
};

const $ = (id) => document.getElementById(id);
const remembered = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const remember = (key, value) => {
  try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, JSON.stringify(value)); } catch { /* a private window: kept until it closes */ }
};

const state = {
  lang: remembered("unishop.lang") ?? ((navigator.languages ?? [navigator.language])
    .map((tongue) => tongue.slice(0, 2).toLowerCase()).find((tongue) => tongue in WORDS) ?? "en"),
  config: null,          // {host, region}, as the bucket that serves us says
  user: remembered("unishop.user"),
  unicorns: null,
  basket: null,          // ids; null while nobody has asked
  health: { kind: "unknown" },
  draft: {},             // what stands in the forms, kept when a view is drawn again
  wanted: null,          // what a visitor wanted before signing in
};
const words = () => WORDS[state.lang] ?? WORDS.en;

// ---------------------------------------------------------------- calls

class Failure extends Error {
  constructor(kind, facts = {}) { super(kind); Object.assign(this, { kind, ...facts }); }
}

async function readConfig() {
  let config;
  try {
    const answer = await fetch("config.json", { cache: "no-store", signal: AbortSignal.timeout(CONFIG_PATIENCE) });
    if (!answer.ok) throw new Error(String(answer.status));
    config = await answer.json();
    if (!config.host || !config.region) throw new Error("incomplete");
  } catch {
    throw new Failure("no-config");
  }
  const before = state.config;
  state.config = { host: String(config.host).replace(/\/+$/, ""), region: String(config.region) };
  if (before && before.region !== state.config.region) {
    state.health = { kind: "unknown" };
    tell(words().moved(before.region, state.config.region));
  }
  drawHeader();
  return state.config;
}

async function send(config, method, path, body) {
  const request = { method, cache: "no-store", signal: AbortSignal.timeout(API_PATIENCE) };
  if (body) Object.assign(request, { headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const { region } = config;
  let answer;
  try {
    answer = await fetch(config.host + path, request);
  } catch {
    throw new Failure("away", { region });
  }
  const said = await answer.json().catch(() => null);
  if (answer.ok) return said;
  const facts = { region, code: answer.status, why: said?.detail ?? said?.title, after: Number(answer.headers.get("retry-after")) || 0 };
  throw new Failure(answer.status >= 500 ? "ill" : "refused", facts);
}

// A call to the API. Reads may be repeated in the Region that the edge points to by then.
async function call(method, path, body) {
  const config = state.config ?? await readConfig();
  try {
    return await send(config, method, path, body);
  } catch (failure) {
    if (failure.kind === "refused") throw failure;
    const now = await readConfig().catch(() => config);
    void pulse();
    if (method === "GET" && now.host !== config.host) return send(now, method, path, body);
    throw Object.assign(failure, { write: method !== "GET", now: now.region });
  }
}

function sentence(failure) {
  const w = words();
  switch (failure.kind) {
    case "no-config": return w.noConfig;
    case "refused": return failure.code === 429 ? w.many : w.refused(failure.region, failure.code, failure.why);
    case "away":
    case "ill":
      if (failure.write && failure.now !== failure.region) return w.unsavedMoved(failure.region, failure.now);
      // Pages of another origin may not read Retry-After unless the API says so.
      if (failure.code === 503) return w.awayLater(failure.region, failure.after || 5);
      if (failure.write && (!failure.code || failure.code > 500)) return w.unsaved(failure.region);
      return failure.code ? w.broke(failure.region, failure.code) : w.away(failure.region);
    default: throw failure;
  }
}

// ---------------------------------------------------------------- the header

let asked = 0;
async function pulse() {
  const mine = ++asked;
  const config = state.config;
  if (!config) return;
  let health;
  try {
    await send(config, "GET", "/health/ishealthy");
    health = { kind: "well" };
  } catch (failure) {
    health = failure.code ? { kind: "ill", code: failure.code } : { kind: "silent" };
  }
  if (mine !== asked) return; // a later question is under way
  state.health = health;
  drawHeader();
  if (health.kind !== "well") await readConfig().catch(() => {});
}

function drawHeader() {
  const w = words(), region = state.config?.region;
  put($("region"), region ?? "");
  put($("shop-name"), region ? "The Unicorn Shop - " : "The Unicorn Shop");
  document.title = $("shop").textContent;
  document.documentElement.lang = state.lang;
  const { kind, code } = state.health;
  $("health").dataset.health = kind;
  put($("health"), region ? `${region}: ${typeof w[kind] === "function" ? w[kind](code) : w[kind]}` : "");
  // With 23 the workshop's two Regions come out as opposite colours.
  const hue = [...(region ?? "")].reduce((sum, letter) => (sum * 23 + letter.codePointAt(0)) % 360, 0);
  document.documentElement.style.setProperty("--region-hue", hue);
  for (const part of document.querySelectorAll("[data-say]")) put(part, w[part.dataset.say]);
  for (const button of document.querySelectorAll("[data-lang]")) button.setAttribute("aria-pressed", button.dataset.lang === state.lang);
  for (const part of document.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "in") !== Boolean(state.user);
  put($("user"), state.user ? w.hello(state.user.first_name || state.user.email) : "");
  if (state.basket) put($("basket-link"), w.basketOf(state.basket.length));
}

// Only what changed is written, so that a screen reader is not told the same twice.
function put(part, text) {
  if (part.textContent !== text) part.textContent = text;
}

function tell(text) {
  $("news").textContent = "";
  // An empty region first, then the text: the same news twice is news twice.
  requestAnimationFrame(() => put($("news"), text));
}

function complain(failure, again) {
  const lines = [make("p", { text: sentence(failure) })];
  if (again) lines.push(make("button", { type: "button", class: "btn btn-outline-primary", text: words().retry, click: again }));
  $("notices").replaceChildren(make("div", { class: "alert alert-danger" }, ...lines));
}

function appease() {
  const held = $("notices").contains(document.activeElement);
  $("notices").replaceChildren();
  if (held) $("view-title").focus(); // the button that had the focus is gone
}

// ---------------------------------------------------------------- pieces of pages

// An element. Text comes in as text only: nothing that the API says can become markup.
function make(tag, { text, click, ...attributes } = {}, ...children) {
  const part = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== false && value !== undefined) part.setAttribute(name, value);
  if (text !== undefined) part.textContent = text;
  if (click) part.addEventListener("click", click);
  part.append(...children);
  return part;
}

const title = (text) => make("h2", { id: "view-title", tabindex: "-1", text });
const price = (amount) => new Intl.NumberFormat(state.lang, { style: "currency", currency: "USD" }).format(Number(amount) || 0);
const link = (href, text, kind = "btn btn-outline-primary") => make("a", { href, class: kind, text });

function picture(unicorn) {
  const name = String(unicorn?.image ?? "").replace(/^.*\/|\.[a-z]+$/g, "");
  return make("img", { src: `unicorns.svg#${name in SPANISH ? name : "aurora"}`, alt: "", width: 160, height: 120 });
}

function describe(unicorn) {
  return (state.lang === "es" && SPANISH[unicorn.image]) || unicorn.description;
}

// ---------------------------------------------------------------- pages

function productsPage() {
  const view = [title(words().products)];
  if (!state.unicorns) return [...view, make("p", { text: words().loading })];
  return [...view, make("ul", { class: "shelf" }, ...state.unicorns.map(card))];
}

function card(unicorn) {
  const button = make("button", { type: "button", class: "btn btn-primary" });
  const draw = () => {
    const there = state.basket?.includes(unicorn.uuid);
    const says = there ? words().there : words().put;
    put(button, there ? `✓ ${says}` : says);
    button.setAttribute("aria-label", `${says}: ${unicorn.name}`);
    button.setAttribute("aria-disabled", Boolean(there));
    button.className = there ? "btn btn-outline-primary" : "btn btn-primary";
  };
  button.addEventListener("click", async () => {
    if (state.basket?.includes(unicorn.uuid)) return;
    if (!state.user) {
      state.wanted = unicorn;
      location.hash = "#/sign-in";
      return;
    }
    await busy(button, () => putIn(unicorn));
    draw();
  });
  draw();
  return make("li", { class: "card", "data-unicorn": unicorn.uuid }, picture(unicorn),
    make("div", { class: "card-body" }, make("h3", { class: "card-title", text: unicorn.name }),
      make("p", { text: describe(unicorn) }), make("p", { class: "price", text: price(unicorn.price) }), button));
}

function basketPage() {
  const w = words(), view = [title(w.basket)];
  if (!state.user) return [...view, make("p", { text: w.signInFirst }), link("#/sign-in", w.signIn), " ", link("#/sign-up", w.signUp)];
  if (!state.basket || !state.unicorns) return [...view, make("p", { text: w.loading })];
  if (!state.basket.length) return [...view, make("p", { text: w.empty }), link("#/", w.toProducts)];
  const found = state.basket.map((id) => state.unicorns.find((u) => u.uuid === id) ?? { uuid: id, name: w.unknownUnicorn, price: 0 });
  const total = found.reduce((sum, unicorn) => sum + (Number(unicorn.price) || 0), 0);
  return [...view, make("ul", { class: "lines" }, ...found.map(line)), make("p", { class: "total", text: `${w.total}: ${price(total)}` })];
}

function line(unicorn) {
  const w = words();
  const button = make("button", { type: "button", class: "btn btn-outline-primary", text: w.take, "aria-label": `${w.take}: ${unicorn.name}` });
  button.addEventListener("click", () => busy(button, () => takeOut(unicorn)));
  return make("li", { "data-unicorn": unicorn.uuid }, picture(unicorn),
    make("div", {}, make("h3", { text: unicorn.name }), make("p", { text: price(unicorn.price) })), button);
}

function signInPage() {
  const w = words();
  return [title(w.signIn), ...(state.wanted ? [make("p", { text: w.signInFirst })] : []),
    form(w.signIn, [["email", w.email, "email", w.noPassword]], signIn), link("#/sign-up", w.newHere, "d-inline-block")];
}

function signUpPage() {
  const w = words();
  return [title(w.signUp), form(w.signUp, [["first_name", w.firstName, "given-name"], ["last_name", w.lastName, "family-name"],
    ["email", w.email, "email", w.noPassword]], signUp), link("#/sign-in", w.knownHere, "d-inline-block")];
}

function form(label, fields, send) {
  const button = make("button", { type: "submit", class: "btn btn-primary", text: label });
  const rows = fields.map(([name, text, complete, help]) => {
    const input = make("input", { id: name, name, class: "form-control", autocomplete: complete, maxlength: 100, required: "",
      type: name === "email" ? "email" : "text", spellcheck: "false", "aria-describedby": `${name}-help ${name}-wrong` });
    input.value = state.draft[name] ?? "";
    input.addEventListener("input", () => { state.draft[name] = input.value; mark(input, ""); });
    return make("div", {}, make("label", { for: name, class: "form-label", text }), input,
      make("div", { id: `${name}-help`, class: "form-text", text: help ?? "" }), make("div", { id: `${name}-wrong`, class: "invalid-feedback", text: "" }));
  });
  const all = make("form", { class: "entry", novalidate: "" }, ...rows, button);
  all.addEventListener("submit", async (event) => {
    event.preventDefault();
    appease();
    const inputs = [...all.querySelectorAll("input")];
    for (const input of inputs) {
      input.value = input.value.trim();
      mark(input, input.validity.valueMissing ? words().needed : input.validity.valid ? "" : words().notEmail);
    }
    const wrong = inputs.find((input) => input.hasAttribute("aria-invalid"));
    if (wrong) return wrong.focus();
    await busy(button, () => send(Object.fromEntries(inputs.map((input) => [input.name, input.value]))));
  });
  return all;
}

function mark(input, text) {
  if (text) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
  const place = input.parentElement?.querySelector(".invalid-feedback");
  if (place) put(place, text);
}

// ---------------------------------------------------------------- what a visitor does

// Runs what a button started, once at a time; a failure is told with a way to try again.
async function busy(button, work) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    appease();
    await work();
  } catch (failure) {
    complain(failure, failure.kind === "refused" ? null : () => busy(button, work));
  } finally {
    button.removeAttribute("aria-busy");
  }
}

async function signUp(entry) {
  // The page chooses the id and keeps it until the answer is here: asked twice, the shop makes one user.
  if (state.draft.of !== entry.email) Object.assign(state.draft, { of: entry.email, uuid: randomId() });
  try {
    await welcome(await call("POST", "/user", { uuid: state.draft.uuid, ...entry }));
  } catch (failure) {
    if (failure.code !== 409) throw failure;
    state.draft.of = null;
    object("email", words().taken);
  }
}

async function signIn({ email }) {
  try {
    await welcome(await call("POST", "/user/login", { email }));
  } catch (failure) {
    if (failure.code !== 404) throw failure;
    object("email", `${words().noUser} ${words().lostUser(failure.region)}`);
  }
}

function object(field, text) {
  const input = $(field);
  if (!input) return;
  mark(input, text);
  input.focus();
}

async function welcome(user) {
  setUser({ uuid: user.uuid, email: user.email, first_name: user.first_name, last_name: user.last_name });
  state.draft = {};
  tell(words().welcome(user.first_name || user.email));
  const wanted = state.wanted;
  state.wanted = null;
  if (wanted) await putIn(wanted).catch((failure) => complain(failure, () => location.reload()));
  location.hash = "#/";
}

function setUser(user) {
  state.user = user;
  state.basket = null;
  remember("unishop.user", user);
  drawHeader();
}

async function putIn(unicorn) {
  await call("POST", "/unicorns/basket", { uuid: state.user.uuid, unicorns: [{ uuid: unicorn.uuid }] });
  state.basket = [...(state.basket ?? []).filter((id) => id !== unicorn.uuid), unicorn.uuid];
  drawHeader();
  tell(words().wasPut(unicorn.name));
}

async function takeOut(unicorn) {
  await call("DELETE", "/unicorns/basket", { uuid: state.user.uuid, unicorns: [{ uuid: unicorn.uuid }] });
  state.basket = (state.basket ?? []).filter((id) => id !== unicorn.uuid);
  drawHeader();
  draw();
  // The basket is read from its start again, also by mouse, where no button may have had the focus.
  $("view-title").focus();
  tell(words().wasTaken(unicorn.name));
}

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// ---------------------------------------------------------------- from page to page

const PAGES = { "#/": productsPage, "#/basket": basketPage, "#/sign-in": signInPage, "#/sign-up": signUpPage };
const place = () => (location.hash.startsWith("#/") ? location.hash : "#/");

// Draws the view anew. What had the focus keeps it, or where that is gone, the title has it: who goes by
// keyboard or by ear is in the middle of the page when the Region answers, and is not sent back to its start.
function draw() {
  const page = PAGES[place()] ?? (() => [title(words().gone), link("#/", words().toProducts)]);
  const held = $("view").contains(document.activeElement) && nameInView(document.activeElement);
  $("view").replaceChildren(...page());
  if (held) ($("view").querySelector(held) ?? $("view-title")).focus({ preventScroll: true });
  for (const entry of document.querySelectorAll("nav a")) {
    if (entry.getAttribute("href") === place()) entry.setAttribute("aria-current", "page"); else entry.removeAttribute("aria-current");
  }
}

// A selector that finds the same part again in a view drawn anew.
function nameInView(part) {
  const unicorn = part.closest("[data-unicorn]")?.dataset.unicorn;
  if (unicorn) return `[data-unicorn="${CSS.escape(unicorn)}"] button`;
  if (part.id) return `#${CSS.escape(part.id)}`;
  return part.matches("a") ? `a[href="${CSS.escape(part.getAttribute("href"))}"]` : "form button";
}

// What a page needs: the products and, of somebody signed in, the basket.
async function fetchWhatIsShown() {
  if (place() !== "#/" && place() !== "#/basket") return;
  const user = state.user?.uuid;
  const [unicorns, basket] = await Promise.all([call("GET", "/unicorns"), user ? call("GET", `/unicorns/basket/${encodeURIComponent(user)}`) : null]);
  if (!Array.isArray(unicorns)) throw new Failure("ill", { region: state.config.region, code: 502 });
  state.unicorns = unicorns;
  if (user === state.user?.uuid) state.basket = basket ? (basket.unicorns ?? []).map((unicorn) => unicorn.uuid) : null;
}

let visits = 0;
async function visit({ first = false } = {}) {
  const mine = ++visits;
  appease();
  drawHeader();
  draw();
  if (!first) $("view-title").focus();
  $("view").dataset.asking = "";
  let failure = null;
  try {
    await readConfig();
    void pulse();
    await fetchWhatIsShown();
  } catch (caught) {
    failure = caught;
  }
  if (mine !== visits) return; // the visitor has gone on
  delete $("view").dataset.asking;
  if (failure) return complain(failure, () => visit());
  drawHeader();
  if (place() === "#/" || place() === "#/basket") draw();
}

function speak(lang) {
  state.lang = lang;
  remember("unishop.lang", lang);
  drawHeader();
  appease();
  draw();
}

// Bootstrap comes into force once it is here, and follows the light of the system.
function dress() {
  const sheet = $("bootstrap"), dark = matchMedia("(prefers-color-scheme: dark)");
  const wear = () => { sheet.media = "all"; };
  const follow = () => { document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light"; };
  if (sheet.sheet) wear(); else sheet.addEventListener("load", wear);
  dark.addEventListener("change", follow);
  follow();
}

dress();
for (const button of document.querySelectorAll("[data-lang]")) button.addEventListener("click", () => speak(button.dataset.lang));
$("sign-out").addEventListener("click", () => { setUser(null); location.hash === "#/" ? visit() : (location.hash = "#/"); });
$("skip").addEventListener("click", (event) => { event.preventDefault(); $("main").focus(); });
addEventListener("hashchange", () => { if (location.hash.startsWith("#/")) visit(); });
// Another tab of the same edge signed in or out.
addEventListener("storage", ({ key }) => { if (key === "unishop.user") { state.user = remembered("unishop.user"); state.basket = null; visit({ first: true }); } });
document.addEventListener("visibilitychange", () => { if (!document.hidden) void pulse(); });
setInterval(() => { if (!document.hidden) void pulse(); }, PULSE);
visit({ first: true });
