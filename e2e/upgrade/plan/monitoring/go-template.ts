/** Why Go's template engine refuses a text, e.g. `{{ is not closed`; undefined if it does not. */
export function templateErrorIn(text: string): string | undefined {
	const open: string[] = [];
	let rest = text;
	for (;;) {
		const start = rest.indexOf("{{");
		if (start < 0) break;
		const action =
			/^\{\{((?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)'|[^"`'}]|\}(?!\}))*)\}\}/s.exec(
				rest.slice(start),
			);
		if (!action) return `"${rest.slice(start, start + 30)}" is not closed`;
		const [whole, inner = ""] = action;
		const content = inner.replace(/^-\s/, "").replace(/\s-$/, "").trim();
		const problem = checkAction(content, open);
		if (problem) return problem;
		rest = rest.slice(start + whole.length);
	}
	return open.length === 0 ? undefined : `{{ ${open.at(-1)} }} has no end`;
}

function checkAction(content: string, open: string[]): string | undefined {
	if (content.startsWith("/*")) return undefined;
	const [word = ""] = /^\w+/.exec(content) ?? [];
	if (content === "") return "{{ }} is empty";
	if (["if", "range", "with", "block", "define"].includes(word)) {
		open.push(content);
		return checkCalls(content.slice(word.length));
	}
	if (word === "end")
		return open.pop() === undefined ? "{{ end }} ends nothing" : undefined;
	if (["else", "break", "continue", "template"].includes(word))
		return word === "else" && open.length === 0
			? "{{ else }} belongs to nothing"
			: undefined;
	return checkCalls(content);
}

/** Go's own functions, and those of Prometheus' rules. */
const functions = new Set(
	`and or not len index slice print printf println html js urlquery call eq ne lt le gt ge nil true false
	query first label value strvalue args reReplaceAll safeHtml match title toUpper toLower graphLink tableLink sortByLabel
	stripPort stripDomain humanize humanize1024 humanizeDuration humanizePercentage humanizeTimestamp toTime toDuration now
	pathPrefix externalURL parseDuration parseDurationTime urlQueryEscape tmpl
	if else range with end template`.split(/\s+/),
);
function checkCalls(content: string): string | undefined {
	const withoutTexts = content.replaceAll(
		/"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)'/g,
		' "" ',
	);
	const brackets =
		withoutTexts.split("(").length - withoutTexts.split(")").length;
	if (brackets !== 0) return `the brackets of {{ ${content} }} do not match`;
	const called = [...withoutTexts.matchAll(/(?<![\w.$])([a-zA-Z]\w*)/g)].map(
		([, name = ""]) => name,
	);
	const unknown = called.find((name) => !functions.has(name));
	return unknown ? `there is no function ${unknown}` : undefined;
}
