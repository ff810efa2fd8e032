import { expect, test } from "vitest";
import { BadInputError } from "../../common/errors.ts";
import { checkK3sVersion } from "./options.ts";

test.each([undefined, "v1.25.4+k3s1", "v1.34.1-k3s1", "v1.100.0+k3s2"])(
	"--k3s-version %s is taken",
	(version) => {
		expect(() => checkK3sVersion(version)).not.toThrow();
	},
);

test.each([
	["v1.24.17+k3s1", "it must be v1.25 or newer"],
	["v1.3.0+k3s1", "it must be v1.25 or newer"],
	["1.34.1", "looks like v1.34.1+k3s1"],
	["", "looks like v1.34.1+k3s1"],
])("--k3s-version %j is refused: %s", (version, sentence) => {
	expect(() => checkK3sVersion(version)).toThrow(BadInputError);
	expect(() => checkK3sVersion(version)).toThrow(sentence);
});
