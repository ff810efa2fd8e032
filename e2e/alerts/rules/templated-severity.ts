/** A part of a template: text, an action between braces, or undefined for what only an alert knows. */
interface Part {
	readonly text: string;
	readonly action?: string;
}

/** What a stretch of a template may give; undefined stands for what only an alert knows. */
type Results = readonly (string | undefined)[];

/** Of a template with more results, none are known. */
const mostResults = 50;

/**
 * What a label's template gives whichever way its conditions go, e.g. `critical` and `warning` of
 * `{{ if gt $value 0.9 }}critical{{ else }}warning{{ end }}`. Results that an alert's labels or value are part of are left
 * out, and so is an empty one, by which the alert has no such label.
 */
export function listTemplateResults(template: string): string[] {
	const { results, end } = readStretch(splitTemplate(template), 0);
	// An `end` or an `else` too many: Prometheus loads no such rule.
	if (end !== undefined) return [];
	return [...new Set(results)].filter((each): each is string => Boolean(each));
}

/** With a hyphen inside its braces an action takes the white space beside it away. */
function splitTemplate(template: string): Part[] {
	const pattern = /\s*\{\{-\s|\{\{/;
	const parts: Part[] = [];
	let rest = template;
	for (;;) {
		const open = pattern.exec(rest);
		if (!open) return [...parts, { text: rest }];
		parts.push({ text: rest.slice(0, open.index) });
		rest = rest.slice(open.index + open[0].length);
		const inside =
			/^((?:"(?:[^"\\]|\\.)*"|`[^`]*`|\/\*.*?\*\/|[^"`}]|\}(?!\}))*?)(?:\s-\}\}\s*|\}\})/s.exec(
				rest,
			);
		// Not closed: nothing is known of the rest.
		if (!inside) return [...parts, { text: "", action: "unclosed" }];
		parts.push({ text: "", action: (inside[1] ?? "").trim() });
		rest = rest.slice(inside[0].length);
	}
}

/** Reads up to the `else` or `end` that ends a branch, or to the template's end. */
function readStretch(
	parts: readonly Part[],
	from: number,
): { results: Results; next: number; end?: string } {
	let results: Results = [""];
	let next = from;
	while (next < parts.length) {
		const { text, action } = parts[next] ?? { text: "" };
		next += 1;
		if (action === undefined) results = join(results, [text]);
		else if (/^(else|end)\b/.test(action))
			return { results, next, end: action };
		else if (/^(if|with|range|block|define)\b/.test(action)) {
			const branches = readBranches(parts, next);
			next = branches.next;
			results = join(
				results,
				/^(if|with)\b/.test(action) ? branches.results : [undefined],
			);
		} else results = join(results, readAction(action));
	}
	return { results, next };
}

/** The branches of a condition. Without an `else`, there is one more, which gives nothing. */
function readBranches(
	parts: readonly Part[],
	from: number,
): { results: Results; next: number } {
	let all: Results = [];
	let next = from;
	let isLast = false;
	for (;;) {
		const branch = readStretch(parts, next);
		all = [...all, ...branch.results];
		next = branch.next;
		if (branch.end === undefined) return { results: [undefined], next };
		if (branch.end.startsWith("end"))
			return { results: isLast ? all : [...all, ""], next };
		isLast = branch.end === "else";
	}
}

/** What an action that is no condition gives. */
function readAction(action: string): Results {
	if (/^(\/\*|\$\w+\s*:?=)/.test(action)) return [""];
	const [, quoted, raw] = /^(?:"([^"\\]*)"|`([^`]*)`)$/.exec(action) ?? [];
	return [quoted ?? raw];
}

function join(before: Results, after: Results): Results {
	const all = before.flatMap((one) =>
		after.map((other) =>
			one === undefined || other === undefined ? undefined : one + other,
		),
	);
	return all.length > mostResults ? [undefined] : all;
}
