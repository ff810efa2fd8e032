/** What is put in for a variable. */
export interface VariableValue {
	readonly value: string | readonly string[];
	/** Whether more than one value can be chosen, so that values are put in as a regular expression. */
	readonly several: boolean;
	/** An `allValue`, which is put in as it is. */
	readonly asIs?: boolean;
	/** That there is nothing to choose from. */
	readonly nothing?: NothingToChoose;
}

/** A variable without options. */
export interface NothingToChoose {
	readonly why: string;
	/** What was asked for options; undefined if it is refused. */
	readonly query?: string;
}

/** The values of variables, by their names. */
export type VariableValues = ReadonlyMap<string, VariableValue>;

const reference =
	/\$(?<plain>[a-zA-Z_]\w*)|\[\[(?<old>\w+?)(?::(?<oldFormat>\w+))?\]\]|\$\{(?<braced>\w+)(?<field>\.[^:}]+)?(?::(?<format>[^}]+))?\}/g;

/** What Grafana's backend puts in, by the interval that it works out. `__auto` is Loki's. */
const ofBackend = /^__(auto|interval|rate_interval|range)(_ms|_s)?$/;

/** How a value without a format is written into a query. */
type Quote = (value: VariableValue) => string;

/**
 * Replaces variables with their values, as Grafana's pages do. What is not a variable of the dashboard stays, and so does
 * what is to be written as a date and is none.
 */
export function fillIn(
	text: string,
	values: VariableValues,
	quote: Quote = listed,
): string {
	return text.replaceAll(reference, (whole, ...rest) => {
		const { plain, old, oldFormat, braced, field, format } = rest.at(-1);
		const value =
			values.get(`${braced}${field}`) ?? values.get(plain ?? old ?? braced);
		if (!value) return whole;
		if (value.asIs) return fillIn(listed(value), values, quote);
		return writeAs(oldFormat ?? format, value, quote) ?? whole;
	});
}

/** The variables that are left in a text, without those that Grafana's backend replaces. */
export function findUnfilled(text: string): string[] {
	return [...text.matchAll(reference)].flatMap(({ 0: whole, groups }) => {
		const { plain, old, braced } = groups ?? {};
		return ofBackend.test(plain ?? old ?? braced ?? "") ? [] : [whole];
	});
}

/** Why a variable is left in a text, as a clause. @param left as `findUnfilled` finds it */
export function whyUnfilled(left: string, values: VariableValues): string {
	const [{ groups = {} } = {}] = left.matchAll(reference);
	const { plain, old, braced } = groups;
	const value = values.get(plain ?? old ?? braced ?? "");
	return value
		? `whose value ${JSON.stringify(value.value)} cannot be written as a date: it is no time in milliseconds`
		: "which is not a variable of the dashboard";
}

/** The variables that a text uses and that have nothing to choose from. */
export function findEmpty(
	text: string,
	values: VariableValues,
): NothingToChoose[] {
	return [...text.matchAll(reference)].flatMap(({ groups }) => {
		const { plain, old, braced } = groups ?? {};
		return values.get(plain ?? old ?? braced ?? "")?.nothing ?? [];
	});
}

/** The same query, whatever is chosen: matchers with a variable match everything. */
export function widen(expression: string): string {
	return expression.replaceAll(
		/(\w+)\s*(?:=~|=)\s*"[^"]*(?:\$\{?[a-zA-Z_]|\[\[)[^"]*"/g,
		'$1=~".*"',
	);
}

/** For PromQL: in the string of a matcher, as a regular expression if there can be several values. */
export const inPromql: Quote = ({ value, several }) => {
	if (!several) return escapeString(asList(value).join(","));
	const escaped = asList(value).map(escapePattern);
	return typeof value === "string" || escaped.length === 1
		? (escaped[0] ?? "")
		: `(${escaped.join("|")})`;
};

/** For LogQL, the same without parentheses. */
export const inLogql: Quote = ({ value, several }) =>
	several
		? asList(value).map(escapePattern).join("|")
		: escapeString(asList(value).join(","));

/** Undefined if the value cannot be written so. */
function writeAs(
	format: string | undefined,
	value: VariableValue,
	quote: Quote,
): string | undefined {
	const all = asList(value.value);
	const [first = "", ...others] = all;
	switch (format) {
		case undefined:
			return quote(value);
		case "regex": {
			const escaped = all.map((each) =>
				each.replaceAll(/[\\^$*+?.()|[\]{}/]/g, "\\$&"),
			);
			return others.length > 0 ? `(${escaped.join("|")})` : escaped.join("");
		}
		case "pipe":
			return all.join("|");
		case "glob":
			return others.length > 0 ? `{${all.join(",")}}` : first;
		case "json":
			return JSON.stringify(value.value);
		case "doublequote":
			return all.map((each) => `"${each}"`).join(",");
		case "singlequote":
			return all.map((each) => `'${each}'`).join(",");
		case "percentencode":
			return encodeURIComponent(all.join(","));
		case "date":
		case "date:iso":
			return readDate(first)?.toISOString();
		case "date:seconds": {
			const time = readDate(first)?.getTime();
			return time === undefined ? undefined : String(Math.trunc(time / 1000));
		}
		default:
			return all.join(",");
	}
}

/** Undefined for what is no number of milliseconds, and for one that no date has. */
function readDate(text: string): Date | undefined {
	const date = new Date(/^-?\d+$/.test(text) ? Number(text) : Number.NaN);
	return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Neither escaped nor quoted. */
function listed({ value }: VariableValue): string {
	return asList(value).join(",");
}

function asList(value: string | readonly string[]): readonly string[] {
	return typeof value === "string" ? [value] : value;
}

function escapeString(text: string): string {
	return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}

/** Twice: for the regular expression, and for the string that it is in. */
function escapePattern(text: string): string {
	return text
		.replaceAll("\\", "\\\\\\\\")
		.replaceAll(/[$^*{}[\]'+?.()|]/g, "\\\\$&");
}
