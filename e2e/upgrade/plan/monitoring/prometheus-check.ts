import { uniq } from "es-toolkit";
import type { SemVer } from "semver";
import { textsAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { versionOf } from "../known/versions.ts";
import { refusedRule } from "./expressions.ts";
import { type Judgement, judgeRefusal } from "./other-versions.ts";
import { ownConfigurations } from "./own-configuration.ts";
import { ruleFiles } from "./rule-files.ts";
import { selectedRules } from "./rule-schema.ts";

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
		const before = (said.get(`old-${i}.json`) ?? []).map((each) =>
			ruleIn(each, namesIn(a, object)),
		);
		const problems = (said.get(`new-${i}.json`) ?? [])
			.filter((each) => !judge(each, b, check).isAccepted)
			.map((each) => ruleIn(each, namesIn(b, object)))
			.filter(
				(each) =>
					!before.some(
						(other) =>
							other.name === each.name && other.problem === each.problem,
					),
			);
		return [...Map.groupBy(problems, ({ name }) => name)].map(([name, own]) => {
			const found = uniq(own.map(({ problem }) => problem));
			return withDoubt(
				refusedRule(object, name, found),
				found.map((problem) => judge(problem, b, check)),
			);
		});
	});
}

/** Rules of an object by what promtool quotes of them where it does not say which one it means: how long they wait. */
function namesIn(side: Side, object: string): ReadonlyMap<string, string> {
	const rules = selectedRules(side).filter((each) => each.object === object);
	return new Map(
		rules.flatMap((each): [string, string][] => {
			const name = each.alert ?? each.record ?? "";
			return [
				[each.for, name],
				[each.keep_firing_for, name],
			];
		}),
	);
}

/**
 * e.g. `group "own", rule 1, "A": could not parse expression: ...`, or `unknown unit " minutes" in duration "5 minutes"`;
 * without a name if it is about all of the file.
 */
function ruleIn(
	said: string,
	names: ReadonlyMap<string, string>,
): { name: string; problem: string } {
	const [, name, problem = said] =
		/^group "[^"]*", rule \d+, "([^"]*)": (.*)$/s.exec(said) ?? [];
	const quoted = /duration:? "([^"]*)"/.exec(said)?.[1] ?? "";
	return { name: name ?? names.get(quoted) ?? "", problem };
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
