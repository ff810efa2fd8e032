import { parse } from "yaml";
import { z } from "zod";
import type { Manifest } from "../../../clients/kube-objects.ts";
import type { RouteWaits } from "../../../common/environment.ts";

const alertmanager = z.looseObject({
	kind: z.literal("Alertmanager"),
	metadata: z.looseObject({ name: z.string() }),
	spec: z
		.looseObject({
			configSecret: z.string().optional(),
			/** An AlertmanagerConfig that is used instead of the Secret. */
			alertmanagerConfiguration: z.undefined().optional(),
		})
		.prefault({}),
});
const texts = z.record(z.string(), z.string()).default({});
const secret = z.looseObject({
	kind: z.literal("Secret"),
	metadata: z.looseObject({ name: z.string() }),
	data: texts,
	stringData: texts,
});
const route = z.looseObject({
	group_wait: z.string().optional(),
	group_interval: z.string().optional(),
	get routes() {
		return z.array(route).nullish();
	},
});
const configuration = z.looseObject({ route });
const key = "alertmanager.yaml";

/**
 * How long the routes wait, by the Secret with Alertmanager's configuration. Nothing else of the Secret is returned:
 * it may contain webhooks.
 *
 * @returns undefined if the chart makes no such Secret, or one that Alertmanager refuses: then the test replaces nothing
 */
export function readRootRoute(
	manifests: readonly Manifest[],
): RouteWaits | undefined {
	const names = manifests.flatMap((each) => {
		const { success, data } = alertmanager.safeParse(each);
		return success
			? [data.spec.configSecret ?? `alertmanager-${data.metadata.name}`]
			: [];
	});
	const found = manifests
		.map((each) => secret.safeParse(each).data)
		.find((each) => each && names.includes(each.metadata.name));
	const encoded = found?.data[key];
	const text =
		found?.stringData[key] ??
		(encoded && Buffer.from(encoded, "base64").toString());
	if (!text) return undefined;
	const { data } = configuration.safeParse(parseOrNothing(text));
	return data && readWaits(data.route);
}

function readWaits(node: z.infer<typeof route>): RouteWaits {
	return {
		groupWait: node.group_wait,
		groupInterval: node.group_interval,
		routes: (node.routes ?? []).map(readWaits),
	};
}

function parseOrNothing(yaml: string): unknown {
	try {
		return parse(yaml);
	} catch {
		return undefined;
	}
}
