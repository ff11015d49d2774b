/**
 * What is dropped beside a place that takes it: a browser would show the file instead of the lab. So it is refused here, for
 * all screens; text that is dragged into a field still gets there.
 */

/** Listens last: what a screen takes is marked as handled by then. */
export function refuseStrayDrops(target: Window = window): void {
  target.addEventListener('dragover', refuse);
  target.addEventListener('drop', refuse);
}

function refuse(event: DragEvent): void {
  const { defaultPrevented, dataTransfer, target } = event;
  const isFile = dataTransfer?.types.includes('Files') ?? false;
  const isField = target instanceof Element && target.matches('input, textarea');
  if (defaultPrevented || (isField && !isFile)) return;
  event.preventDefault();
  // The pointer says that nothing can be dropped here.
  if (dataTransfer) dataTransfer.dropEffect = 'none';
}
