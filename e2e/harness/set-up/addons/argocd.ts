import { randomBytes } from "node:crypto";
import { makeSecret } from "../../../clients/secret.ts";
import { rememberSecret } from "../../../common/secrecy/redact.ts";
import type { Addon } from "./addon.ts";

/** Argo CD's application controller, which exposes the metrics of applications. */
export const argocd: Addon = {
	name: "argocd",
	components: ["argocd"],
	difference:
		"only its real application controller runs; its CRDs have no schema",
	makeObjects: () => {
		// The controller reads no settings until this key exists, although nothing logs in here.
		const signature = randomBytes(32).toString("base64");
		rememberSecret(signature);
		const secret = makeSecret("argocd", "argocd-secret", {
			"server.secretkey": signature,
		});
		const labels = { "app.kubernetes.io/part-of": "argocd" };
		return [{ ...secret, metadata: { ...secret.metadata, labels } }];
	},
};
