import { nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { dataOf } from "../charts/data.ts";
import type { Side } from "../charts/side.ts";
import { versionOf } from "../known/versions.ts";
import { configurationSecrets } from "../routing/configuration-secrets.ts";
import { judgeRefusal } from "./other-versions.ts";

/** A configuration of Alertmanager, and the templates that lie beside it. */
export interface AlertmanagerFiles {
	readonly text: string;
	readonly templates: Readonly<Record<string, string>>;
}

/** Has amtool check a configuration of Alertmanager. @returns why it refuses it; undefined if it does not */
export type CheckAlertmanager = (
	files: AlertmanagerFiles,
) => Promise<string | undefined>;

/** Configurations that Alertmanager refuses, and that are not those of before. */
export async function findRefusedRouting(
	a: Side,
	b: Side,
	check: CheckAlertmanager,
): Promise<Reason[]> {
	const before = filesOf(a).map(({ files }) => files);
	const known = before.map((each) => JSON.stringify(each));
	const changed = filesOf(b).filter(
		({ files }) => !known.includes(JSON.stringify(files)),
	);
	const reasons = await Promise.all(
		changed.map(async ({ name, files }) => {
			const problem = await check(files);
			if (problem === undefined) return [];
			const { isAccepted, danger, doubt } = judgeRefusal(
				problem,
				"amtool",
				versionOf(b, "alertmanager"),
			);
			if (isAccepted) return [];
			const old = await Promise.all(before.map(check));
			return old.includes(problem)
				? []
				: [
						makeReason(
							"alertmanager-refused",
							name,
							`Alertmanager refuses its configuration: ${problem}.${doubt}`,
							{ ...(danger && { danger }) },
						),
					];
		}),
	);
	return reasons.flat();
}

export const configurationFile = "alertmanager.yaml";
/** Where the operator puts the Secret with the configuration. */
export const configurationFolder = "/etc/alertmanager/config/";

function filesOf(side: Side): { name: string; files: AlertmanagerFiles }[] {
	return configurationSecrets(side).flatMap((secret) => {
		const { [configurationFile]: text, ...templates } = Object.fromEntries(
			dataOf(secret),
		);
		return text === undefined
			? []
			: [
					{
						name: nameOf(secret),
						// amtool has them all in one folder. Without `./`, `*.tmpl` would be an alias of YAML.
						files: {
							text: text.replaceAll(configurationFolder, "./"),
							templates,
						},
					},
				];
	});
}
