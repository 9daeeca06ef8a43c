export { aroundMarks } from './around-marks.ts';
export { joinEdits } from './join.ts';
