import type { FileTree } from "../../common/tar.ts";
import { findRegistryLogin } from "../docker/registry-login.ts";
import { readWayOut } from "../docker/way-out.ts";

/** What Helm needs beside its arguments, to fetch a chart: files in its working folder, and variables. */
export interface HelmSurroundings {
	readonly files: FileTree;
	readonly env: Readonly<Record<string, string>>;
}

const authoritiesFile = "authorities.pem";
const loginFile = "registry.json";

/** Gives Helm's container this person's proxy, certificate authorities, and the login to an OCI registry. */
export async function makeHelmSurroundings(
	ref: string,
): Promise<HelmSurroundings> {
	const { proxy, authorities } = await readWayOut();
	const config = ref.startsWith("oci:")
		? await makeRegistryConfig(new URL(ref).host)
		: undefined;
	return {
		files: {
			...(authorities && { [authoritiesFile]: authorities }),
			...(config && { [loginFile]: config }),
		},
		env: {
			...proxy,
			// Go reads it instead of the system's file, and the system's folder with the same content as well.
			...(authorities && { SSL_CERT_FILE: `/work/${authoritiesFile}` }),
			...(config && { HELM_REGISTRY_CONFIG: `/work/${loginFile}` }),
		},
	};
}

/**
 * What `helm registry login` would write. Under the name that Docker's own configuration has: for Docker Hub, Helm asks for
 * https://index.docker.io/v1/, whichever of its hosts the reference has (oras-go's ServerAddressFromHostname).
 *
 * @returns undefined without a login
 */
async function makeRegistryConfig(host: string): Promise<string | undefined> {
	const login = await findRegistryLogin(host);
	if (!login) return undefined;
	const { username, password, identitytoken, serveraddress } = login;
	const auth = Buffer.from(`${username}:${password}`).toString("base64");
	const entry = identitytoken ? { identitytoken } : { auth };
	return JSON.stringify({ auths: { [serveraddress]: entry } });
}
