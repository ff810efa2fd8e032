import pLimit from "p-limit";
import type { FileTree } from "../../common/tar.ts";
import type { Tools } from "../../harness/cluster/tools.ts";
import { takenRoutes } from "../destinations.ts";
import type { AlertmanagerConfig } from "../loaded-config.ts";
import { type AlertRule, withEachSeverity } from "../loaded-rules.ts";
import { findGroups, type GroupOfTwo } from "./groups-of-two.ts";
import { makeMessageData } from "./message-data.ts";
import { renderTemplates } from "./render.ts";
import { type TemplatedField, visibleTemplatesOf } from "./templated-fields.ts";

/** A file may have a template instead of Alertmanager's own. */
const ownDefault = /\bdefine\s+"slack\.default\./;

/**
 * Renders the Slack messages of each receiver to which critical and warning alerts come, about a group of two alerts that
 * are not the same. Alertmanager gives templates only what all alerts of a group have in common, and each planted alert is
 * alone in its group.
 *
 * @param files those of the configuration's `templates`
 * @returns a sentence for each message that is blank
 */
export async function findSilentMessages(
	tools: Pick<Tools, "amtool">,
	config: AlertmanagerConfig,
	rules: readonly AlertRule[],
	files: FileTree,
): Promise<string[]> {
	// Then what nobody has set says what a file makes of it.
	if (Object.values(files).some((each) => ownDefault.test(String(each))))
		return [];
	const routes = takenRoutes(config, rules.flatMap(withEachSeverity));
	const messages = config.receivers.flatMap((receiver) => {
		const groups = routes
			.filter((each) => each.receiver === receiver.name)
			.flatMap((route) => findGroups(route, rules));
		const distinct = new Map(
			groups.map((each) => [JSON.stringify(dataOf(receiver.name, each)), each]),
		);
		return visibleTemplatesOf(receiver).flatMap((fields) =>
			[...distinct.values()].map((group) => ({
				name: receiver.name,
				fields,
				group,
			})),
		);
	});
	const found = await pLimit(2).map(
		messages,
		async ({ name, fields, group }) => {
			const { text } = await renderTemplates(
				tools,
				fields.map((each) => each.text),
				dataOf(name, group),
				files,
			);
			// What cannot be rendered is another flaw.
			return text?.trim() === "" ? [describe(name, fields, group)] : [];
		},
	);
	return found.flat();
}

function dataOf(receiver: string, { labels, differ }: GroupOfTwo) {
	return makeMessageData(receiver, "firing", labels, differ);
}

function describe(
	receiver: string,
	fields: readonly TemplatedField[],
	{ example }: GroupOfTwo,
): string {
	const templates = fields.map(
		({ name, text }) => `${name} ${JSON.stringify(text)}`,
	);
	return `receiver ${receiver} tells Slack nothing of two alerts in one group that differ, such as ${example}: its ${templates.join(" and ")} ${fields.length === 1 ? "is" : "are"} blank then, because what is common is only what all alerts of the group have`;
}
