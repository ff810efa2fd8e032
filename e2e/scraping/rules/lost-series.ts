import {
	type LabelMatcher,
	matchersOf,
	type Selector,
} from "../../common/promql/expressions.ts";
import { matches } from "../../common/promql/matcher.ts";
import { examplesForStep } from "../../common/relabelling/examples.ts";
import { makeExamples } from "../../common/relabelling/regex-examples.ts";
import {
	type RelabelStep,
	relabelWith,
} from "../../common/relabelling/relabel.ts";
import { ofTarget } from "./label-misfits.ts";

type Labels = Readonly<Record<string, string>>;

/** More combinations of values than these are not tried. */
const mostExamples = 50;

/**
 * The step of metric relabelling by which no series that a selector asks for is stored; undefined if one may be. Labels
 * that neither target nor selector tell may have any value, or be absent.
 *
 * @param target those labels of the target that its series have, too
 */
export function findStepAgainst(
	selector: Selector,
	target: Labels,
	steps: readonly RelabelStep[],
): RelabelStep | undefined {
	const asked = matchersOf(selector);
	const examples = examplesOf(asked).map((own) => ({
		...target,
		...own,
		__name__: selector.metric,
	}));
	const [first] = examples;
	// What is made of other labels may have any value at home.
	const made = steps.flatMap(({ source_labels, target_label }) =>
		source_labels.length > 0 && target_label ? [target_label] : [],
	);
	const isMet = (after: Labels | undefined, before: Labels) =>
		after !== undefined &&
		after.__name__ === selector.metric &&
		asked.every(
			(matcher) =>
				!(matcher.label in before) ||
				made.includes(matcher.label) ||
				matches(matcher, after[matcher.label] ?? ""),
		);
	const isLost = (series: Labels, some: readonly RelabelStep[]) =>
		!isMet(relabelWith(some, series), series);
	if (
		!first ||
		!examples.every((own) =>
			fillingsFor(steps, own, asked).every((series) => isLost(series, steps)),
		)
	)
		return undefined;
	return steps.find((_, i) => isLost(first, steps.slice(0, i + 1)));
}

/** Whether a step drops a metric by its name, and not whatever has some other label. */
export function namesMetric(step: RelabelStep, selector: Selector): boolean {
	return (
		step.action === "drop" &&
		step.source_labels.includes("__name__") &&
		!findStepAgainst({ ...selector, metric: "another" }, {}, [step])
	);
}

/** Series that conditions ask for; none if there are too many, or no example of a regular expression can be made. */
function examplesOf(asked: readonly LabelMatcher[]): Labels[] {
	return asked
		.filter(({ label }) => !ofTarget.includes(label))
		.reduce<Labels[]>(
			(made, { label, operator, value }) => {
				const values =
					operator === "="
						? [value]
						: operator === "=~"
							? makeExamples(value)
							: undefined;
				if (!values) return made;
				const more = made.flatMap((each) =>
					values.map((one) => ({ ...each, [label]: one })),
				);
				return more.length <= mostExamples ? more : [];
			},
			[{}],
		);
}

/** A series without the labels that are not known, and with values of them, each by which a step may keep it among them. */
function fillingsFor(
	steps: readonly RelabelStep[],
	known: Labels,
	asked: readonly LabelMatcher[],
): Labels[] {
	const unknown = steps
		.flatMap((step) => step.source_labels)
		.filter((label) => !(label in known));
	const mayBe = (series: Labels) =>
		Object.entries(series).every(([label, value]) =>
			asked
				.filter((matcher) => matcher.label === label)
				.every((matcher) => matches(matcher, value)),
		);
	const filled = Object.fromEntries(unknown.map((label) => [label, "x"]));
	const examples = steps
		.flatMap(examplesForStep)
		.map((example) =>
			Object.fromEntries(
				Object.entries(example).filter(([label]) => unknown.includes(label)),
			),
		);
	return [
		{},
		filled,
		...examples,
		...examples.map((example) => ({ ...filled, ...example })),
	]
		.filter((own, i) => i === 0 || mayBe(own))
		.map((own) => ({ ...own, ...known }));
}
