import { computed, onBeforeUnmount, onMounted, shallowRef, watch } from 'vue';
import type { ComputedRef, Ref, ShallowRef } from 'vue';
import { useIsDark } from '../../ui/use-is-dark.ts';
import { gridColours } from './grid-colours.ts';
import { cornerOf, layOut } from './grid-layout.ts';
import type { GridLayout } from './grid-layout.ts';
import { gridSize } from './grid-size.ts';
import { paintGrid } from './paint-grid.ts';
import type { GridContent } from './paint-grid.ts';
import { SampleImages } from './sample-images.ts';
import { nameWidth } from './picture-layout.ts';

export interface GridInput {
  readonly run: () => string;
  readonly inputShape: () => readonly number[];
  readonly samples: () => Int32Array;
  readonly labels: () => Int32Array;
  readonly classes: () => number;
  /** CSS pixels. */
  readonly imageWidth: () => number;
  readonly longestName: () => number;
  readonly content: () => Omit<GridContent, 'layout' | 'images' | 'imageSize' | 'chosen'>;
  /** Test sample that is marked; null: none. */
  readonly chosen: () => number | null;
}

/** A canvas that stays over what is seen of a scrolled grid and is painted anew, at most once a frame, when that changes. */
export function usePaintedGrid(
  scroller: Readonly<Ref<HTMLElement | null>>,
  canvas: Readonly<Ref<HTMLCanvasElement | null>>,
  input: GridInput,
): {
  readonly layout: ComputedRef<GridLayout>;
  /** Of what is seen; CSS pixels. */
  readonly size: Readonly<ShallowRef<{ readonly width: number; readonly height: number }>>;
  readonly images: () => SampleImages;
  readonly reveal: (place: number) => void;
} {
  const size = shallowRef({ width: 600, height: 400, ratio: 1 });
  const isDark = useIsDark();
  const observer = new ResizeObserver(measure);
  let frame: number | undefined;
  let images = newImages();

  const shown = computed(() => {
    const [, height = 1, width = 1] = input.inputShape();
    return gridSize({ width, height }, input.imageWidth(), size.value.ratio, input.longestName());
  });
  const layout = computed(() => {
    const { width } = size.value;
    return layOut(input.samples(), input.labels(), input.classes(), { width, left: nameWidth, cell: shown.value.cell });
  });
  const chosenPlace = computed(() => {
    const sample = input.chosen();
    const place = sample === null ? -1 : layout.value.order.indexOf(sample);
    return place < 0 ? null : place;
  });

  function newImages(): SampleImages {
    return new SampleImages(input.run(), input.inputShape(), paintSoon);
  }

  function measure(): void {
    const { clientWidth: width, clientHeight: height } = scroller.value!;
    size.value = { width, height, ratio: devicePixelRatio };
  }

  function paintSoon(): void {
    frame ??= requestAnimationFrame(paint);
  }

  function paint(): void {
    frame = undefined;
    const surface = canvas.value;
    const context = surface?.getContext('2d', { alpha: false });
    if (!surface || !context || !scroller.value) return;
    const { width, height, ratio } = size.value;
    const [pixelsWide, pixelsHigh] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (surface.width !== pixelsWide || surface.height !== pixelsHigh) {
      surface.width = pixelsWide;
      surface.height = pixelsHigh;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    // On whole pixels of the screen, so that those of the images stay sharp.
    const top = Math.round(scroller.value.scrollTop * ratio) / ratio;
    const content = {
      ...input.content(),
      ...{ layout: layout.value, images, imageSize: shown.value.image, chosen: chosenPlace.value },
    };
    paintGrid(context, content, gridColours(scroller.value), { top, width, height });
    images.want(fromHereOn(layout.value, top));
  }

  function reveal(place: number): void {
    const { y } = cornerOf(layout.value, place);
    const { cell } = layout.value;
    const element = scroller.value!;
    if (y < element.scrollTop) element.scrollTop = y - 8;
    const below = y + cell.height - element.clientHeight;
    if (below > element.scrollTop) element.scrollTop = below;
  }

  onMounted(() => {
    measure();
    observer.observe(scroller.value!);
    scroller.value!.addEventListener('scroll', paintSoon, { passive: true });
    paintSoon();
  });
  onBeforeUnmount(() => {
    observer.disconnect();
    if (frame !== undefined) cancelAnimationFrame(frame);
    images.close();
  });
  // Like all that follow the predictions: without these the grid is gone before anyone asks for them.
  const newRun = (): void => {
    images.close();
    images = newImages();
  };
  watch(input.run, newRun, { flush: 'post' });
  watch([layout, chosenPlace, isDark, input.content], paintSoon, { flush: 'post' });
  watch(input.samples, () => scroller.value && (scroller.value.scrollTop = 0), { flush: 'post' });

  return { layout, size, images: () => images, reveal };
}

/** What is seen first, then what follows, then what was before. */
function* fromHereOn({ bands, order, columns, cell }: GridLayout, top: number): Generator<number> {
  const band = bands.findLast((each) => each.top <= top) ?? bands[0];
  if (band === undefined) return;
  const line = Math.max(0, Math.floor((top - band.top) / cell.height));
  const here = Math.min(order.length, band.first + line * columns);
  yield* order.subarray(here);
  yield* order.subarray(0, here).toReversed();
}
