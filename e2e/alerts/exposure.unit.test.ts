import { expect, test } from "vitest";
import { findExposures } from "./exposure.ts";

test("places are named, but their contents are not", () => {
	const places = [
		{ name: "log of pod p, container c", content: "posting to http://t0k3n" },
		{ name: "Secret s, k", content: Buffer.from("a t0k3n").toString("base64") },
		{ name: "pod p", content: "nothing" },
	];
	expect(findExposures(places, ["t0k3n"])).toEqual([
		"log of pod p, container c",
		"Secret s, k",
	]);
});
