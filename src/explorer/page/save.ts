/** Has the browser save a text as a file. */
export function save(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}

/** Saves a picture as it is drawn on the page. */
export const savePicture = (name: string, svg: string): void =>
  save(`${name.replace(/[^\w.-]+/g, '-')}.svg`, 'image/svg+xml', svg);
