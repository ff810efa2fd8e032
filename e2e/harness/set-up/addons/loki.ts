import { makeSecret } from "../../../clients/kube-objects.ts";
import type { Addon } from "./addon.ts";

/** Loki as a single binary, with its chunks in the object store. */
export const loki: Addon = {
	name: "loki",
	components: ["loki"],
	standsInFor:
		"Loki's public chart, by manifests of our own; and its volume, by an emptyDir. Loki is the real one",
	makeObjects: ({ objectStore: { lokiUser } }) => [
		makeSecret("loki", "loki-objstore", {
			"access-key": lokiUser.accessKey,
			"secret-key": lokiUser.secretKey,
		}),
	],
};
