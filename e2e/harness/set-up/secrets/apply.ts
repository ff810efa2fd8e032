import type { KubeClient } from "../../../clients/kubernetes.ts";
import { makeSecret } from "../../../clients/secret.ts";
import type { AddonContext } from "../addons/addon.ts";
import { isFromDoppler, makeKnownContents, makeOwnSecret } from "./make.ts";

/** Applies the Secrets that the values refer to. @param fromDoppler whether an addon brings those that Doppler has */
export async function applySecrets(
	kube: KubeClient,
	{ namespace, objectStore, secrets, ownSecrets }: AddonContext,
	fromDoppler: boolean,
): Promise<void> {
	const { slackWebhookUrl, grafanaAdmin } = secrets;
	const known = makeKnownContents(secrets, objectStore);
	const homelabs = [
		makeSecret(namespace, "alertmanager-slack", {
			"webhook-url": slackWebhookUrl,
		}),
		makeSecret(namespace, "grafana-admin", {
			"admin-user": grafanaAdmin.user,
			"admin-password": grafanaAdmin.password,
		}),
	];
	const own = new Set(ownSecrets.map(({ name }) => name));
	await kube.apply([
		...(fromDoppler
			? []
			: homelabs.filter(({ metadata }) => !own.has(metadata.name))),
		...ownSecrets
			.filter((each) => !(fromDoppler && isFromDoppler(each)))
			.map((each) => makeOwnSecret(each, namespace, known)),
	]);
}
