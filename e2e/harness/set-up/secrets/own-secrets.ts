import { groupBy, uniq } from "es-toolkit";
import { z } from "zod";
import { parseManifests } from "../../../clients/api-server/manifests.ts";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { BadInputError } from "../../../common/errors.ts";
import { type Content, type KnownKey, listKnownKeys } from "./contents.ts";
import { areUsual, keysOfHomelabs } from "./homelab-keys.ts";
import { hasIssuer } from "./of-certificates.ts";
import { hasStore } from "./of-external-secrets.ts";
import { listSecretReferences, type SecretReference } from "./references.ts";

/** A Secret by a person's own name, which the values refer to and nobody else provides. */
export interface OwnSecret {
	readonly name: string;
	readonly keys: Readonly<Record<string, Content>>;
}

type Keys = Readonly<Record<string, readonly string[]>>;

/** What set-up or the addon external-secrets writes, whatever the values say, beside the homelab's credentials. */
const always: Keys = {
	"thanos-objstore": ["objstore.yml"],
};
/** What the addon writes besides. */
const withAddon: Keys = { ...always, "doppler-canary": ["CANARY"] };

/** The same for several charts, of which any may be installed. */
export function findOwnSecretsOfAll(
	charts: readonly { readonly manifests: string }[],
	namespace: string,
	options: OwnSecretOptions,
): OwnSecret[] {
	const all = charts.flatMap(({ manifests }) =>
		findOwnSecrets(manifests, namespace, options),
	);
	const byName = Object.entries(groupBy(all, ({ name }) => name));
	return byName.map(([name, same]) => ({
		name,
		keys: Object.assign({}, ...same.map(({ keys }) => keys)),
	}));
}

export interface OwnSecretOptions {
	/**
	 * Whether the homelab's claims are tested, with External Secrets: then values that they could not be tested with are
	 * refused.
	 */
	readonly forClaims: boolean;
}

/**
 * The Secrets that rendered manifests refer to and that neither they nor set-up provide: without them pods would never
 * start.
 *
 * @param yaml what Helm rendered
 * @param namespace the stack's
 * @throws BadInputError if the claims read what only the homelab knows
 */
export function findOwnSecrets(
	yaml: string,
	namespace: string,
	{ forClaims }: OwnSecretOptions,
): OwnSecret[] {
	const manifests = parseManifests(yaml);
	const provided = listProvided(manifests, yaml);
	const written = forClaims ? withAddon : always;
	const references = listSecretReferences(manifests, namespace);
	const known = listKnownKeys(manifests, references);
	const missing = references.filter(({ secret }) => !provided.has(secret));
	const byName = Object.entries(groupBy(missing, ({ secret }) => secret));
	return byName.flatMap(([name, found]) => {
		const own = known.filter((each) => each.name === name);
		const keys = uniq(own.map(({ key }) => key));
		const homelabs = keysOfHomelabs(name, own);
		const there = homelabs ? Object.keys(homelabs) : written[name];
		if (forClaims) refuseUnusable(found, own, there);
		// With the claims, the addon writes those.
		if (homelabs && !forClaims && !areUsual(name, homelabs))
			return [{ name, keys: { ...keysOfHomelabs(name, []), ...homelabs } }];
		if (there) return [];
		const contentOf = (key: string) =>
			own.findLast((each) => each.key === key && each.content !== "unknown")
				?.content ?? "unknown";
		const all = keys.length > 0 ? keys : ["unknown"];
		return [
			{
				name,
				keys: Object.fromEntries(all.map((key) => [key, contentOf(key)])),
			},
		];
	});
}

/**
 * @param found the references to a Secret
 * @param known what its keys are for
 * @param written those that it has, if it is written anyway
 */
function refuseUnusable(
	found: readonly SecretReference[],
	known: readonly KnownKey[],
	written: readonly string[] | undefined,
): void {
	const [first] = found;
	const whole = found.find(({ field }) => field === "configSecret");
	if (whole)
		throw new BadInputError(
			`${whole.by} has its configuration from Secret ${whole.secret}, which the values do not contain: write it to alertmanager.config, or add the Secret to extraManifests`,
		);
	// Something that looks like a path may be prose.
	const sure = known.filter(({ content }) => content !== "unknown");
	const keys = [...found, ...sure].flatMap(({ key }) => key ?? []);
	const other = keys.find((key) => !written?.includes(key));
	if (first && written && other)
		throw new BadInputError(
			`${first.by} reads key ${other} of Secret ${first.secret}, which has ${written.join(" and ")} here, because claims read it: a Secret of another name may have any keys`,
		);
}

const makers = z.looseObject({
	spec: z
		.looseObject({
			secretName: z.string().optional(),
			target: z.looseObject({ name: z.string().optional() }).optional(),
		})
		.optional(),
});

/** The names of the Secrets that manifests bring, or that something among them makes. */
function listProvided(
	manifests: readonly Manifest[],
	yaml: string,
): Set<string> {
	const names = manifests.flatMap((each): string[] => {
		const { kind, metadata } = each;
		if (kind === "Secret") return [metadata.name];
		// Nothing here opens a SealedSecret, so that one's Secret is missing too.
		if (kind !== "ExternalSecret" && kind !== "Certificate") return [];
		const writes = kind === "ExternalSecret" ? hasStore : hasIssuer;
		if (!writes(each, manifests)) return [];
		const { data } = makers.safeParse(each);
		return [
			data?.spec?.secretName ?? data?.spec?.target?.name ?? metadata.name,
		];
	});
	// A Job of the public chart makes the certificate of the operator's webhook.
	const made = [...yaml.matchAll(/--secret-name=([\w.-]+)/g)];
	return new Set([...names, ...made.map(([, name = ""]) => name)]);
}
