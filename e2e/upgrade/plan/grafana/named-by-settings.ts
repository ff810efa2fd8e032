import { uniq, uniqBy } from "es-toolkit";
import { nameOf } from "../../../clients/kube-objects.ts";
import { isMap } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import type { Side } from "../charts/side.ts";
import {
	grafanaPodsOf,
	isBelow,
	mountPathsOf,
	type Variables,
	variablesOf,
} from "./grafana-pods.ts";
import { iniFilesOf, withoutQuotes } from "./grafana-settings.ts";
import { provisioningFilesOf } from "./provisioned.ts";

/** A file or a variable that something of Grafana's names. */
interface Named {
	readonly what: "file" | "variable";
	readonly name: string;
	/** e.g. `auth.google.client_secret of grafana.ini`. */
	readonly by: string;
}

/** Files and variables that Grafana's settings still name, and that its pods do not have any more. */
export function compareNamedBySettings(a: Side, b: Side): Reason[] {
	const [pod] = grafanaPodsOf(b);
	if (!pod || grafanaPodsOf(a).length === 0) return [];
	const known = new Set(namedIn(a).map(({ name }) => name));
	const lost = namedIn(b).filter(
		(each) => known.has(each.name) && isLost(each, a, b),
	);
	return uniqBy(lost, ({ name }) => name).map(({ what, name }) => {
		const users = uniq(
			lost.filter((each) => each.name === name).map(({ by }) => by),
		);
		const said = what === "file" ? `the file ${name}` : `the variable ${name}`;
		const effect =
			what === "file"
				? "which is not mounted any more: Grafana does not start without it"
				: "which its container does not have any more: it is empty now";
		return makeReason(
			"reference-gone",
			`${nameOf(pod.workload)} ${name}`,
			`Grafana still takes ${users[0]} from ${said}, ${effect}.`,
			{
				evidence: users,
				wayOut:
					what === "file"
						? "Mount it again, for example with grafana.extraSecretMounts, or take it out of Grafana's settings."
						: "Set it again, for example with grafana.envFromSecret, or take it out of Grafana's settings.",
			},
		);
	});
}

function isLost({ what, name }: Named, a: Side, b: Side): boolean {
	if (what === "file") {
		const covers = (side: Side) =>
			mountPathsOf(side).some((each) => isBelow(name, each));
		return covers(a) && !covers(b);
	}
	const now = variablesOf(b);
	return (
		mayHave(variablesOf(a), name) && !now.known.has(name) && !now.hasOthers
	);
}

/** Whether it was there: from objects that nobody sees come such names; what else looks like a variable may be the text's own. */
function mayHave({ known, hasOthers }: Variables, name: string): boolean {
	return known.has(name) || (hasOthers && /^[A-Z][A-Z0-9_]+$/.test(name));
}

function namedIn(side: Side): Named[] {
	const settings = iniFilesOf(side).flatMap((sections) =>
		Object.entries(sections).flatMap(([section, own]) =>
			Object.entries(own).flatMap(([key, value]) =>
				ofSetting(withoutQuotes(value), `${section}.${key} of grafana.ini`),
			),
		),
	);
	const variables = [...variablesOf(side).known].flatMap(([name, value]) =>
		name.startsWith("GF_")
			? [
					...ofSetting(value ?? "", name),
					...(name.endsWith("__FILE") && value
						? [{ what: "file", name: value, by: name } as const]
						: []),
				]
			: [],
	);
	return [
		...settings,
		...variables,
		...provisioningFilesOf(side).flatMap(({ file, content }) =>
			textsIn(content).flatMap(({ path, text }) =>
				ofProvision(text, `${path} of ${file}`),
			),
		),
	];
}

/** grafana.ini and its variables know `$__file{path}`, `$__env{X}` and `${X}`. */
function ofSetting(text: string, by: string): Named[] {
	return [...text.matchAll(/\$(__env|__file|)\{([^}]+)\}/g)].map(
		([, provider, name = ""]) => ({
			what: provider === "__file" ? "file" : "variable",
			name: name.trim(),
			by,
		}),
	);
}

/** Provisioning also knows `$X`; `$$` is a dollar sign. */
function ofProvision(text: string, by: string): Named[] {
	const own = text.replaceAll("$$", "");
	return [
		...ofSetting(own, by),
		...[...own.matchAll(/\$(?!__)([A-Za-z_]\w*)/g)].map(
			([, name = ""]): Named => ({ what: "variable", name, by }),
		),
	];
}

/** Every text in a value, with its path. */
function textsIn(
	value: unknown,
	path: readonly string[] = [],
): { path: string; text: string }[] {
	if (typeof value === "string") return [{ path: path.join("."), text: value }];
	if (Array.isArray(value))
		return value.flatMap((each: unknown) => {
			const name =
				isMap(each) && typeof each.name === "string" ? each.name : "";
			return textsIn(each, name ? [...path, name] : path);
		});
	return isMap(value)
		? Object.entries(value).flatMap(([key, each]) =>
				textsIn(each, [...path, key]),
			)
		: [];
}
