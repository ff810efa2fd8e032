import { isEqual, omit } from "es-toolkit";
import { get } from "es-toolkit/compat";
import { z } from "zod";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { isDuration } from "../../../common/duration.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { dataOf } from "../charts/data.ts";
import {
	type Difference,
	describeDifference,
	describeHidden,
	differencesOf,
} from "../charts/differences.ts";
import { pairByKey } from "../charts/pairs.ts";
import { readYaml } from "../charts/read-yaml.ts";
import { allObjectsOf, type Side } from "../charts/side.ts";
import { type DeclaredRule, selectedRules } from "../monitoring/rule-schema.ts";
import { configurationSecrets } from "./configuration-secrets.ts";
import { firstNames } from "./first-names.ts";
import { movedAlerts } from "./moved-alerts.ts";
import { plainReceiver, plainRest } from "./plain-receivers.ts";
import {
	describePlainInhibition,
	plainInhibition,
	plainRoute,
	withPlainWaits,
} from "./plain-routing.ts";
import { describeRouteChanges } from "./route-changes.ts";

const named = z.looseObject({ name: z.string() });
const configuration = z.looseObject({
	route: z.unknown(),
	global: z.unknown().optional(),
	receivers: z
		.array(named)
		.nullish()
		.transform((list) => list ?? []),
	inhibit_rules: z
		.array(z.unknown())
		.nullish()
		.transform((list) => list ?? []),
});
type Configuration = z.infer<typeof configuration>;

const file = "alertmanager.yaml";

/** What changes in Alertmanager's configuration. Of receivers no texts are quoted, because they may hold secrets. */
export function compareRouting(a: Side, b: Side): Reason[] {
	const before = configurationsOf(a);
	const after = configurationsOf(b);
	const { both } = pairByKey(before, after, ({ name }) => name);
	const sole = both.length === 0 && before.length === 1 && after.length === 1;
	const pairs = sole ? [[before[0], after[0]] as const] : both;
	const hasObjects = [a, b].some(
		(side) => allObjectsOf(side, "AlertmanagerConfig").length > 0,
	);
	const rules = selectedRules(b);
	return pairs.flatMap(([old, now]) =>
		old && now
			? [
					...compareConfigurations(
						old.content,
						now.content,
						now.name,
						hasObjects,
					),
					...compareRoutes(old, now, rules, hasObjects),
				]
			: [],
	);
}

interface WrittenConfiguration {
	/** Of the Secret. */
	readonly name: string;
	readonly text: string;
	readonly content: Configuration;
}

function compareRoutes(
	{ content: { route: old }, text }: WrittenConfiguration,
	now: WrittenConfiguration,
	rules: readonly DeclaredRule[],
	hasObjects: boolean,
): Reason[] {
	const { route } = now.content;
	if (isEqual(plainRoute(old), plainRoute(route))) return [];
	const { lines, lost } = movedAlerts(text, now.text, rules);
	// The routes of AlertmanagerConfigs may take an alert before the chart's.
	const isUnsafe = lost.length > 0 && !hasObjects;
	return [
		makeReason(
			"route-changed",
			now.name,
			isUnsafe
				? `The routing tree changes: nobody gets ${firstNames(lost)} any more.`
				: "The routing tree changes.",
			{
				evidence: [...lines, ...describeRouteChanges(old, route)],
				...(isUnsafe && {
					danger: "unsafe" as const,
					wayOut:
						"Route them to a receiver that sends to somebody, or name in a route those that nobody shall get.",
				}),
			},
		),
	];
}

function configurationsOf(side: Side): WrittenConfiguration[] {
	return configurationTexts(side).flatMap(({ name, text }) => {
		const content = configuration.safeParse(withPlainWaits(readYaml(text)));
		return content.success ? [{ name, text, content: content.data }] : [];
	});
}

/** The configurations of Alertmanager that the chart makes. */
function configurationTexts(
	side: Side,
): { readonly name: string; readonly text: string }[] {
	return configurationSecrets(side).flatMap((secret: Manifest) => {
		const text = dataOf(secret).get(file);
		return text === undefined ? [] : [{ name: nameOf(secret), text }];
	});
}

function compareConfigurations(
	old: Configuration,
	now: Configuration,
	subject: string,
	hasObjects: boolean,
): Reason[] {
	const { both, gone } = pairByKey(
		old.receivers,
		now.receivers,
		({ name }) => name,
	);
	const differences = (from: unknown, to: unknown) =>
		differencesOf(
			plainReceiver(from, old.global ?? {}),
			plainReceiver(to, now.global ?? {}),
		);
	const [before, after] = [old, now].map(({ inhibit_rules }) =>
		inhibit_rules.map(plainInhibition),
	);
	const reasons = [
		...gone.map(({ name }) =>
			makeReason(
				"receiver-gone",
				name,
				`The receiver ${name} is removed: its alerts go elsewhere or nowhere.`,
			),
		),
		...both
			// What changes only in the global part is told once.
			.filter(([from, to]) => !isEqual(plainReceiver(from), plainReceiver(to)))
			.map(([from, to]) => ({
				name: to.name,
				found: differences(from, to).map(asWrittenIn(from, to)),
			}))
			.filter(({ found }) => found.length > 0)
			.map(({ name, found }) =>
				makeReason(
					"receiver-changed",
					name,
					`The configuration of the receiver ${name} changes.`,
					{ evidence: found.map(describeCautiously) },
				),
			),
	];
	const fewer = minus(before ?? [], after ?? []);
	const more = minus(after ?? [], before ?? []);
	if (fewer.length + more.length > 0)
		reasons.push(
			makeReason(
				"inhibition-changed",
				subject,
				`${[countOf(fewer.length, "gone"), countOf(more.length, "new")].flat().join(", and ")}.`,
				{
					evidence: [
						...fewer.map((each) => `gone: ${describePlainInhibition(each)}`),
						...more.map((each) => `new: ${describePlainInhibition(each)}`),
					],
				},
			),
		);
	// Objects of AlertmanagerConfig take from the global part, too.
	const isInherited =
		hasObjects || both.some(([from, to]) => differences(from, to).length > 0);
	const rest = (each: Configuration) =>
		plainRest(omit(each, ["route", "receivers", "inhibit_rules"]), isInherited);
	const others = differencesOf(rest(old), rest(now));
	if (others.length > 0)
		reasons.push(
			makeReason(
				"alerting-configuration-changed",
				subject,
				"Other parts of Alertmanager's configuration change.",
				{
					evidence: others.map(asWrittenIn(old, now)).map(describeCautiously),
				},
			),
		);
	return reasons;
}

/** Shows a default that a side has written out, which is compared as if it had not. */
function asWrittenIn(old: object, now: object) {
	return ({ path, from, to }: Difference): Difference => ({
		path,
		from: from ?? get(old, path),
		to: to ?? get(now, path),
	});
}

/** Any text may be an address that is secret, as a webhook's; a number, a switch or a duration is not. */
function describeCautiously(difference: Difference): string {
	const isPlain = [difference.from, difference.to].every(
		(each) =>
			["undefined", "number", "boolean"].includes(typeof each) ||
			(typeof each === "string" && isDuration(each)),
	);
	return isPlain ? describeDifference(difference) : describeHidden(difference);
}

function countOf(rules: number, how: string): string[] {
	if (rules === 0) return [];
	return [
		rules === 1
			? `1 inhibition rule is ${how}`
			: `${rules} inhibition rules are ${how}`,
	];
}

function minus(a: readonly unknown[], b: readonly unknown[]): unknown[] {
	return a.filter((each) => !b.some((other) => isEqual(each, other)));
}
