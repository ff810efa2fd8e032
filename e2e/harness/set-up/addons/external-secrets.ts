import { makeSecret } from "../../../clients/secret.ts";
import { makeFixtureSource } from "../fixture-source.ts";
import { listInDoppler } from "../homelab-secrets.ts";
import { writeAskedKeys } from "../secrets/homelab-keys.ts";
import {
	isFromDoppler,
	makeKnownContents,
	makeOwnExternalSecret,
} from "../secrets/make.ts";
import type { Addon } from "./addon.ts";

/** External Secrets, and the mock of Doppler that it reads from. */
export const externalSecrets: Addon = {
	name: "external-secrets",
	components: ["external-secrets", "node"],
	difference:
		"External Secrets is real; Doppler is a mock of its API, and the CRDs have hardly any schema",
	writesSecrets: true,
	// An ExternalSecret that comes before its store is valid waits some seconds, and a pod that waits for its Secret longer.
	readyFirst: ["ClusterSecretStore"],
	adapt: writeAskedKeys,
	makeObjects: async ({
		namespace,
		objectStore,
		secrets,
		ownSecrets,
		inDoppler,
	}) => [
		await makeFixtureSource("doppler-mock", "doppler-mock"),
		makeSecret("doppler-mock", "doppler-mock", {
			token: secrets.dopplerToken,
			"secrets.json": JSON.stringify({
				...inDoppler,
				...listInDoppler(secrets),
				CANARY: secrets.canary,
			}),
		}),
		makeSecret("external-secrets", "doppler-token", {
			dopplerToken: secrets.dopplerToken,
		}),
		...ownSecrets
			.filter(isFromDoppler)
			.map((each) =>
				makeOwnExternalSecret(
					each,
					namespace,
					makeKnownContents(secrets, objectStore),
				),
			),
	],
};
