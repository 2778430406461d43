// Dragging a file, and a word while the tool works. Every page works without it.
'use strict';
for (const form of document.querySelectorAll('form')) {
  form.addEventListener('submit', () => {
    const busy = form.querySelector('[data-busy]');
    if (busy) busy.textContent = busy.dataset.busy;
    // After the browser has taken the form: a second press sends nothing twice.
    setTimeout(() => form.querySelectorAll('button').forEach((button) => { button.disabled = true; }));
  });
}
for (const zone of document.querySelectorAll('[data-drop]')) {
  const field = zone.querySelector('input[type=file]');
  const over = (on) => zone.classList.toggle('wdl-over', on);
  zone.querySelectorAll('.wdl-drag').forEach((words) => { words.hidden = false; });
  zone.addEventListener('dragover', (event) => { event.preventDefault(); over(true); });
  zone.addEventListener('dragleave', () => over(false));
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    over(false);
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    zone.requestSubmit();
  });
}
