import type { Container, Pod } from "../clients/kube-objects.ts";
import { findMountedSecret } from "../clients/mounted-secret.ts";
import type { SecretKey } from "../clients/secret.ts";

/** Where a container has the value of a variable from. */
export type ValueSource =
	| { readonly from: "secret"; readonly key: SecretKey }
	/** Anything else, as a clause that quotes no value. */
	| { readonly from: "elsewhere"; readonly where: string };

/**
 * Where a container has the value of a variable from: a Secret's key, the keys of a Secret as a whole, or a file that
 * `<name>__FILE` names. The kubelet lets `env` win over `envFrom`, and the last of several.
 *
 * @param keysOf the keys of a Secret
 * @returns undefined if the container does not have the variable
 */
export async function findValueSource(
	pod: Pick<Pod, "spec">,
	container: Container,
	name: string,
	keysOf: (secret: string) => Promise<readonly string[]>,
): Promise<ValueSource | undefined> {
	const own = container.env.findLast((each) => each.name === name);
	if (own?.valueFrom?.secretKeyRef)
		return { from: "secret", key: own.valueFrom.secretKeyRef };
	if (own)
		return elsewhere(
			own.valueFrom
				? `${name} has its value from something else than a Secret`
				: `${name} is plain text in the pod`,
		);
	for (const { prefix, secretRef } of container.envFrom.toReversed()) {
		if (!secretRef || !name.startsWith(prefix)) continue;
		const key = name.slice(prefix.length);
		if ((await keysOf(secretRef.name)).includes(key))
			return { from: "secret", key: { name: secretRef.name, key } };
	}
	const file = container.env.findLast((each) => each.name === `${name}__FILE`);
	if (!file) return undefined;
	const path = file.value ?? "";
	const key = findMountedSecret(pod, container, path);
	return key
		? { from: "secret", key }
		: elsewhere(`${name}__FILE names ${path}, which is not from a Secret`);
}

function elsewhere(where: string): ValueSource {
	return { from: "elsewhere", where };
}

/** A credential that a container of Grafana's pod has. */
export interface CredentialSource {
	readonly container: string;
	readonly variable: string;
	readonly what: "user" | "password";
	readonly source: ValueSource;
}

/** Grafana's own, and with what its sidecars log in to it. */
const credentials = {
	GF_SECURITY_ADMIN_USER: "user",
	GF_SECURITY_ADMIN_PASSWORD: "password",
	REQ_USERNAME: "user",
	REQ_PASSWORD: "password",
} as const;

/** Where the containers of Grafana's pod have the administrator's credentials from. @param keysOf as above */
export async function findCredentialSources(
	pod: Pick<Pod, "spec">,
	keysOf: (secret: string) => Promise<readonly string[]>,
): Promise<CredentialSource[]> {
	const found: CredentialSource[] = [];
	for (const container of pod.spec.containers)
		for (const [variable, what] of Object.entries(credentials)) {
			const source = await findValueSource(pod, container, variable, keysOf);
			if (source)
				found.push({ container: container.name, variable, what, source });
		}
	return found;
}
