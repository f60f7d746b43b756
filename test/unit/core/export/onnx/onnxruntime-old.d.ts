/** onnxruntime-web 1.17.3, whose own types speak of its usual name only. */
declare module 'onnxruntime-old' {
  export * from 'onnxruntime-common';
}
