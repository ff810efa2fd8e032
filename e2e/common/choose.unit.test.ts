import { expect, test } from "vitest";
import { chooseByName } from "./choose.ts";

const choose = (all: readonly string[], ...only: string[]) =>
	chooseByName("letters", all, only, (each) => [each, each.toUpperCase()]);
const many = Array.from({ length: 100 }, (_, i) => `letter-${i}`);

test("each can be chosen by any of its names, and all are chosen without one", () => {
	expect(choose(["a", "b", "c"], "C", "a")).toEqual(["a", "c"]);
	expect(choose(["a", "b"])).toEqual(["a", "b"]);
});

test("of an unknown name all are told if they are few, and else the nearest ones, the nearest first", () => {
	expect(() => choose(["abc", "xyz"], "abc", "xy")).toThrow(
		"--only xy: none of the 2 letters has this name; they are xyz, abc",
	);
	expect(() => choose(many, "leter-17")).toThrow(
		/^--only leter-17: none of the 100 letters has this name; the nearest are letter-17, (letter-\d+(, )?){4}$/,
	);
});
