import { makeSecret } from "../../../clients/kube-objects.ts";
import type { Addon } from "./addon.ts";

/** Loki as a single binary, with its chunks in the object store. */
export const loki: Addon = {
	name: "loki",
	components: ["loki"],
	difference:
		"Loki is real; it is installed from manifests of our own instead of its public chart, and its volume is an emptyDir",
	makeObjects: ({ objectStore: { lokiUser } }) => [
		makeSecret("loki", "loki-objstore", {
			"access-key": lokiUser.accessKey,
			"secret-key": lokiUser.secretKey,
		}),
	],
};
