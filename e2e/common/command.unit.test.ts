import { expect, test, vi } from "vitest";
import { defineCommand } from "./command.ts";
import {
	flagOption,
	listOption,
	patienceOption,
	requiredOption,
	textOption,
	textOptionOr,
} from "./command-options.ts";
import { BadInputError } from "./errors.ts";
import { patience } from "./patience.ts";

const definition = {
	name: "try",
	description: "Tries options.",
	exitCodes: { 0: "done" },
	options: {
		to: requiredOption("--to <chart>", "where to"),
		from: textOption("--from <chart>", "where from"),
		images: textOptionOr("--images <source>", "from there", "auto"),
		only: listOption("--only <claim>", "only this one"),
		keep: flagOption("--keep", "keep it"),
		whole: flagOption("--no-whole", "not the whole"),
		patience: patienceOption,
	},
};
const run = vi.fn(async () => 7);
const command = defineCommand({ ...definition, run });

test("options have their defaults", async () => {
	expect(await command.start(["--to=a"])).toBe(7);
	expect(run).toHaveBeenLastCalledWith(
		{ to: "a", images: "auto", only: [], keep: false, whole: true },
		[],
	);
});

test("options have the values that are given", async () => {
	vi.stubEnv("O11Y_E2E_PATIENCE", undefined);
	const flags = ["--only", "x", "y", "--keep", "--no-whole", "--only=z"];
	await command.start([
		"--to=a",
		"--from=b",
		"--images=c",
		"--patience=3",
		...flags,
	]);
	expect(run).toHaveBeenLastCalledWith(
		{
			to: "a",
			from: "b",
			images: "c",
			only: ["x", "y", "z"],
			keep: true,
			whole: false,
			patience: "3",
		},
		[],
	);
	expect(patience()).toBe(3);
});

test.each([
	["an unknown option", ["--to=a", "--frobnicate"], "'--frobnicate'"],
	["a stray argument", ["--to=a", "b"], "too many arguments"],
	["a missing option", [], "'--to <chart>'"],
	["a wrong patience", ["--to=a", "--patience=0"], "--patience 0"],
])("%s is refused before the command runs", async (_, argv, sentence) => {
	run.mockClear();
	const started = command.start(argv);
	await expect(started).rejects.toThrow(BadInputError);
	await expect(started).rejects.toThrow(sentence);
	expect(run).not.toHaveBeenCalled();
});

test("options of another command are passed on in their order", async () => {
	const passing = defineCommand({
		name: "pass",
		description: "Passes options on.",
		exitCodes: {},
		options: { keep: definition.options.keep },
		arguments: {
			name: "[arguments...]",
			description: "passed on",
			takesOptions: true,
		},
		run,
	});
	await passing.start(["--only", "x", "--keep", "--values=y"]);
	expect(run).toHaveBeenLastCalledWith({ keep: true }, [
		"--only",
		"x",
		"--values=y",
	]);
});

test("an option under another name than its own is refused", () => {
	const { from } = definition.options;
	expect(() =>
		defineCommand({ ...definition, options: { source: from }, run }),
	).toThrow("source");
});
