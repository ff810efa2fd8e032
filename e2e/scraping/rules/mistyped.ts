import { matchersOf, type Selector } from "../../common/promql/expressions.ts";
import type { FindSeries, LabelSources } from "./label-misfits.ts";

/** Of these, programs of all languages have some of their own, with names that are much alike. */
const ofEachLanguage = /^(process|go)_/;

/**
 * What addons expose that are scraped in every cluster of the homelab. What is not there of them may be of another version,
 * or nothing has happened yet that it counts: only a slip shows that it can never be there.
 */
const ofAddons = /^(argocd|certmanager|externalsecret|loki|minio)_/;

/** Whether a metric is one of an addon's. */
export function isOfAddon(metric: string): boolean {
	return ofAddons.test(metric);
}

/** Words that are one letter apart, and that both are in names of metrics. */
const siblings = [
	["nfs", "nfsd"],
	["rchar", "wchar"],
	["SReclaimable", "KReclaimable"],
].map((pair) => pair.join(" "));

/** Units that counters and sizes have at the end of their names, and that are easily forgotten. */
const units = ["_total", "_bytes", "_seconds", "_seconds_total"];

/** Labels with few values, which are the same in every cluster: elsewhere, sda and sdb are two disks. */
const ofFewValues =
	/^(phase|mode|condition|status|reason|state|resource|unit|type)$/;

/** Names this long are no others by chance, as radarr and readarr are. */
const longName = 8;

/** Labels with what somebody has written on an object. */
const ofPeople = /^(label|annotation)_/;

/**
 * Which metric is meant by a name that no series has, as a clause: one that is a slip away from it. Undefined if there is
 * no such one.
 *
 * @param find the labels of an expression's series
 */
export async function whyMistyped(
	metric: string,
	find: FindSeries,
): Promise<string | undefined> {
	if (metric.includes(":") || ofEachLanguage.test(metric)) return undefined;
	const [word = ""] = metric.split("_");
	const alike = await find(`group by (__name__) ({__name__=~"${word}_.+"})`);
	const names = alike.map(({ __name__ = "" }) => __name__);
	if (names.includes(metric)) return undefined;
	const meant = names.find((name) => isMistyped(metric, name));
	return meant && `nothing exposes it, as it is ${meant} that targets expose`;
}

/** Whether a metric's name is another one with a slip: a letter, an underscore or a unit too many, too few or wrong. */
export function isMistyped(name: string, meant: string): boolean {
	if (name === meant || meant.includes(":")) return false;
	// Another version of an addon may have it without.
	if (!isOfAddon(name) && units.some((unit) => `${name}${unit}` === meant))
		return true;
	if (joined(name) === joined(meant)) return true;
	const [words, others] = [name.split("_"), meant.split("_")];
	if (words.length !== others.length) return false;
	const pairs = words
		.map((word, index): [string, string] => [word, others[index] ?? ""])
		.filter(([word, other]) => word !== other);
	const [[word, other] = ["", ""]] = pairs;
	return (
		pairs.length === 1 &&
		!siblings.includes(`${word} ${other}`) &&
		!siblings.includes(`${other} ${word}`) &&
		// As rx and tx, xfs and zfs.
		!(word.length === other.length && word.length <= 3) &&
		isOneSlipFrom(word, other)
	);
}

function joined(name: string): string {
	return name.toLowerCase().replaceAll("_", "");
}

/** Whether two words differ in one letter, or in the order of two. Digits tell things apart. */
function isOneSlipFrom(one: string, other: string): boolean {
	let start = 0;
	while (start < one.length && one[start] === other[start]) start += 1;
	let end = 0;
	while (
		end < Math.min(one.length, other.length) - start &&
		one.at(-1 - end) === other.at(-1 - end)
	)
		end += 1;
	const [left, right] = [one, other].map((word) =>
		word.slice(start, word.length - end),
	);
	if (left === undefined || right === undefined || left === right) return false;
	if (!/^[A-Za-z]*$/.test(`${left}${right}`)) return false;
	return (
		(left.length <= 1 && right.length <= 1) ||
		(left.length === 2 && left === [...right].toReversed().join(""))
	);
}

/** Names in a label's values. */
interface Names {
	/** Those that a name with a slip can only mean. */
	readonly meant: readonly string[];
	/** More of those that are no slip. */
	readonly others: readonly string[];
}

/** What is scraped. */
type Scraped = Pick<LabelSources, "targets" | "configs">;

/**
 * Which value of a label is meant by one that no series of the metric has, as a clause: one that differs in upper and lower
 * case, or in a letter where all values are known. Undefined if there is no such one.
 */
export async function whyMistypedValue(
	selector: Selector,
	scraped: Scraped,
	find: FindSeries,
): Promise<string | undefined> {
	const { metric } = selector;
	if (!metric || metric.includes(":")) return undefined;
	for (const { label, operator, value } of matchersOf(selector)) {
		const isList = operator === "=~" && /^[\w-]+(\|[\w-]+)*$/.test(value);
		if ((operator !== "=" && !isList) || ofPeople.test(label)) continue;
		const asked = isList ? value.split("|") : [value];
		const found = await find(`group by (${label}) (${metric})`);
		const values = found.map((series) => series[label] ?? "");
		if (asked.every((each) => values.includes(each))) continue;
		const names = await readNames(label, scraped, find);
		const meant = asked.map((each) =>
			values.includes(each)
				? undefined
				: values.find(
						(own) =>
							isMistypedValue(label, each, own) ||
							isMistypedName(each, own, names),
					),
		);
		if (meant.length > 0 && meant.every((each) => each !== undefined))
			return `no series of ${metric} has ${label}${operator}${JSON.stringify(value)}, and some have ${label}=${JSON.stringify(meant[0])}`;
	}
	return undefined;
}

/** The jobs that are scraped, or the namespaces of the stack itself: what else is not here may come later. */
async function readNames(
	label: string,
	{ targets, configs }: Scraped,
	find: FindSeries,
): Promise<Names> {
	const ofTargets = targets.map(({ labels }) => labels[label] ?? "");
	if (label === "job")
		return {
			meant: ofTargets,
			others: configs.map(({ job_name }) => job_name),
		};
	if (label !== "namespace") return { meant: [], others: [] };
	const own = await find("group by (namespace) (prometheus_build_info)");
	return {
		meant: ["kube-system", ...own.map(({ namespace = "" }) => namespace)],
		others: ofTargets,
	};
}

function isMistypedName(
	asked: string,
	own: string,
	{ meant, others }: Names,
): boolean {
	return (
		Math.min(asked.length, own.length) >= longName &&
		meant.includes(own) &&
		![...meant, ...others].includes(asked) &&
		isOneSlipFrom(asked, own)
	);
}

function isMistypedValue(label: string, asked: string, own: string): boolean {
	if (asked === "" || own === "") return false;
	return (
		asked.toLowerCase() === own.toLowerCase() ||
		(ofFewValues.test(label) &&
			Math.min(asked.length, own.length) > 3 &&
			isOneSlipFrom(asked, own))
	);
}
