import { isMap } from "../../../common/parsing/yaml-map.ts";

/** A value with each text in it replaced, keys too. */
export function replaceTexts(
	value: unknown,
	replace: (text: string) => string,
): unknown {
	if (typeof value === "string") return replace(value);
	if (Array.isArray(value))
		return value.map((each) => replaceTexts(each, replace));
	return isMap(value)
		? Object.fromEntries(
				Object.entries(value).map(([key, each]) => [
					replace(key),
					replaceTexts(each, replace),
				]),
			)
		: value;
}
