// `eval cel --batch`: one request, one answer.
import { describe, expect, it } from 'vitest';
import { answerCelLine, answerCelRequest } from '../../../src/lang/cel/index.ts';

describe('Requests', () => {
  it.each([
    ['{"id": 1, "expression": "1 + 1"}', '{"id":1,"value":2}'],
    [
      '{"id": "a", "expression": "self.a", "variables": {"self": {"a": {"b": [1, null]}}}}',
      '{"id":"a","value":{"b":[1,null]}}',
    ],
    [
      '{"expression": "self + 0", "variables": {"self": 9223372036854775807}}',
      '{"value":9223372036854775807}',
    ],
    ['{"expression": "type(self) == double", "variables": {"self": 2.0}}', '{"value":true}'],
    ['{"expression": "type(self) == int", "variables": {"self": 2}}', '{"value":true}'],
    [
      '{"expression": "type(n) == double", "variables": {"n": 2}, "dialect": "filter"}',
      '{"value":true}',
    ],
    ['{"expression": "x + y", "variables": {"x": "a", "y": "b"}}', '{"value":"ab"}'],
    [
      '{"expression": "status.ready", "variables": {"status": {"ready": true}}, "dialect": "health"}',
      '{"value":true}',
    ],
    ['{"expression": "self.x", "variables": {"self": {}}}', '{"error":"no such key: x"}'],
    [
      '{"expression": "self.x", "variables": {"self": {"x": true}}, "result": "bool"}',
      '{"error":"ERROR: <input>:1:5: cel expression must evaluate to a bool\\n | self.x\\n | ....^"}',
    ],
    [
      '{"expression": "2 + 3", "dialect": "filter", "result": "bool"}',
      '{"error":"invalid return type: int, expected bool"}',
    ],
    ['{"id": 2, "expression": 1}', '{"id":2,"error":"expression is no text"}'],
    [
      '{"expression": "1", "dialect": "sql"}',
      '{"error":"dialect is not one of probe, filter, dependency, health"}',
    ],
    ['[]', '{"error":"the request is no object"}'],
    ['{', '{"error":"the line is no JSON"}'],
    [
      '{"expression": "[b\'a\', duration(\'1h\'), timestamp(0), optional.none(), {1u: 2.0}, 0.0/0.0, int]"}',
      '{"error":"ERROR',
    ],
  ])('%s', (line, answer) => {
    expect(answerCelLine(line).startsWith(answer)).toBe(true);
  });

  it('prints what JSON has no form for', () => {
    const expression =
      "dyn([b'a', dyn(duration('1h')), dyn(timestamp(0)), dyn(optional.none()), dyn({1u: 2.0}), dyn(0.0/0.0), dyn(int)])";
    expect(answerCelRequest({ expression, dialect: 'dependency' })).toEqual({
      value: ['YQ==', '3600s', '1970-01-01T00:00:00Z', null, { 1: 2 }, 'NaN', 'int'],
    });
  });

  it('answers parsed requests', () => {
    expect(answerCelRequest({ id: 'x', expression: '1 +' })).toMatchObject({ id: 'x' });
    expect(answerCelRequest(null)).toEqual({ error: 'the request is no object' });
  });
});
