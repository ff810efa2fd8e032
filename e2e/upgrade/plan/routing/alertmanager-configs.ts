import { uniq } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { mapsAt, textsAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at, textAt } from "../charts/fields.ts";
import { pairByKey } from "../charts/pairs.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { anchored } from "../targets/relabel.ts";

const kind = "AlertmanagerConfig";

/** Receivers of AlertmanagerConfigs that are removed, and AlertmanagerConfigs that the operator leaves out. */
export function compareAlertmanagerConfigs(a: Side, b: Side): Reason[] {
	const { gone } = pairByKey(receiversOf(a), receiversOf(b), ({ key }) => key);
	const known = new Map(
		objectsOf(a, kind).map((each) => [nameOf(each), problemsOf(each)]),
	);
	return [
		...gone.map(({ object, name }) =>
			makeReason(
				"receiver-gone",
				`${object} ${name}`,
				`The receiver ${name} of ${object} is removed: its alerts go elsewhere or nowhere.`,
				{ wayOut: `Add it to ${object} again.` },
			),
		),
		...objectsOf(b, kind).flatMap((each) => {
			const found = problemsOf(each).filter(
				(problem) => !known.get(nameOf(each))?.includes(problem),
			);
			return found.length === 0
				? []
				: [
						makeReason(
							"alertmanager-refused",
							nameOf(each),
							`The operator leaves all of ${nameOf(each)} out: ${found[0]}.`,
							{
								evidence: found,
								wayOut: `Correct ${nameOf(each)}; until then its alerts go elsewhere or nowhere, and only the operator's log says why.`,
							},
						),
					];
		}),
	];
}

/** Another object of the namespace may have the receiver now. */
function receiversOf(side: Side) {
	return objectsOf(side, kind).flatMap((object) =>
		mapsAt(object.spec, "receivers")
			.map((each) => textAt(each, "name"))
			.map((name) => ({
				key: `${object.metadata.namespace} ${name}`,
				object: nameOf(object),
				name,
			})),
	);
}

/** What the operator says against an AlertmanagerConfig, beside what its CRD says. */
function problemsOf({ spec }: Manifest): string[] {
	const receivers = namesAt(spec, "receivers");
	const intervals = [
		...namesAt(spec, "muteTimeIntervals"),
		...namesAt(spec, "timeIntervals"),
	];
	const routes = routesBelow(at(spec, "route"));
	const missing = (what: string, names: readonly string[], known: string[]) =>
		names
			.filter((name) => name !== "" && !known.includes(name))
			.map((name) => `a route names the ${what} ${name}, which is not there`);
	const matchers = [
		...routes.flatMap((route) => mapsAt(route, "matchers")),
		...mapsAt(spec, "inhibitRules").flatMap((rule) => [
			...mapsAt(rule, "sourceMatch"),
			...mapsAt(rule, "targetMatch"),
		]),
	];
	return uniq([
		...missing(
			"receiver",
			routes.map((route) => textAt(route, "receiver")),
			receivers,
		),
		...missing(
			"time interval",
			routes.flatMap((route) => [
				...textsAt(route, "muteTimeIntervals"),
				...textsAt(route, "activeTimeIntervals"),
			]),
			intervals,
		),
		...receivers
			.filter((name, i) => receivers.indexOf(name) !== i)
			.map((name) => `two receivers are called ${name}`),
		...matchers
			.filter((each) => isRegex(each) && !anchored(textAt(each, "value")))
			.map(
				(each) =>
					`${textAt(each, "value")} of a matcher for ${textAt(each, "name")} is no regular expression`,
			),
	]);
}

function isRegex(matcher: unknown): boolean {
	return (
		/^[=!]~$/.test(textAt(matcher, "matchType")) ||
		at(matcher, "regex") === true
	);
}

function namesAt(spec: unknown, field: string): string[] {
	return mapsAt(spec, field).map((each) => textAt(each, "name"));
}

function routesBelow(route: unknown): unknown[] {
	return route === undefined || route === null
		? []
		: [route, ...mapsAt(route, "routes").flatMap(routesBelow)];
}
