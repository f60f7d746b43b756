import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type {
  LookActivation,
  LookExplanation,
  LookSubject,
  LookTarget,
  NearestImages,
} from '../../../../core/contract/look.ts';
import { useNotices } from '../../../app/notices.ts';
import { workbench } from '../../../app/workbench.ts';
import { useEvaluation } from '../evaluation-store.ts';
import { newestOnly } from './newest-only.ts';

/** Milliseconds after which nearer training images may have been found. */
const lookAgain = 2000;
const nearestShown = 8;

/** The network that the place shows. */
export function useLookTarget() {
  const store = useEvaluation();
  return computed((): LookTarget | null => {
    const predicted = store.predictions;
    return predicted && { run: predicted.run, checkpoint: store.checkpoint, weights: predicted.weights };
  });
}

/** What the network makes of one picture, and what of that is seen. */
export function useLook(subject: () => LookSubject) {
  const notices = useNotices();
  const of = useLookTarget();
  /** The class that is asked about; null: the likeliest. */
  const target = shallowRef<number | null>(null);
  /** What it says, which is known first; null until then. */
  const probabilities = shallowRef<Float32Array | null>(null);
  const explanation = shallowRef<LookExplanation | null>(null);
  /** Place among the explanation's layers. */
  const layer = shallowRef(0);
  /** Of the layer chosen, or of the one before until it is here. */
  const activation = shallowRef<(LookActivation & { readonly layer: number }) | null>(null);
  const nearest = shallowRef<NearestImages | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const explain = newestOnly(async (asked: { of: LookTarget; subject: LookSubject; target: number | null }) => {
    if (probabilities.value === null) await predict(asked);
    const class_ = asked.target === null ? {} : { target: asked.target };
    const question = { kind: 'explain', subject: asked.subject, ...class_ } as const;
    const found = await notices.attempt(() => workbench.call('look.explain', { of: asked.of, question }));
    if (found === undefined) return;
    explanation.value = found;
    if (layer.value >= found.layers.length) layer.value = 0;
    await fetchActivation({ of: asked.of, subject: asked.subject, layer: layer.value });
    ask();
  });
  const see = newestOnly(fetchActivation);
  const findNearest = newestOnly(async (asked: { of: LookTarget; subject: LookSubject }) => {
    clearTimeout(timer);
    const question = { kind: 'nearest', subject: asked.subject, count: nearestShown } as const;
    const found = await notices.attempt(() => workbench.call('look.nearest', { of: asked.of, question }));
    if (found === undefined) return;
    nearest.value = found;
    if (found.among < found.most) timer = setTimeout(() => ask(), lookAgain);
  });

  async function predict(asked: { of: LookTarget; subject: LookSubject }): Promise<void> {
    const question = { kind: 'predict', subject: asked.subject } as const;
    const found = await notices.attempt(() => workbench.call('look.predict', { of: asked.of, question }));
    probabilities.value = found?.probabilities ?? null;
  }

  async function fetchActivation(asked: { of: LookTarget; subject: LookSubject; layer: number }): Promise<void> {
    const question = { kind: 'activation', subject: asked.subject, layer: asked.layer } as const;
    const found = await notices.attempt(() => workbench.call('look.activation', { of: asked.of, question }));
    if (found !== undefined) activation.value = { ...found, layer: asked.layer };
  }

  function ask(): void {
    if (of.value !== null) findNearest({ of: of.value, subject: subject() });
  }

  watch([of, subject], () => {
    target.value = null;
  });
  watch(
    [of, subject, target],
    () => {
      if (of.value !== null) explain({ of: of.value, subject: subject(), target: target.value });
    },
    { immediate: true },
  );
  watch(layer, () => {
    if (of.value !== null) see({ of: of.value, subject: subject(), layer: layer.value });
  });
  onScopeDispose(() => clearTimeout(timer));

  return { of, target, probabilities, explanation, layer, activation, nearest };
}
