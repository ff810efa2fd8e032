import { execa } from "execa";
import { SetUpError } from "../../common/errors.ts";
import { cacheDir } from "../../common/paths.ts";
import {
	aptEnvironment,
	aptReason,
	trustAuthorities,
} from "./debian-packages.ts";

/** Installs packages of the system's suite with apt-get, which needs root. @throws SetUpError */
export async function installPackages(names: readonly string[]): Promise<void> {
	const env = {
		...(await aptEnvironment()),
		DEBIAN_FRONTEND: "noninteractive",
	};
	const options = await trustAuthorities(cacheDir("apt"));
	const install = ["install", "--yes", "--no-install-recommends", ...names];
	try {
		await execa("apt-get", [...options, "update"], { env });
		await execa("apt-get", [...options, ...install], { env });
	} catch (error) {
		throw new SetUpError(
			`apt-get could not install ${names.join(", ")}: ${aptReason(error)}`,
			{ cause: error },
		);
	}
}
