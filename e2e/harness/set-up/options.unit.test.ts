import { expect, test } from "vitest";
import { BadInputError } from "../../common/errors.ts";
import { checkImagesOption, checkK3sVersion } from "./options.ts";

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

test.each([
	"pull",
	"pull:mirror.example.org",
	"pull:localhost:5000",
	"pull:localhost/a",
	"pull:nas:5000/a-b/c_d",
	"pull:[::1]:5000",
])("--images %s is taken", (images) => {
	expect(() => checkImagesOption(images)).not.toThrow();
});

test.each([
	["pull:https://mirror:5000", "without https://"],
	["pull:localhost:5000/", "without / at its end"],
	["pull:mirror", "Docker takes mirror for a part of docker.io"],
	["pull:user:geheim@mirror.example.org", "without a login"],
	["pull:nas:5000/Upper", "a mirror looks like"],
	["pull:nas:port", "a mirror looks like"],
])("--images %s is refused: %s", (images, sentence) => {
	expect(() => checkImagesOption(images)).toThrow(BadInputError);
	expect(() => checkImagesOption(images)).toThrow(sentence);
	expect(() => checkImagesOption(images)).not.toThrow("geheim");
});
