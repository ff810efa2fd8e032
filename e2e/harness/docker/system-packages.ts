import { execa } from "execa";
import { SetUpError } from "../../common/errors.ts";
import { aptReason } from "./debian-packages.ts";

/** Installs packages of the system's suite with apt-get, which needs root. @throws SetUpError */
export async function installPackages(names: readonly string[]): Promise<void> {
	const env = { DEBIAN_FRONTEND: "noninteractive" };
	const install = ["install", "--yes", "--no-install-recommends", ...names];
	try {
		await execa("apt-get", ["update"], { env });
		await execa("apt-get", install, { env });
	} catch (error) {
		throw new SetUpError(
			`apt-get could not install ${names.join(", ")}: ${aptReason(error)}`,
			{ cause: error },
		);
	}
}
