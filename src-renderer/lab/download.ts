/** Gives a person a file that the lab has written: the page makes it itself, so that nothing is fetched from anywhere. */
export function download({ name, text }: { name: string; text: string }, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Not before the download has begun.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
