import type { SemVer } from "semver";
import { textsAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { versionOf } from "../known/versions.ts";
import { refusedRule } from "./expressions.ts";
import { type Judgement, judgeRefusal } from "./other-versions.ts";
import { ownConfigurations } from "./own-configuration.ts";
import { ruleFiles } from "./rule-files.ts";

/** promtool. */
export interface CheckPrometheus {
	/** Which Prometheus it belongs to. */
	readonly version: SemVer | undefined;
	/** @returns what it says against each of these files of rules */
	rules(
		files: Readonly<Record<string, string>>,
		features: readonly string[],
	): Promise<ReadonlyMap<string, readonly string[]>>;
	/** @returns why it refuses a configuration; undefined if it does not */
	configuration(text: string): Promise<string | undefined>;
}

/** Rules and scrape jobs that Prometheus refuses, and that are not those of before. */
export async function findRefusedByPrometheus(
	a: Side,
	b: Side,
	check: CheckPrometheus,
	found: readonly Reason[],
): Promise<Reason[]> {
	const [rules, configurations] = await Promise.all([
		refusedRules(a, b, check),
		refusedConfigurations(a, b, check),
	]);
	const known = new Set(
		found.flatMap(({ id, subject }) =>
			id === "expression-refused" ? [subject] : [],
		),
	);
	return [
		...rules.filter(({ subject }) => !known.has(subject)),
		...configurations,
	];
}

async function refusedRules(
	a: Side,
	b: Side,
	check: CheckPrometheus,
): Promise<Reason[]> {
	const old = ruleFiles(a);
	const changed = [...ruleFiles(b)].filter(
		([object, text]) => old.get(object) !== text,
	);
	if (changed.length === 0) return [];
	const files = changed.flatMap(([object, text], i) => {
		const before = old.get(object);
		return [
			[`new-${i}.json`, text] as const,
			...(before === undefined ? [] : [[`old-${i}.json`, before] as const]),
		];
	});
	const said = await check.rules(Object.fromEntries(files), featuresOf(b));
	return changed.flatMap(([object], i) => {
		const before = (said.get(`old-${i}.json`) ?? []).map(ruleIn);
		const problems = (said.get(`new-${i}.json`) ?? [])
			.filter((each) => !judge(each, b, check).isAccepted)
			.map(ruleIn)
			.filter(
				(each) =>
					!before.some(
						(other) =>
							other.name === each.name && other.problem === each.problem,
					),
			);
		return [...Map.groupBy(problems, ({ name }) => name)].map(([name, own]) => {
			const found = own.map(({ problem }) => problem);
			return withDoubt(
				refusedRule(object, name, found),
				found.map((problem) => judge(problem, b, check)),
			);
		});
	});
}

/** e.g. `group "own", rule 1, "A": could not parse expression: ...`; without a name if it is about all of the file. */
function ruleIn(said: string): { name: string; problem: string } {
	const [, name = "", problem = said] =
		/^group "[^"]*", rule \d+, "([^"]*)": (.*)$/s.exec(said) ?? [];
	return { name, problem };
}

/** What promtool knows of features, and this Prometheus has switched on. */
function featuresOf(side: Side): string[] {
	const features = objectsOf(side, "Prometheus").flatMap((each) =>
		textsAt(each, "spec", "enableFeatures"),
	);
	return ["promql-experimental-functions"].filter((each) =>
		features.includes(each),
	);
}

async function refusedConfigurations(
	a: Side,
	b: Side,
	check: CheckPrometheus,
): Promise<Reason[]> {
	const old = ownConfigurations(a);
	const reasons = await Promise.all(
		[...ownConfigurations(b)].map(async ([name, text]) => {
			const before = old.get(name);
			if (before === text) return [];
			const problem = await check.configuration(text);
			if (problem === undefined) return [];
			const judgement = judge(problem, b, check);
			if (judgement.isAccepted) return [];
			if (before && (await check.configuration(before)) === problem) return [];
			return [
				withDoubt(
					makeReason(
						"prometheus-refused",
						name,
						`${name} refuses its configuration with what your values say of it: ${withoutLines(problem)}.`,
					),
					[judgement],
				),
			];
		}),
	);
	return reasons.flat();
}

/** A reason is as sure as the surest of its problems. */
function withDoubt(reason: Reason, judgements: readonly Judgement[]): Reason {
	const [first] = judgements;
	const isSure = judgements.some(({ danger }) => danger === undefined);
	return isSure || !first?.danger
		? reason
		: { ...reason, danger: first.danger, what: reason.what + first.doubt };
}

/** It is all in one line. */
function withoutLines(problem: string): string {
	return problem
		.replace("yaml: unmarshal errors: ", "")
		.replaceAll("line 1: ", "");
}

function judge(
	problem: string,
	side: Side,
	{ version }: CheckPrometheus,
): Judgement {
	return judgeRefusal(
		problem,
		"promtool",
		versionOf(side, "prometheus"),
		version,
	);
}
