import { stringify } from "yaml";
import { withoutLogin } from "../../common/secrecy/without-login.ts";
import type { HelmSurroundings } from "./helm-surroundings.ts";

/** A chart repository that wants a login, as Helm is given it. */
export interface RepositoryWithLogin extends HelmSurroundings {
	/** Helm's name of it. */
	readonly name: string;
}

/** The folder in Helm's working folder with the index of the repository. */
export const indexFolder = "index";

/**
 * What Helm needs to use the login in a chart repository's URL: it reads it from a file, because arguments of processes are
 * open to every user of the machine.
 *
 * @returns undefined if there is no login in it
 */
export function makeRepositoryLogin(
	ref: string,
): RepositoryWithLogin | undefined {
	const url = withoutLogin(ref);
	if (url === ref) return undefined;
	const { username, password } = new URL(ref);
	const name = "charts";
	const repository = {
		name,
		url,
		username: decodeURIComponent(username),
		password: decodeURIComponent(password),
	};
	return {
		name,
		files: {
			"repositories.yaml": stringify({ repositories: [repository] }),
			[`${indexFolder}/`]: "",
		},
		env: {
			HELM_REPOSITORY_CONFIG: "/work/repositories.yaml",
			HELM_REPOSITORY_CACHE: `/work/${indexFolder}`,
		},
	};
}
