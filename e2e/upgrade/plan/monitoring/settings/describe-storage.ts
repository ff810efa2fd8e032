import { parseQuantity } from "../../../../common/sizes.ts";
import { describeDifference, differencesOf } from "../../charts/differences.ts";
import { at, isNothing, show, textAt } from "../../charts/fields.ts";

/** What changes between two forms of a workload's storage: fields of two templates, or what there is instead. */
export function describeStorageChange(from: unknown, to: unknown): string[] {
	const template = "volumeClaimTemplate";
	return [from, to].every((each) => at(each, template) !== undefined)
		? differencesOf(from, to, "storage").map(describeDifference)
		: [`from ${describeStorage(from)}`, `to ${describeStorage(to)}`];
}

function describeStorage(storage: unknown): string {
	if (isNothing(storage)) return "nothing";
	const spec = at(storage, "volumeClaimTemplate.spec");
	if (spec !== undefined) {
		const size = at(spec, "resources.requests.storage");
		const storageClass = textAt(spec, "storageClassName");
		return `a volume claim${isSize(size) ? ` of ${size}` : ""}${storageClass ? ` of the class ${storageClass}` : ""}`;
	}
	if (at(storage, "emptyDir") !== undefined)
		return textAt(storage, "emptyDir.medium") === "Memory"
			? "an emptyDir in memory"
			: "an emptyDir";
	return at(storage, "ephemeral") === undefined
		? show(storage)
		: "an ephemeral volume";
}

function isSize(value: unknown): boolean {
	try {
		return parseQuantity(String(value)) > 0;
	} catch {
		return false;
	}
}
