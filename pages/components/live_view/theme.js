// The app's colours, font and size of type: a frame inherits none of them.
const FAMILY = "Source Sans";
const root = document.documentElement;

export function follow(theme) {
  const set = (name, value) => value && root.style.setProperty(`--${name}`, value);
  set("text", theme.textColor);
  set("back", theme.backgroundColor);
  set("soft", theme.secondaryBackgroundColor);
  set("primary", theme.primaryColor);
  root.style.colorScheme = theme.base === "dark" ? "dark" : "light";
}

/** Takes the font from the page around the frame; where that fails, the system's own is used. */
export function useFont() {
  for (const sheet of parent.document.styleSheets) {
    for (const { style } of sheet.cssRules) {
      const value = (name) => style?.getPropertyValue(name).replaceAll('"', "");
      if (value("font-family") !== FAMILY || value("font-style") === "italic") continue;
      const source = value("src").match(/url\(([^)]+)\)/);
      if (!source) continue;
      const address = new URL(source[1], sheet.href ?? parent.document.baseURI);
      new FontFace(FAMILY, `url(${address})`, { weight: "200 900" }).load().then(
        (font) => document.fonts.add(font), () => {});
      return;
    }
  }
}

/** Follows the size of type of the page, which its button "Projector" changes. */
export function useSize() {
  const page = parent.document.documentElement;
  const follow = () => { root.style.fontSize = parent.getComputedStyle(page).fontSize; };
  new MutationObserver(follow).observe(page, { attributeFilter: ["class"] });
  follow();
}
