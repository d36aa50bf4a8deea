/** Scrolls a panel, and not the page, to a part of it that cannot be seen. */
export function showRow(row: Element, panel: HTMLElement): void {
  const [place, frame] = [row.getBoundingClientRect(), panel.getBoundingClientRect()];
  if (place.top < frame.top || place.bottom > frame.bottom)
    panel.scrollTop += place.top - frame.top - panel.clientHeight / 3;
}
