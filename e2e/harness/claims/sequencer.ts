import { sortBy } from "es-toolkit";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Runs faults in the order of their names, because each leaves the stack a little different: two runs are alike only if
 * their order is. All else begins with what took longest last time, as vitest has it; integration tests begin with those
 * that take longest on a new checkout, too: all traps, and whole commands.
 */
export class TestOrder extends BaseSequencer {
	override async sort(
		specifications: TestSpecification[],
	): Promise<TestSpecification[]> {
		const sorted = await super.sort(specifications);
		const isFault = ({ project }: TestSpecification) =>
			project.name === "faults";
		return sorted.every(isFault)
			? sortBy(sorted, [({ moduleId }) => moduleId])
			: sortBy(sorted, [turnOf]);
	}
}

const longest = ["/upgrade/traps/", "/scripts/"];

function turnOf({ project, moduleId }: TestSpecification): number {
	const at =
		project.name === "integration"
			? longest.findIndex((folder) => moduleId.includes(folder))
			: -1;
	return at < 0 ? longest.length : at;
}
