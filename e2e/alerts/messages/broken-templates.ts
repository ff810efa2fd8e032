import pLimit from "p-limit";
import type { FileTree } from "../../common/tar.ts";
import type { Tools } from "../../harness/cluster/tools.ts";
import { promisedRoutes } from "../destinations.ts";
import type { AlertmanagerConfig } from "../loaded-config.ts";
import type { AlertLabels } from "../matchers.ts";
import { makeMessageData } from "./message-data.ts";
import { labelsOfRoute, renderTemplates } from "./render.ts";
import { templatedFieldsOf } from "./templated-fields.ts";

/** Alertmanager's own templates, of which a distribution's amtool may know nothing: they are always there. */
const ownTemplate = /template "(__\w+|\w+\.default\.\w+)" not defined/;

/**
 * Renders the Slack messages of each receiver to which critical and warning alerts come, as amtool does it, which uses
 * Alertmanager's own code. Nothing else looks at a template before there is something to send, and no planted alert comes
 * to a receiver that is for one namespace alone.
 *
 * @param alerts the labels of the loaded rules
 * @param files those of the configuration's `templates`
 * @returns a sentence for each template that it refuses
 */
export async function findBrokenTemplates(
	tools: Pick<Tools, "amtool">,
	config: AlertmanagerConfig,
	alerts: readonly AlertLabels[],
	files: FileTree,
): Promise<string[]> {
	const routes = promisedRoutes(config, alerts);
	const messages = config.receivers.flatMap((receiver) => {
		const route = routes.find((each) => each.receiver === receiver.name);
		if (!route) return [];
		return templatedFieldsOf(receiver).flatMap(({ fields, sendsResolved }) =>
			(["firing", "resolved"] as const)
				.filter((status) => status === "firing" || sendsResolved)
				.filter(() => fields.length > 0)
				.map((status) => ({ name: receiver.name, route, fields, status })),
		);
	});
	const found = await pLimit(2).map(
		messages,
		async ({ name, route, fields, status }) => {
			const data = makeMessageData(name, status, labelsOfRoute(route));
			const render = async (texts: readonly string[]) =>
				(await renderTemplates(tools, texts, data, files)).refused;
			// Each takes a container of its own, so they are only tried alone if not all are fine.
			if (!(await render(fields.map(({ text }) => text)))) return [];
			const flaws: string[] = [];
			for (const field of fields) {
				const why = await render([field.text]);
				if (why && !ownTemplate.test(why))
					flaws.push(
						`receiver ${name} can tell Slack nothing of alerts that ${status === "firing" ? "fire" : "have ended"}: its ${field.name} ${JSON.stringify(field.text)} cannot be rendered, by amtool: ${why}`,
					);
			}
			return flaws;
		},
	);
	return found.flat();
}
