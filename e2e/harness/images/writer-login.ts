import { randomBytes } from "node:crypto";
import { hash } from "bcryptjs";
import { rememberSecretsIn } from "../../common/secrecy/in-values.ts";

/** Who may write into a registry: every process of the machine reaches its port. */
export interface WriterLogin {
	readonly username: string;
	readonly password: string;
	/** A file of Apache's form, which the registry reads. */
	readonly htpasswd: string;
}

/** Where the registry has that file. */
export const htpasswdFile = "/htpasswd";

/** https://distribution.github.io/distribution/about/configuration/#htpasswd */
export const writerEnvironment = {
	REGISTRY_AUTH: "htpasswd",
	REGISTRY_AUTH_HTPASSWD_REALM: "o11y-e2e",
	REGISTRY_AUTH_HTPASSWD_PATH: htpasswdFile,
};

/** What such a registry answers to whoever has no login. */
export const unauthorized = 401;

/** Of a random password, the least that bcrypt takes is enough. */
const rounds = 4;

/** Makes a login that only this process knows. */
export async function makeWriterLogin(): Promise<WriterLogin> {
	const username = "o11y-e2e";
	const password = randomBytes(24).toString("base64url");
	rememberSecretsIn({ password });
	const hashed = await hash(password, rounds);
	return { username, password, htpasswd: `${username}:${hashed}\n` };
}
