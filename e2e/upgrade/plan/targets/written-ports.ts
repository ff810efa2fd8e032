import { uniqBy } from "es-toolkit";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at } from "../charts/fields.ts";
import { isSameScraped, type ScrapedTarget } from "./target.ts";

/** Jobs that take the port from an annotation, where the pods now have another one. */
export function compareWrittenPorts(
	before: readonly ScrapedTarget[],
	after: readonly ScrapedTarget[],
): Reason[] {
	const right = withoutWrongPorts(before, after);
	const found = after.filter(
		(each) =>
			!right.includes(each) &&
			!right.some(({ scraped }) => scraped === each.scraped),
	);
	return uniqBy(found, ({ key }) => key).map((now) =>
		makeReason(
			"targets-gone",
			`${now.scraped} ${now.writtenPort}`,
			`${now.owner} scrapes the port ${now.writtenPort} of ${now.scraped}, as an annotation says, but its containers have ${numbersOf(now).join(" and ")}.`,
			{
				evidence: [now.owner],
				wayOut: "Write the port of the container into the annotation.",
			},
		),
	);
}

/** Targets without those whose port was right and is not any more. One that no container declared may be right as well. */
export function withoutWrongPorts(
	before: readonly ScrapedTarget[],
	after: readonly ScrapedTarget[],
): ScrapedTarget[] {
	const known = before.filter(hasWrittenPort);
	return after.filter(
		(each) =>
			each.writtenPort === undefined ||
			hasWrittenPort(each) ||
			numbersOf(each).length === 0 ||
			!known.some(
				(old) => old.owner === each.owner && isSameScraped(old, each),
			),
	);
}

function hasWrittenPort(target: ScrapedTarget): boolean {
	return (
		target.writtenPort !== undefined &&
		numbersOf(target).includes(target.writtenPort)
	);
}

function numbersOf({ pods }: ScrapedTarget): number[] {
	return (pods?.containers ?? [])
		.flatMap((each) => listAt(each, "ports"))
		.map((port) => Number(at(port, "containerPort")))
		.filter((each) => !Number.isNaN(each));
}
