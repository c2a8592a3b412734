// A draft as a file, and in the fragment of a link.

const MARK = "#draft=";
const LONGEST = 20_000; // characters in a link: ten pages of code
const UNPACKED = 200_000; // characters that a link may become

const through = (text, stream) =>
  new Response(new Blob([text]).stream().pipeThrough(stream));

/** Have the browser save a text as a file. */
export function download(name, text, type = "text/x-python") {
  const href = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href, download: name }).click();
  URL.revokeObjectURL(href);
}

/** Return a link to this page that holds a text. */
export async function linkTo(text) {
  const packed = through(text, new CompressionStream("deflate"));
  const bytes = new Uint8Array(await packed.arrayBuffer());
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte));
  const code = btoa(letters.join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
  if (code.length > LONGEST) throw new Error("The draft is too long");
  return location.origin + location.pathname + MARK + code;
}

/** Take the text that the address holds; it throws if that is no draft. */
export async function linked() {
  const code = location.hash.slice(MARK.length);
  // or it would come back with each reload
  history.replaceState(history.state, "", location.pathname + location.search);
  if (code.length > LONGEST) throw new Error("The link is too long");
  const letters = atob(code.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  const unpacked = through(bytes, new DecompressionStream("deflate"));
  const text = await unpacked.text();
  if (text.length > UNPACKED) throw new Error("The draft is too long");
  return text;
}
