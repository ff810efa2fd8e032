/**
 * Whether a label selector in one text, as `app=x,tier in (a,b),!old`, selects an object with these labels; undefined if
 * it cannot be read.
 */
export function matchesSelectorText(
	text: string,
	labels: Readonly<Record<string, string>>,
): boolean | undefined {
	const found = text
		.split(/,(?![^(]*\))/)
		.map((each) => each.trim())
		.filter(Boolean)
		.map((each) => matches(each, labels));
	return found.includes(undefined)
		? undefined
		: found.every((each) => each === true);
}

function matches(
	condition: string,
	labels: Readonly<Record<string, string>>,
): boolean | undefined {
	const [, not, label = "", operator, value = ""] =
		/^(!)?\s*([\w./-]+)\s*(?:(==?|!=|\b(?:not)?in\b)\s*(.*))?$/.exec(
			condition,
		) ?? [];
	if (label === "") return undefined;
	const own = labels[label];
	switch (operator?.trim()) {
		case undefined:
			return not ? own === undefined : own !== undefined;
		case "=":
		case "==":
			return own === value;
		case "!=":
			return own !== value;
		case "in":
			return own !== undefined && listIn(value).includes(own);
		default:
			return own === undefined || !listIn(value).includes(own);
	}
}

function listIn(text: string): string[] {
	return text
		.replace(/^\(|\)$/g, "")
		.split(",")
		.map((each) => each.trim());
}
