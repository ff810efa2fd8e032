import { z } from "zod";
import type { Manifest } from "../../../clients/kube-objects.ts";

/** Node Exporter's container, as far as it decides which file systems it sees. */
export interface WrittenNodeExporter {
	readonly args: readonly string[];
	/** The paths at which it has the node's `/`. */
	readonly rootMounts: readonly string[];
}

const daemonSet = z.looseObject({
	spec: z.looseObject({
		template: z.looseObject({
			spec: z.looseObject({
				containers: z.array(
					z.looseObject({
						image: z.string().default(""),
						args: z.array(z.string()).default([]),
						volumeMounts: z
							.array(z.looseObject({ name: z.string(), mountPath: z.string() }))
							.default([]),
					}),
				),
				volumes: z
					.array(
						z.looseObject({
							name: z.string(),
							hostPath: z.looseObject({ path: z.string() }).optional(),
						}),
					)
					.default([]),
			}),
		}),
	}),
});
/** Registries and tags may differ. */
const image = /(^|\/)(prometheus-)?node[-_]exporter(:[^/]*)?(@.*)?$/;

/** Finds it among DaemonSets by its image; undefined if the chart brings none. */
export function readNodeExporter(
	manifests: readonly Manifest[],
): WrittenNodeExporter | undefined {
	const found = manifests
		.filter(({ kind }) => kind === "DaemonSet")
		.flatMap((each) => {
			const { success, data } = daemonSet.safeParse(each);
			// The API server refuses anything else, with its own message.
			if (!success) return [];
			const { containers, volumes } = data.spec.template.spec;
			const roots = volumes
				.filter(({ hostPath }) => hostPath?.path === "/")
				.map(({ name }) => name);
			return containers
				.filter((container) => image.test(container.image))
				.map(({ args, volumeMounts }) => ({
					args,
					rootMounts: volumeMounts
						.filter(({ name }) => roots.includes(name))
						.map(({ mountPath }) => mountPath),
				}));
		});
	return found[0];
}
