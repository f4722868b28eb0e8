// Line icons, drawn as inline SVG so that they follow the text color, forced colors included. All are decoration beside a text.

import { svg } from './h.js';

const PATHS = {
  again: ['M20 11a8 8 0 1 0-2.3 6.3', 'M20 4v7h-7'],
  arrow: ['M5 12h14', 'M13 6l6 6-6 6'],
  back: ['M19 12H5', 'M11 6l-6 6 6 6'],
  check: ['M5 12.5l4.5 4.5L19 7.5'],
  copy: ['M9 9h10v11H9z', 'M15 9V5H5v11h4'],
  download: ['M12 4v11', 'M7 10.5l5 5 5-5', 'M5 20h14'],
  edit: ['M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19z', 'M14 6.5l3.5 3.5'],
  eye: ['M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z', 'M12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z'],
  eyeOff: ['M4 4l16 16', 'M9.5 6A9.6 9.6 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-3 3.7', 'M6.2 7.8A16.6 16.6 0 0 0 2.5 12S6 18.5 12 18.5a9.5 9.5 0 0 0 4.2-1', 'M10 10.2a2.8 2.8 0 0 0 3.9 3.9'],
  info: ['M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z', 'M12 11v5.5', 'M12 7.5v.01'],
  key: ['M8.5 11a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z', 'M11.7 12.3L20 4', 'M16 8l3 3'],
  leave: ['M14 4h5v16h-5', 'M4 12h11', 'M8 8l-4 4 4 4'],
  menu: ['M4 7h16', 'M4 12h16', 'M4 17h16'],
  lock: ['M5.5 11h13v9h-13z', 'M8.5 11V7.5a3.5 3.5 0 0 1 7 0V11'],
  plus: ['M12 5v14', 'M5 12h14'],
  print: ['M7 9V4h10v5', 'M7 17H4V9h16v8h-3', 'M7 14h10v6H7z'],
  search: ['M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z', 'M15.5 15.5L20 20'],
  trash: ['M4.5 7h15', 'M9.5 7V4h5v3', 'M6.5 7l1 13h9l1-13', 'M10.5 11v5.5', 'M13.5 11v5.5'],
  warning: ['M12 4L2.5 20h19z', 'M12 10v5', 'M12 17.5v.01'],
};

/** @typedef {keyof typeof PATHS | import('../admin/icons.js').ConsoleIcon} Icon */

/** @type {Partial<Record<Icon, string[]>>} */
const drawn = { ...PATHS };

/** Adds what only some pages need. @param {Partial<Record<Icon, string[]>>} more */
export function addIcons(more) {
  Object.assign(drawn, more);
}

/**
 * @param {Icon} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const paths = (drawn[name] ?? []).map((d) => svg('path', { d }));
  return svg('svg', { class: `icon icon-${name}`, viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' }, paths);
}

/** The mark: a boundary with a keyhole, the house that is yours. */
export function mark() {
  return svg(
    'svg',
    { class: 'mark', viewBox: '0 0 32 32', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { class: 'mark-ground', d: 'M16 2.5l12 6.5v9c0 6-5 10-12 11.5C9 28 4 24 4 18V9z' }),
    svg('path', { class: 'mark-keyhole', d: 'M16 10.5a3.6 3.6 0 0 0-1.9 6.660L13 22.5h6l-1.1-5.340A3.6 3.6 0 0 0 16 10.5z' }),
  );
}
