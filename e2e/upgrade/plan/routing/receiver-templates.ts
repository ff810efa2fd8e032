import { nameOf } from "../../../clients/kube-objects.ts";
import {
	isMap,
	mapsAt,
	stringAt,
	textsAt,
} from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { dataOf } from "../charts/data.ts";
import { readYaml } from "../charts/read-yaml.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import {
	configurationFile,
	configurationFolder,
} from "../monitoring/alertmanager-check.ts";
import { ofAlertmanager } from "../monitoring/go-template/functions.ts";
import { templateErrorIn } from "../monitoring/go-template/parse.ts";
import { configurationSecrets } from "./configuration-secrets.ts";

/** Receivers whose messages Alertmanager cannot write, and could before: it loads them, and then each message fails. */
export function compareReceiverTemplates(a: Side, b: Side): Reason[] {
	const before = new Set(brokenReceivers(a).map(keyOf));
	const broken = brokenReceivers(b).filter((each) => !before.has(keyOf(each)));
	return [...Map.groupBy(broken, ({ receiver }) => receiver)].map(
		([receiver, found]) =>
			makeReason(
				"notification-fails",
				receiver,
				`Alertmanager cannot write the messages of the receiver ${receiver}: ${found[0]?.problem}.`,
				{ evidence: found.map(({ problem }) => problem) },
			),
	);
}

interface BrokenReceiver {
	readonly receiver: string;
	readonly problem: string;
}

function keyOf({ receiver, problem }: BrokenReceiver): string {
	return `${receiver} ${problem}`;
}

function brokenReceivers(side: Side): BrokenReceiver[] {
	return [...brokenInSecrets(side), ...brokenInObjects(side)];
}

/** Which templates there are for AlertmanagerConfigs is not known: those are of the Alertmanager that merges them. */
function brokenInObjects(side: Side): BrokenReceiver[] {
	return objectsOf(side, "AlertmanagerConfig").flatMap((object) =>
		mapsAt(object.spec, "receivers").flatMap((each) =>
			brokenIn(each, undefined, `${nameOf(object)} `),
		),
	);
}

function brokenIn(
	receiver: unknown,
	defined: ReadonlySet<string> | undefined,
	place: string,
): BrokenReceiver[] {
	return textsBelow(receiver)
		.flatMap(({ path, text }) => problemsOf(text, path, defined))
		.map((problem) => ({
			receiver: `${place}${stringAt(receiver, "name") ?? ""}`,
			problem,
		}));
}

function brokenInSecrets(side: Side): BrokenReceiver[] {
	return configurationSecrets(side).flatMap((secret) => {
		const { [configurationFile]: text, ...files } = Object.fromEntries(
			dataOf(secret),
		);
		if (text === undefined) return [];
		const configuration = readYaml(text);
		const defined = definedBy(configuration, files);
		return mapsAt(configuration, "receivers").flatMap((each) =>
			brokenIn(each, defined, ""),
		);
	});
}

/** The names of all templates; undefined if some come from elsewhere. */
function definedBy(
	configuration: unknown,
	files: Readonly<Record<string, string>>,
): ReadonlySet<string> | undefined {
	const places = textsAt(configuration, "templates");
	return places.every((place) => place.startsWith(configurationFolder))
		? new Set(
				Object.values(files).flatMap((text) =>
					namesAfter(/\{\{-?\s*(?:define|block)\s+"([^"]+)"/g, text),
				),
			)
		: undefined;
}

function namesAfter(pattern: RegExp, text: string): string[] {
	return [...text.matchAll(pattern)].map(([, name = ""]) => name);
}

/** Those that Alertmanager brings along. */
const usual = /^__|^[a-z0-9]+\.default\./;

function problemsOf(
	text: string,
	path: string,
	defined: ReadonlySet<string> | undefined,
): string[] {
	const error = templateErrorIn(text, ofAlertmanager);
	if (error) return [`${path}: ${error}`];
	const own = namesAfter(/\{\{-?\s*(?:define|block)\s+"([^"]+)"/g, text);
	return namesAfter(/\{\{-?\s*template\s+"([^"]+)"/g, text)
		.filter(
			(name) =>
				defined &&
				!usual.test(name) &&
				!defined.has(name) &&
				!own.includes(name),
		)
		.map((name) => `${path}: there is no template ${name}`);
}

/** Secrets are no templates, and may hold anything. */
const secret = /password|secret|token|key|credentials|authorization/i;

function textsBelow(
	value: unknown,
	path = "",
): { readonly path: string; readonly text: string }[] {
	if (typeof value === "string")
		return value.includes("{{") ? [{ path, text: value }] : [];
	const entries: readonly (readonly [string, unknown])[] = Array.isArray(value)
		? value.map((each: unknown, i) => [String(i), each] as const)
		: isMap(value)
			? Object.entries(value)
			: [];
	return entries
		.filter(([name]) => !secret.test(name))
		.flatMap(([name, each]) =>
			textsBelow(each, path ? `${path}.${name}` : name),
		);
}
