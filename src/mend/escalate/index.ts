export { type Clip, clipsFor } from './clips.ts';
export { type Crop, cropsFor } from './crops.ts';
export { clipSays, cropSays } from './words.ts';
