// What every page loads. All of it improves HTML that already works; each part
// looks for its own elements and leaves when there are none.
import { copyButtons } from "./copy";
import { centerDrawings } from "./drawing";
import { foldSidebars } from "./fold";
import { openPaletteOnIntent } from "./palette";
import { spyOnHeadings } from "./spy";
import { enhanceTables } from "./table";
import { stars } from "./star";
import { themeSwitch } from "./switch";
import { relativeTimes } from "./time";

themeSwitch();
foldSidebars();
openPaletteOnIntent();
spyOnHeadings();
relativeTimes();
copyButtons();
enhanceTables();
stars();
centerDrawings();
