// The math option: rows of our own; the values are what Kubernetes 1.37's CEL answers.
import { describeRows } from './evaluate.ts';

describeRows('The math option', {
  'picks extremes of any number of numbers': [
    ['math.greatest(1, 2)', '2'],
    ['math.greatest(1, 2.5)', 'd:2.5'],
    ['math.greatest(3, 2, 1, 7, 5)', '7'],
    ['math.least([4, 2, 3])', '2'],
    ['math.least(-1.5, 0u)', 'd:-1.5'],
    ['math.greatest(5)', '5'],
    ['math.greatest(dyn([]))', 'error'],
    ['math.greatest(dyn(["a"]))', 'error'],
  ],
  rounds: [
    ['math.ceil(-1.2)', 'd:-1'],
    ['math.floor(-1.2)', 'd:-2'],
    ['math.round(-1.5)', 'd:-2'],
    ['math.round(2.5)', 'd:3'],
    ['math.round(0.49999999999999994)', 'd:0'],
    ['math.trunc(-1.9)', 'd:-1'],
    ['math.sqrt(16)', 'd:4'],
    ['math.abs(-5)', '5'],
    ['math.abs(-9223372036854775808)', 'error'],
    ['math.sign(-2.5)', 'd:-1'],
    ['math.sign(0u)', '0u'],
    ['math.isNaN(0.0 / 0.0)', 'true'],
    ['math.isInf(-1.0 / 0.0)', 'true'],
    ['math.isFinite(1.0)', 'true'],
  ],
  'works on bits': [
    ['math.bitAnd(6, 3)', '2'],
    ['math.bitOr(-8, 1)', '-7'],
    ['math.bitXor(5u, 1u)', '4u'],
    ['math.bitNot(0u)', '18446744073709551615u'],
    ['math.bitShiftLeft(1, 63)', '-9223372036854775808'],
    ['math.bitShiftLeft(1, 64)', '0'],
    ['math.bitShiftLeft(1, -1)', 'error'],
    ['math.bitShiftRight(-1, 60)', '15'],
  ],
});
