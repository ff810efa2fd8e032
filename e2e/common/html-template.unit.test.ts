import { expect, test } from "vitest";
import { html } from "./html-template.ts";

test("values are escaped, HTML and what is absent are not", () => {
	const inner = html`<b>${`<a href='x' title="y">&`}</b>`;
	expect(html`<p>${inner}${undefined}${false}${[1, "<"]}</p>`.text).toBe(
		"<p><b>&lt;a href=&#39;x&#39; title=&quot;y&quot;&gt;&amp;</b>1&lt;</p>",
	);
});
