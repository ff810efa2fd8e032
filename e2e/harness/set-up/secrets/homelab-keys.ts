import type { Manifest } from "../../../clients/kube-objects.ts";
import { type DopplerName, type KnownKey, listKnownKeys } from "./contents.ts";
import { listSecretReferences } from "./references.ts";

/** The Secrets with the homelab's credentials, and their keys unless values ask for others. */
const homelabs: Readonly<
	Record<string, Readonly<Record<string, DopplerName>>>
> = {
	"alertmanager-slack": { "webhook-url": "SLACK_WEBHOOK_URL" },
	"grafana-admin": {
		"admin-user": "GRAFANA_ADMIN_USER",
		"admin-password": "GRAFANA_ADMIN_PASSWORD",
	},
};

/** Theirs in stack/addons/external-secrets.yaml, which is the stack's. */
const namespace = "monitoring";

/** What Doppler calls the content of each key. */
type NamesByKey = Readonly<Record<string, DopplerName>>;

/**
 * The keys that one of the homelab's Secrets needs: those that values ask for, and its usual one where they ask for none.
 *
 * @param known what the keys of Secrets are for
 * @returns undefined for any other Secret
 */
export function keysOfHomelabs(
	name: string,
	known: readonly KnownKey[],
): NamesByKey | undefined {
	const usual = homelabs[name];
	if (!usual) return undefined;
	const own = known.filter((each) => each.name === name);
	const asked = own.flatMap(({ key, content }) =>
		isOfDoppler(content) ? [[key, content] as const] : [],
	);
	const kept = Object.entries(usual).filter(
		([key, content]) =>
			own.some((each) => each.key === key) ||
			!asked.some(([, other]) => other === content),
	);
	return Object.fromEntries([...kept, ...asked]);
}

/** Whether all keys are the usual ones. */
export function areUsual(name: string, keys: NamesByKey): boolean {
	const usual = homelabs[name] ?? {};
	return Object.keys({ ...usual, ...keys }).every(
		(key) => usual[key] === keys[key],
	);
}

/**
 * The manifests of stack/addons/external-secrets.yaml with the keys that the values ask for.
 *
 * @param rendered what the chart renders
 * @throws Error if an ExternalSecret does not have a usual key
 */
export function writeAskedKeys(
	manifests: string,
	rendered: readonly Manifest[],
): string {
	const references = listSecretReferences(rendered, namespace);
	const known = listKnownKeys(rendered, references);
	return Object.entries(homelabs).reduce((text, [name, usual]) => {
		const keys = keysOfHomelabs(name, known) ?? usual;
		if (areUsual(name, keys)) return text;
		const lines = Object.entries(usual).map(([key, content]) =>
			makeLine(key, content),
		);
		const found = `${lines.join("\n")}\n`;
		if (!text.includes(found))
			throw new Error(
				`stack/addons/external-secrets.yaml does not write ${Object.keys(usual).join(" and ")} to Secret ${name}`,
			);
		const asked = Object.entries(keys).map(([key, content]) =>
			makeLine(JSON.stringify(key), content),
		);
		return text.replace(found, () => `${asked.join("\n")}\n`);
	}, manifests);
}

function makeLine(key: string, content: DopplerName): string {
	return `    - { secretKey: ${key}, remoteRef: { key: ${content} } }`;
}

function isOfDoppler(content: KnownKey["content"]): content is DopplerName {
	return /^[A-Z_]+$/.test(content);
}
