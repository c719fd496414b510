// Finds printed stories by the beginnings of their words. Reads search/index.json and its parts; sends nothing.
const form = document.getElementById("search"), field = document.getElementById("q");
const status = document.getElementById("found"), list = document.getElementById("results");
const SHOWN = 50, MONTHS = "January February March April May June July August September October November December".split(" ");
const LETTERS = { "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ς": "σ" };
// Accents and the points of Arabic and Hebrew; signs that are vowels of their word (as in Hindi) stay.
const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

// Upper case first: it is what makes ß and SS one.
const fold = text => text.normalize("NFKD").replace(ACCENTS, "").toUpperCase().toLowerCase().normalize("NFKD")
  .replace(ACCENTS, "").replace(/[øđðłħıæœþς]/g, letter => LETTERS[letter]);
const words = text => fold(text).match(WORD) || [];

let reading;
const fetched = async name => {
  const answer = await fetch(name);
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
};
const read = () => reading ||= (async () => {
  const index = await fetched("index.json");
  const parts = await Promise.all((index.parts || []).map(fetched));
  return (index.stories || parts.flat()).map(([title, provider, day, page, topics]) => {
    const text = fold([title, provider, ...topics.map(id => index.topics[id] || "")].join(" "));
    return { title, provider, day, page, text, starts: " " + (text.match(WORD) || []).join(" ") };
  });
})();

// A script without spaces has no beginnings of words: there a word may stand anywhere.
const has = (story, word) => UNSPACED.test(word) ? story.text.includes(word) : story.starts.includes(" " + word);

const made = (tag, text) => {
  const element = document.createElement(tag);
  element.textContent = text;
  element.dir = "auto";
  return element;
};
const line = story => {
  const item = document.createElement("li"), link = made("a", story.title), about = document.createElement("p");
  const [year, month, day] = story.day.split("-"), time = document.createElement("time");
  link.href = "../" + story.page;
  time.dateTime = story.day;
  time.textContent = `${+day} ${MONTHS[month - 1]} ${year}`;
  about.className = "byline";
  about.append(made("bdi", story.provider), " · ", time);
  about.firstChild.className = "source";
  item.append(link, about);
  return item;
};

const show = async () => {
  const asked = field.value, wanted = words(asked);
  history.replaceState(null, "", asked.trim() ? "?q=" + encodeURIComponent(asked.trim()) : location.pathname);
  if (!wanted.length) { list.replaceChildren(); status.textContent = ""; return; }
  let stories;
  try { stories = await read(); } catch { reading = null; status.textContent = "The index cannot be read just now. Try again in a moment."; return; }
  if (field.value !== asked) return; // somebody typed on meanwhile
  const found = stories.filter(story => wanted.every(word => has(story, word)));
  list.replaceChildren(...found.slice(0, SHOWN).map(line));
  status.textContent = !found.length ? `Nothing printed here has ${wanted.length > 1 ? "all these words" : "this word"}.`
    : (found.length === 1 ? "1 story" : `${found.length} stories`) + (found.length > SHOWN ? `, the newest ${SHOWN} shown` : "");
};

let waiting;
field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, 150); });
form.addEventListener("submit", event => { event.preventDefault(); clearTimeout(waiting); show(); });
form.hidden = false;
field.value = new URLSearchParams(location.search).get("q") || "";
if (field.value) show();
