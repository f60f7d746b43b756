import type { PictureForm } from '../project/import-settings.ts';
import type { Precision } from '../project/project.ts';
import type { Call } from './call.ts';
import type { PredictionQuery } from './evaluation.ts';

/** Questions about single pictures. An engine stays open for the checkpoint that is asked about. */
export interface LookCalls {
  'look.explain': Call<Asked<ExplainQuestion>, LookExplanation>;
  'look.activation': Call<Asked<ActivationQuestion>, LookActivation>;
  'look.predict': Call<Asked<PredictQuestion>, LookPrediction>;
  'look.nearest': Call<Asked<NearestQuestion>, NearestImages>;
  /**
   * Reads a picture file as the training images were read: resized, in grey or colour. Digits are also centred as MNIST
   * centres them.
   */
  'look.picture': Call<PictureFile, PreparedPicture>;
  /** What a network for tables, or for arrays of one dimension, predicts for one row: a text for each column, in their order. */
  'look.row': Call<{ readonly of: LookTarget; readonly cells: readonly string[] }, LookPrediction>;
}

export interface PictureFile {
  readonly run: string;
  readonly file: Uint8Array;
  /** Of the file, for messages. */
  readonly name: string;
}

/** Which network. */
export type LookTarget = Omit<PredictionQuery, 'views'>;

export interface Asked<Question> {
  readonly of: LookTarget;
  readonly question: Question;
}

export type LookSubject =
  /** A test image, counted from 0. */
  | { readonly kind: 'sample'; readonly index: number }
  /** Raw bytes in the shape of the data: channels × height × width. */
  | { readonly kind: 'pixels'; readonly pixels: Uint8Array };

/** Of any data: one sample or several as the data set stores them, before normalisation. */
export interface NumbersSubject {
  readonly kind: 'numbers';
  readonly numbers: Float32Array;
}

export interface ExplainQuestion {
  readonly kind: 'explain';
  readonly subject: LookSubject;
  /** The class that is asked about; absent: the likeliest. */
  readonly target?: number;
}

export interface ActivationQuestion {
  readonly kind: 'activation';
  readonly subject: LookSubject;
  /** Place among the explanation's layers. */
  readonly layer: number;
}

export interface PredictQuestion {
  readonly kind: 'predict';
  readonly subject: LookSubject | NumbersSubject;
}

export interface NearestQuestion {
  readonly kind: 'nearest';
  readonly subject: LookSubject;
  readonly count: number;
}

export type LookQuestion = ExplainQuestion | ActivationQuestion | PredictQuestion | NearestQuestion;

export interface LookAnswers {
  readonly explain: LookExplanation;
  readonly activation: LookActivation;
  readonly predict: LookPrediction;
  readonly nearest: NearestImages;
}

export type LookAnswer<Question extends LookQuestion> = LookAnswers[Question['kind']];

export interface LookPrediction {
  /** One a class, or of a regression the targets; of several samples one after another. */
  readonly probabilities: Float32Array;
}

export interface LookExplanation extends LookPrediction {
  /** The class asked about. */
  readonly target: number;
  /** What the run computes in; an explanation computes in float32. */
  readonly precision: Precision;
  /** In the order in which they compute; of a module that computes several times each time. */
  readonly layers: readonly LookedLayer[];
  /**
   * Size of the derivative of the class's score by the network's input, the largest of the channels: height × width.
   * Simonyan et al. 2013, arXiv 1312.6034.
   */
  readonly saliency: Float32Array;
}

export interface LookedLayer {
  /** Address of the module in the project. */
  readonly path: string;
  /** `Conv2d`; of a container what it joins. */
  readonly type: string;
  /** Of the first tensor it gives, without the batch. */
  readonly shape: readonly number[];
  /** Grad-CAM (Selvaraju et al. 2017, arXiv 1610.02391); null where it gives no picture of channels. */
  readonly map: LookedMap | null;
}

export interface LookedMap {
  /** [height, width]. */
  readonly shape: readonly number[];
  /** 0 and more: what spoke for the class. */
  readonly values: Float32Array;
}

export interface LookActivation {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly least: number;
  readonly most: number;
}

export interface NearestImages {
  /** Numbers of the layer that is compared: what the last Linear takes. Null: there is no such layer. */
  readonly features: number | null;
  /** Training images looked at so far, and how many there are; `most`: as many as memory is spent on. */
  readonly among: number;
  readonly of: number;
  readonly most: number;
  /** Nearest first. */
  readonly images: readonly NearestImage[];
}

export interface NearestImage {
  /** Among the training images, counted from 0. */
  readonly index: number;
  readonly label: number;
  /** 1 − cosine of the angle between the features: 0 … 2. */
  readonly distance: number;
  /** Raw, in the shape of the data. */
  readonly pixels: Uint8Array;
}

export interface PreparedPicture {
  readonly pixels: Uint8Array;
  /** [channels, height, width]. */
  readonly inputShape: readonly number[];
  /** Of digits: made as MNIST's are, bright on dark, scaled to a box and centred by its mass. */
  readonly isCentred: boolean;
  /** How it was brought to the size. */
  readonly form: PictureForm;
}
