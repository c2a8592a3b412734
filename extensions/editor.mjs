// The editor of the practice pad, as `make site` bundles it: a real textarea
// below coloured text, of prism-code-editor.

import { createEditor, languageMap } from "prism-code-editor";
import { defaultKeymap, editorCommands } from "prism-code-editor/commands";
import { matchBrackets } from "prism-code-editor/match-brackets";
import "prism-code-editor/layout.css";
import "prism-code-editor/languages/python";
import "prism-code-editor/prism/languages/python";

// A line is indented after an open bracket or a colon, but not after a
// comment that ends with one.
const OPENS = /^[^#\n]*(?:[([{][^)\]}#\n]*|:[ \t]*)$/;
languageMap.python.autoIndent[0] = ([start], value) =>
  OPENS.test(value.slice(value.lastIndexOf("\n", start - 1) + 1, start));

/** Put an editor into an element and return its textarea. */
export function edit(element, value, changed) {
  const editor = createEditor(
    element,
    { language: "python", tabSize: 4, value, onUpdate: changed },
    // No bracket or quote is closed for the reader: it would be closed in
    // f"{x}", in "(" and before a bracket that is there, too.
    editorCommands(defaultKeymap, []),
    matchBrackets(),
  );
  delete editor.inputCommandMap["<"]; // nor is a selection put between < and >
  return editor.textarea;
}
