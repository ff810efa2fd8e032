import type Dockerode from "dockerode";
import { z } from "zod";
import { EnvironmentError, SetUpError } from "../../common/errors.ts";
import { parseAs } from "../../common/parsing/parse-as.ts";
import { rememberLogins } from "../../common/secrecy/in-urls.ts";
import { proxyWithoutLogin } from "../../common/secrecy/without-login.ts";
import { askEngine } from "../docker/ask-engine.ts";
import { untilDone } from "../docker/docker.ts";
import { findRegistryLogin } from "../docker/registry-login.ts";
import { findOwnProxy } from "../docker/way-out.ts";
import { registryOf } from "./reference.ts";
import { RegistryRefusal } from "./registry-refusal.ts";

const distribution = z.object({
	Descriptor: z.object({ digest: z.string() }),
	Platforms: z
		.array(z.object({ os: z.string(), architecture: z.string() }))
		.nullish(),
});

/** What a registry has under a reference. */
export interface RegistryAnswer {
	readonly digest: string;
	/** e.g. linux/amd64 */
	readonly platforms: readonly string[];
}

/** How much of the limit a credential helper may take. */
const helperShare = 0.6;

/**
 * Lets the engine resolve a reference at its registry, with the person's login, as it does before a pull.
 *
 * @param limit milliseconds, in which all of it must be done
 * @returns what the registry has, or why it does not say
 * @throws SetUpError if the login cannot be read
 */
export async function resolveReference(
	docker: Dockerode,
	reference: string,
	limit: number,
): Promise<RegistryAnswer | RegistryRefusal> {
	const deadline = AbortSignal.timeout(limit);
	const silence = new Promise<never>((_, reject) =>
		deadline.addEventListener("abort", () =>
			reject(new Error(`no answer within ${limit / 1000} s`)),
		),
	);
	const ask = async () => {
		// A helper that hangs is told by its name: the registry is not to blame for it.
		const login = await findRegistryLogin(
			registryOf(reference),
			helperShare * limit,
		);
		const answer = await askEngine(docker, {
			path: `/distribution/${reference}/json`,
			abortSignal: deadline,
			...(login && { authconfig: { ...login } }),
		});
		const { Descriptor, Platforms } = parseAs(
			distribution,
			answer,
			`the engine's answer about the distribution of ${reference}`,
		);
		return {
			digest: Descriptor.digest,
			platforms: (Platforms ?? []).map(
				({ os, architecture }) => `${os}/${architecture}`,
			),
		};
	};
	try {
		return await Promise.race([ask(), silence]);
	} catch (error) {
		return refusalOf(docker, reference, error);
	}
}

/** As resolveReference. @returns why the registry does not say what it has; undefined if it does */
export async function askRegistry(
	docker: Dockerode,
	reference: string,
	limit: number,
): Promise<RegistryRefusal | undefined> {
	const answer = await resolveReference(docker, reference, limit);
	return answer instanceof RegistryRefusal ? answer : undefined;
}

/** Pulls an image with the person's login. @throws RegistryRefusal, or SetUpError if the login cannot be read */
export async function pullImage(
	docker: Dockerode,
	reference: string,
): Promise<void> {
	try {
		const authconfig = await findRegistryLogin(registryOf(reference));
		const stream = await docker.pull(reference, { authconfig });
		await untilDone(docker, stream);
	} catch (error) {
		throw await refusalOf(docker, reference, error);
	}
}

/** @throws the error itself if it is not the registry that is to blame: the login cannot be read, or the engine hangs */
async function refusalOf(
	docker: Dockerode,
	reference: string,
	error: unknown,
): Promise<RegistryRefusal> {
	if (error instanceof SetUpError || error instanceof EnvironmentError)
		throw error;
	return new RegistryRefusal(reference, error, await findProxy(docker));
}

const proxies = z.looseObject({
	HttpsProxy: z.string().default(""),
	HttpProxy: z.string().default(""),
});

/** The proxy that the engine uses for registries, or that this process would use; undefined if there is none. */
async function findProxy(docker: Dockerode): Promise<string | undefined> {
	const { HttpsProxy, HttpProxy } = parseAs(
		proxies,
		await docker.info(),
		"the engine's answer to GET /info",
	);
	// The engine's own words may have it, too.
	rememberLogins([], [HttpsProxy, HttpProxy]);
	const engines = HttpsProxy || HttpProxy;
	if (engines) return `the engine's is ${proxyWithoutLogin(engines)}`;
	const own = findOwnProxy(process.env);
	return own
		? `the engine has none, ${own.name} is ${proxyWithoutLogin(own.url)}`
		: undefined;
}
