import { listAt } from "../../../../common/parsing/yaml-map.ts";
import { asObject, at, textAt } from "../../charts/fields.ts";
import { isSet } from "./names.ts";

/** What the API server says against the environment of a container: the rest of a sentence about it. */
export function environmentProblems(
	container: unknown,
	cluster: string,
): string[] {
	const named = isNameFree(cluster)
		? /^[ -<>-~]+$/
		: /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
	return [
		...listAt(container, "env").flatMap((each) => {
			const name = textAt(each, "name");
			const source = at(each, "valueFrom");
			const sources = Object.values(asObject(source)).filter(isSet).length;
			return [
				...(named.test(name)
					? []
					: [`has a variable that is called "${name}", which is no name`]),
				...(isSet(source) && textAt(each, "value") !== ""
					? [`has a value and a valueFrom for ${name}`]
					: []),
				...(isSet(source) && sources !== 1
					? [`has ${sources} sources in valueFrom for ${name}, and needs one`]
					: []),
			];
		}),
		...listAt(container, "envFrom")
			.map(
				(each) =>
					["configMapRef", "secretRef"].filter((kind) => isSet(at(each, kind)))
						.length,
			)
			.filter((sources) => sources !== 1)
			.map((sources) => `has ${sources} sources in envFrom, and needs one`),
	];
}

/** Since 1.32, a name may have any character but `=`. */
function isNameFree(cluster: string): boolean {
	return Number(cluster.split(".")[1]) >= 32;
}
