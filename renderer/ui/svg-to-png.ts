/** Pixels of the picture for one of the drawing. */
const scale = 2;
/** What a canvas of Chromium can hold: a larger drawing becomes a picture of fewer pixels. */
const longestSide = 16_384;
const mostPixels = 200_000_000;

/** The picture of a drawing that says its own size. */
export async function svgToPng(svg: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const fitting = Math.min(scale, longestSide / Math.max(width, height), Math.sqrt(mostPixels / (width * height)));
    const canvas = new OffscreenCanvas(Math.round(width * fitting), Math.round(height * fitting));
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: 'image/png' });
  } finally {
    URL.revokeObjectURL(address);
  }
}
