// What is measured of a page that is open; each function returns what is wrong, so that a test can compare with [].
(() => {
  const name = (element) => element.outerHTML.slice(0, 160).replaceAll("\n", " ");
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  /** Whether an element is there for screen readers alone, or comes into sight when it has the focus. */
  const unseen = (element) => {
    for (let at = element; at; at = at.parentElement) {
      if (at.matches(".skip") || getComputedStyle(at).clipPath.startsWith("inset(50%")) return true;
    }
    return false;
  };
  const scrolls = (element) => {
    for (let at = element; at && at !== document.documentElement; at = at.parentElement) {
      if (at !== document.body && /auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };
  /** The lines of text of a page: their words, their boxes and the elements that they stand in. */
  const lines = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (!node.data.trim() || parent.closest("svg, script, style, noscript") || unseen(parent) || !shown(parent)) continue;
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) if (box.width > 1 && box.height > 1) found.push({ node, parent, box });
    }
    return found;
  };
  const block = (element) => {
    let at = element;
    while (at !== document.body && /^(inline|contents|ruby)$/.test(getComputedStyle(at).display)) at = at.parentElement;
    return at;
  };
  const targets = () =>
    [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(
      (element) => element.tabIndex >= 0 && !element.disabled && shown(element),
    );

  return {
    /** What makes the page scroll sideways. */
    sideways() {
      const root = document.scrollingElement;
      const wide = root.clientWidth + 0.5;
      if (root.scrollWidth <= wide) return [];
      const found = [...document.body.querySelectorAll("*")].filter((element) => {
        const box = element.getBoundingClientRect();
        return (box.right > wide || box.left < -0.5) && !scrolls(element.parentElement) && !unseen(element);
      });
      return [`${root.scrollWidth} of ${root.clientWidth}`, ...found.slice(0, 5).map(name)];
    },

    /** Texts that leave their block, or that something cuts off. */
    cut() {
      const found = new Set();
      for (const { parent, box } of lines()) {
        const around = block(parent);
        const frame = around.getBoundingClientRect();
        if (!scrolls(parent) && (box.right > frame.right + 1.5 || box.left < frame.left - 1.5)) found.add(name(around));
        const style = getComputedStyle(around);
        const clips = /hidden|clip/.test(`${style.overflowX} ${style.overflowY}`);
        if (clips && (around.scrollWidth > around.clientWidth + 1 || around.scrollHeight > around.clientHeight + 2)) {
          found.add(name(around));
        }
      }
      return [...found];
    },

    /** Pairs of texts that lie on each other. */
    overlapping() {
      const all = lines().sort((one, other) => one.box.top - other.box.top);
      const found = [];
      for (let i = 0; i < all.length; i += 1) {
        const one = all[i];
        for (let j = i + 1; j < all.length && all[j].box.top < one.box.bottom; j += 1) {
          const other = all[j];
          if (one.node === other.node) continue;
          const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
          const down = Math.min(one.box.bottom, other.box.bottom) - other.box.top;
          // Boxes of text are taller than their letters: those of neighbouring lines touch.
          if (across > 2 && down > 0.4 * Math.min(one.box.height, other.box.height)) {
            found.push(`${one.node.data.trim().slice(0, 60)} | ${other.node.data.trim().slice(0, 60)}`);
          }
        }
      }
      return found;
    },

    /** What stands alone, is there to be pressed, and is smaller than a finger needs; links in sentences may be. */
    small() {
      return targets()
        .filter((element) => element.matches("nav *, header *, footer *, button, summary, input, select, .title *") && !unseen(element))
        .filter((element) => {
          const box = element.getBoundingClientRect();
          return box.width < 24 || box.height < 24;
        })
        .map(name);
    },

    /** Everything that the keyboard must reach, in the order of the document. */
    targets: () => targets().map(name),

    /** What has the focus: its name, and what is wrong with how it is shown. */
    focused() {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      const wrong = [];
      if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) wrong.push("no outline");
      if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) wrong.push("out of sight");
      const [line] = element.getClientRects();
      const x = Math.min(Math.max(line.left + line.width / 2, 1), innerWidth - 2);
      const y = Math.min(Math.max(line.top + line.height / 2, 1), innerHeight - 2);
      const top = document.elementFromPoint(x, y);
      if (top && !element.contains(top) && !top.contains(element)) wrong.push(`covered by ${name(top)}`);
      return { name: name(element), wrong };
    },

    /** Elements that move although less motion was asked for. */
    moving() {
      const takesTime = (value) => value.split(", ").some((one) => parseFloat(one) > 0.01);
      const found = [...document.querySelectorAll("*")].filter((element) =>
        [null, "::before", "::after"].some((part) => {
          const style = getComputedStyle(element, part);
          const animated = style.animationName !== "none" && takesTime(style.animationDuration);
          const changing = style.transitionProperty !== "none" && takesTime(style.transitionDuration);
          return animated || changing || style.scrollBehavior === "smooth";
        }),
      );
      return found.map(name);
    },

    /** Shapes whose colour is nearly that of the paper, so that they cannot be seen. */
    invisible(paper) {
      const pixels = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      const light = (colour) => {
        pixels.fillStyle = paper;
        pixels.fillRect(0, 0, 1, 1);
        pixels.fillStyle = colour;
        pixels.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...pixels.getImageData(0, 0, 1, 1).data].map((part) => {
          const share = part / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const contrast = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      const ground = (element) => {
        for (let at = element; at; at = at.parentElement) {
          const colour = getComputedStyle(at).backgroundColor;
          if (!/^rgba\(.*, 0\)$/.test(colour)) return light(colour);
        }
        return light(paper);
      };
      return [...document.querySelectorAll("svg :is(path, circle, rect, use)")]
        .filter((shape) => shown(shape) && !shape.closest("defs, symbol, .unseen") && !shape.matches(".mark, .unknown"))
        .filter((shape) => {
          const style = getComputedStyle(shape);
          return ![style.fill, style.stroke].some((paint) => paint !== "none" && contrast(light(paint), ground(shape)) >= 3);
        })
        .map(name);
    },

    /** Take away what the script added to the words of a page. */
    bare() {
      for (const note of document.querySelectorAll(".ago, .yours")) {
        note.previousSibling.remove();
        note.remove();
      }
    },

    /** The words of a part of the page that can be seen, one entry for each element that is asked for. */
    words: (selector) =>
      [...document.querySelectorAll(selector)]
        .filter((element) => shown(element) && !unseen(element))
        .map((element) => element.innerText.replace(/\s+/g, " ").trim()),
  };
})()
