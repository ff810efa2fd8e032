import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { isMissingFile, reasonOf, SetUpError } from "../../common/errors.ts";

const login = z.looseObject({
	/** Base64 of `user:password`. */
	auth: z.string().nullish(),
	username: z.string().nullish(),
	password: z.string().nullish(),
	identitytoken: z.string().nullish(),
});

/** Go writes null for what is empty, and Docker reads it as that. */
function recordOf<T extends z.ZodType>(value: T) {
	return z
		.record(z.string(), value.nullish())
		.nullish()
		.transform((all) =>
			Object.fromEntries(
				Object.entries(all ?? {}).flatMap(([key, content]) =>
					content === null || content === undefined ? [] : [[key, content]],
				),
			),
		);
}

const dockerConfig = z.looseObject({
	currentContext: z.string().nullish(),
	/** Logins by registry, as `docker login` writes them where there is no helper. */
	auths: recordOf(login),
	/** The helper of every registry, and those of single ones: `docker-credential-<name>`. */
	credsStore: z.string().nullish(),
	credHelpers: recordOf(z.string()),
});

export type DockerLogin = z.infer<typeof login>;
/** What `docker context use` and `docker login` have written for this person. */
export type DockerConfig = z.infer<typeof dockerConfig>;

/** The folder of Docker's own configuration. */
export function dockerConfigDir(): string {
	return process.env.DOCKER_CONFIG || join(homedir(), ".docker");
}

/**
 * Reads Docker's own configuration; empty if there is none. DOCKER_AUTH_CONFIG adds logins, as CI systems have them.
 *
 * @throws SetUpError if it cannot be read
 */
export async function readDockerConfig(): Promise<DockerConfig> {
	const file = join(dockerConfigDir(), "config.json");
	const text = await readFile(file, "utf8").catch((error: unknown) => {
		if (isMissingFile(error)) return "{}";
		throw new SetUpError(
			`Docker's configuration ${file} cannot be read (${reasonOf(error)}): let this user read it, or name another folder in DOCKER_CONFIG`,
			{ cause: error },
		);
	});
	const config = parseDockerConfig(file, text || "{}");
	const added = process.env.DOCKER_AUTH_CONFIG;
	if (!added) return config;
	const { auths } = parseDockerConfig("DOCKER_AUTH_CONFIG", added);
	return { ...config, auths: { ...config.auths, ...auths } };
}

/** @param source what messages call it */
export function parseDockerConfig(source: string, text: string): DockerConfig {
	try {
		return dockerConfig.parse(JSON.parse(text));
	} catch (error) {
		// The error could quote a password.
		throw new SetUpError(
			`${source} is not Docker's configuration: ${
				error instanceof z.ZodError
					? `${error.issues[0]?.path.join(".")} has an unexpected form`
					: "it is not JSON"
			}`,
		);
	}
}
