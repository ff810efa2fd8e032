import { randomBytes } from "node:crypto";
import { makeSecret } from "../../../clients/kube-objects.ts";
import { rememberSecret } from "../../../common/secrecy/redact.ts";
import type { Addon } from "./addon.ts";

/** Argo CD's application controller, which has the metrics of applications. */
export const argocd: Addon = {
	name: "argocd",
	components: ["argocd"],
	standsInFor:
		"Argo CD as a whole, by its application controller, which is the real one; and its CRDs, by ones without a schema",
	makeObjects: () => {
		// It takes no settings at all before there is one, although nobody logs in to it.
		const signature = randomBytes(32).toString("base64");
		rememberSecret(signature);
		const secret = makeSecret("argocd", "argocd-secret", {
			"server.secretkey": signature,
		});
		const labels = { "app.kubernetes.io/part-of": "argocd" };
		return [{ ...secret, metadata: { ...secret.metadata, labels } }];
	},
};
