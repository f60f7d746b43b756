import type { DataSettings } from '../../core/project/project.ts';
import { planNormalise } from '../../core/training/plan-normalise.ts';
import type { RunData, SplitContent } from '../../core/training/run-data.ts';
import { contentOf, statisticsOf } from '../datasets/content.ts';
import type { MeasuredContent } from '../datasets/content.ts';
import type { LocatedDataset } from '../datasets/datasets.ts';

/** All that a run is to remember of its data. They are read to the end, unless that was done before. */
export async function describeData(settings: DataSettings, located: LocatedDataset): Promise<RunData> {
  const { inputShape, values, classNames, targets, targetStatistics, columnNames, commaColumns, targetNames } = located;
  const [train, test] = await Promise.all([contentOf(located.train, inputShape), contentOf(located.test, inputShape)]);
  const statistics = values.statistics ?? statisticsOf(train);
  const known = statistics === null ? values : { ...values, statistics };
  const normalise = planNormalise(settings.normalise, inputShape[0]!, known);
  if (normalise.kind === 'computed') throw new Error('the statistics of numbers are known');
  return {
    source: settings.source,
    settings: settings.import ?? {},
    ...{ inputShape, values, classNames, columnNames, targetNames },
    ...(commaColumns === undefined ? {} : { commaColumns }),
    ...(targets === undefined ? {} : { targets }),
    ...(targetStatistics === undefined ? {} : { targetStatistics }),
    normalise,
    train: withoutChannels(train),
    test: withoutChannels(test),
  };
}

function withoutChannels({ samples, inputs, targets, sampleSum }: MeasuredContent): SplitContent {
  return { samples, inputs, targets, sampleSum };
}
