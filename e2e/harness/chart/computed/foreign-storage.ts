import { isMap, stringAt } from "../../../common/parsing/yaml-map.ts";
import type { Addition } from "./addition.ts";
import { lastSaid } from "./last-said.ts";
import { readValues } from "./read-values.ts";

const list = "extraManifests";
/** Of the provisioner that runs here, in stack/manifests/storage.yaml, and the class that it has there. */
const provisionerHere = "rancher.io/local-path";
const classHere = "longhorn";

/**
 * Leaves out StorageClasses of values whose provisioner does not run here, or whose name the test's own class has: no
 * volume would be made, or Helm refuses the chart. The test has classes of the same names. A list in values replaces that
 * of earlier ones, so what else the last one has is repeated.
 *
 * @param layers contents of values files, in their order
 * @returns undefined if no values have one
 */
export function leaveOutStorageClasses(
	layers: readonly string[],
): Addition | undefined {
	const said = manifestsIn(layers);
	const kept = said.filter((each) => nameOfForeign(each) === undefined);
	if (kept.length === said.length) return undefined;
	return {
		content: JSON.stringify({ [list]: kept }),
		changed: listLeftOut(layers).map(
			(name) => `${list}=without StorageClass ${name}`,
		),
		reason:
			"Its provisioner does not run here. The test has a class of the same name, of which volumes are files on the node.",
	};
}

/** The names of the StorageClasses that are left out. */
export function listLeftOut(layers: readonly string[]): string[] {
	return manifestsIn(layers).flatMap((each) => nameOfForeign(each) ?? []);
}

function manifestsIn(layers: readonly string[]): readonly unknown[] {
	const said = lastSaid(layers.map(readValues), list);
	return Array.isArray(said) ? said : [];
}

/** The name of a StorageClass that cannot be what it says here. */
function nameOfForeign(entry: unknown): string | undefined {
	const object = typeof entry === "string" ? readText(entry) : entry;
	if (!isMap(object) || object.kind !== "StorageClass") return undefined;
	const name = stringAt(object, "metadata", "name");
	return name === classHere || object.provisioner !== provisionerHere
		? name
		: undefined;
}

/** Some are texts; those with templates in them may be no YAML yet. */
function readText(text: string): unknown {
	if (!/^kind: *StorageClass\b/m.test(text)) return undefined;
	try {
		return readValues(text);
	} catch {
		return undefined;
	}
}
