// Lets whoever wishes draw a signature. Without scripts the typed name is all there is, and is enough.
"use strict";
for (const place of document.querySelectorAll("[data-draw]")) {
  const canvas = place.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const field = document.querySelector("input[name=drawn]");
  let strokes = [];
  let stroke = null;
  place.hidden = false;
  pen.lineWidth = 4;
  pen.lineCap = "round";
  pen.strokeStyle = "#000";

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height].map(Math.round);
  };
  const keep = () => { field.value = strokes.length ? JSON.stringify(strokes) : ""; };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    stroke = at(event);
    strokes.push(stroke);
    pen.beginPath();
    pen.moveTo(stroke[0], stroke[1]);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    const [x, y] = at(event);
    stroke.push(x, y);
    pen.lineTo(x, y);
    pen.stroke();
  });
  for (const over of ["pointerup", "pointercancel"]) canvas.addEventListener(over, () => { stroke = null; keep(); });
  place.querySelector("[data-clear]").addEventListener("click", () => {
    strokes = [];
    pen.clearRect(0, 0, canvas.width, canvas.height);
    keep();
  });
}
