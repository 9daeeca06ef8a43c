/** Its name in the model store and in reports. */
export const ID = 'pp-ocrv4';

/** Paths inside the model's folder. */
export const FILES = { detector: 'det.onnx', recogniser: 'rec.onnx', keys: 'keys.txt' } as const;
