// Builds the site's style sheet and copies its fonts: scss/site.scss -> static/built/.
// It refuses to write what must not be published: another body's typeface or crest, or a physical
// property that would break a page read from right to left.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const built = resolve(here, "../src/evenhand/static/built");
const forTests = resolve(here, "../../.build");
const fontFiles = join(modules, "@fontsource-variable/atkinson-hyperlegible-next/files");
const fonts = ["latin", "latin-ext"].flatMap((subset) =>
  ["normal", "italic"].map((style) => `atkinson-hyperlegible-next-${subset}-wght-${style}.woff2`),
);

const { css } = sass.compile(join(here, "scss/site.scss"), {
  loadPaths: [join(modules, "govuk-frontend/dist")],
  style: "compressed",
  sourceMap: false,
  quietDeps: true,
});
const styles = logical(css);
refuse(styles);

rmSync(built, { recursive: true, force: true });
mkdirSync(join(built, "fonts"), { recursive: true });
for (const font of fonts) copyFileSync(join(fontFiles, font), join(built, "fonts", font));
copyFileSync(join(fontFiles, "../LICENSE"), join(built, "fonts", "LICENSE.txt"));
writeFileSync(join(built, "site.css"), styles);
mkdirSync(forTests, { recursive: true });
copyFileSync(join(modules, "axe-core/axe.min.js"), join(forTests, "axe.min.js"));
console.log(
  `site.css ${kilobytes(Buffer.byteLength(styles))} (${kilobytes(gzipSync(styles).length)} gzipped), ${fonts.length} font files`,
);

// The design system's compiled physical properties, said as logical ones.
function logical(source) {
  const names = [
    [/(?<=[{;])(margin|padding)-left:/g, "$1-inline-start:"],
    [/(?<=[{;])(margin|padding)-right:/g, "$1-inline-end:"],
    [/(?<=[{;])border-left(-[a-z]+)?:/g, "border-inline-start$1:"],
    [/(?<=[{;])border-right(-[a-z]+)?:/g, "border-inline-end$1:"],
    [/(?<=[{;])left:/g, "inset-inline-start:"],
    [/(?<=[{;])right:/g, "inset-inline-end:"],
    [/(?<=[{;])(text-align|float|clear):left\b/g, "$1:@start"],
    [/(?<=[{;])(text-align|float|clear):right\b/g, "$1:@end"],
    [/(?<=[{;])justify-content:left\b/g, "justify-content:start"],
    [/(?<=[{;])justify-content:right\b/g, "justify-content:end"],
    [/text-align:@/g, "text-align:"],
    [/:@(start|end)/g, ":inline-$1"],
  ];
  return names.reduce((text, [found, instead]) => text.replace(found, instead), source);
}

function refuse(text) {
  const forbidden = {
    "a typeface that only GOV.UK may use": /GDS Transport/i,
    "a crest": /crest/i,
    "an address of the site's root": /url\(["']?\//,
    "a map of the source": /sourceMappingURL/,
    "a physical property": /(?<=[{;])((margin|padding|border)-(left|right)[a-z-]*|left|right):/,
    "a physical direction": /(text-align|float|clear):(left|right)\b/,
  };
  for (const [what, found] of Object.entries(forbidden)) {
    const match = text.match(found);
    if (match) throw new Error(`The style sheet holds ${what}: ${text.slice(match.index - 40, match.index + 60)}`);
  }
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
