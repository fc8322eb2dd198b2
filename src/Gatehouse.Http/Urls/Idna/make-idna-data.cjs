// Writes IdnaData.cs, the table behind domain names outside of ASCII: UTS46 statuses and mappings, and what its validity criteria ask of each code point.
//
//   npm install tr46@6.0.0 && node make-idna-data.cjs > IdnaData.cs
//
// Sources: tr46 (MIT; UTS46 mapping table and the sets of RFC 5892 and RFC 5893) and normalisation of the running Node.js, both of the same Unicode version.
'use strict';
const zlib = require('node:zlib');
const mappingTable = require('tr46/lib/mappingTable.json');
const sets = require('tr46/lib/regexes.js');

const { unicodeVersion } = require('tr46/package.json');
if (!unicodeVersion.startsWith(process.versions.unicode))
  throw new Error(`tr46 is of Unicode ${unicodeVersion}, Node.js of ${process.versions.unicode}`);

const last = 0x10ffff;
const isSurrogate = c => c >= 0xd800 && c <= 0xdfff;
const [Valid, Ignored, Mapped, Disallowed] = [0, 1, 2, 3];
const statusOf = { 1: Mapped, 2: Valid, 3: Disallowed, 6: Valid, 7: Ignored }; // a deviation is valid, since processing is nontransitional

// One code point of each canonical combining class.
const classes = [[1, 0x334], [6, 0x16ff0], [7, 0x93c], [8, 0x3099], [9, 0x94d], [10, 0x5b0], [11, 0x5b1], [12, 0x5b2], [13, 0x5b3], [14, 0x5b4],
  [15, 0x5b5], [16, 0x5b6], [17, 0x5b7], [18, 0x5b8], [19, 0x5b9], [20, 0x5bb], [21, 0x5bc], [22, 0x5bd], [23, 0x5bf], [24, 0x5c1], [25, 0x5c2],
  [26, 0xfb1e], [27, 0x64b], [28, 0x64c], [29, 0x64d], [30, 0x618], [31, 0x619], [32, 0x61a], [33, 0x651], [34, 0x652], [35, 0x670], [36, 0x711],
  [84, 0xc55], [91, 0xc56], [103, 0xe38], [107, 0xe48], [118, 0xeb8], [122, 0xec8], [129, 0xf71], [130, 0xf72], [132, 0xf74], [202, 0x321],
  [214, 0x1dce], [216, 0x31b], [218, 0x1dfa], [220, 0x316], [222, 0x59a], [224, 0x302e], [226, 0x1d16d], [228, 0x5ae], [230, 0x300], [232, 0x315],
  [233, 0x35c], [234, 0x35d], [240, 0x345]].map(([combiningClass, c]) => ({ combiningClass, text: String.fromCodePoint(c) }));

// The class of a mark shows in the first of the others that canonical ordering does not move before it.
function combiningClassOf(text) {
  const isReordered = (a, b) => (a + b).normalize('NFD') !== a + b;
  if (text.normalize('NFD') !== text)
    return 0; // a vowel sign of two parts; its class is zero
  if (!isReordered(text, classes[0].text) && !isReordered(classes.at(-1).text, text))
    return 0;
  return classes.find(({ text: other }) => !isReordered(text, other)).combiningClass;
}

const [Neutral, Left, Right, EuropeanNumber, ArabicNumber, NonspacingMark, Unallowed] = [0, 1, 2, 3, 4, 5, 6];
function bidiOf(text) {
  if (sets.bidiS1LTR.test(text)) return Left;
  if (sets.bidiS1RTL.test(text)) return Right;
  if (sets.bidiS4EN.test(text)) return EuropeanNumber;
  if (sets.bidiS4AN.test(text)) return ArabicNumber;
  if (sets.bidiS3.test('\u05d0' + text)) return NonspacingMark;
  return sets.bidiS2.test('\u05d0' + text) ? Neutral : Unallowed;
}

// Bit 1: joins what follows (L, D); bit 2: joins what precedes (R, D); both and bit 4: transparent (T).
function joiningOf(text) {
  const follows = sets.validZWNJ.test(text + '\u200c\u0627');
  const precedes = sets.validZWNJ.test('\u0628\u200c' + text);
  const isTransparent = !follows && !precedes && sets.validZWNJ.test('\u0628' + text + '\u200c\u0627');
  return isTransparent ? 4 : (follows ? 1 : 0) | (precedes ? 2 : 0);
}

function propertiesOf(c) {
  const text = String.fromCodePoint(c);
  const isMark = sets.combiningMarks.test(text);
  const combiningClass = isMark ? combiningClassOf(text) : 0;
  return (bidiOf(text) << 2) | (joiningOf(text) << 5) | ((isMark ? 1 : 0) << 8) | (combiningClass << 9);
}

const mappings = []; // [code point, text]
const ranges = []; // [first, packed]
for (const [where, code, text] of mappingTable) {
  const [from, to] = Array.isArray(where) ? where : [where, where];
  const status = statusOf[code];
  if (status === undefined)
    throw new Error(`unknown status ${code} of ${from}`);
  for (let c = from; c <= to; c++) {
    const packed = status === Valid && !isSurrogate(c) ? propertiesOf(c) : status;
    if (ranges.length === 0 || ranges.at(-1)[1] !== packed)
      ranges.push([c, packed]);
    if (status === Mapped)
      mappings.push([c, text]);
  }
}

const compositions = []; // [whole, first, second], without Hangul, which is composed by arithmetic
for (let c = 0xc0; c <= last; c++) {
  if (isSurrogate(c) || (c >= 0xac00 && c <= 0xd7a3))
    continue;
  const text = String.fromCodePoint(c);
  const parts = [...text.normalize('NFD')];
  if (parts.length < 2 || text.normalize('NFC') !== text)
    continue;
  const second = parts.pop();
  const first = parts.join('').normalize('NFC');
  if ([...first].length !== 1 || (first + second).normalize('NFC') !== text)
    throw new Error(`no pair composes to ${c.toString(16)}`);
  compositions.push([c, first.codePointAt(0), second.codePointAt(0)]);
}

const bytes = [];
function write(value) {
  for (; value >= 0x80; value = Math.floor(value / 0x80))
    bytes.push((value % 0x80) | 0x80);
  bytes.push(value);
}
const writeSigned = value => write(value < 0 ? -value * 2 - 1 : value * 2);
function writeColumn(values, writeOne) {
  let before = 0;
  for (const value of values) {
    writeOne(value - before);
    before = value;
  }
}

write(ranges.length);
writeColumn(ranges.map(range => range[0]), write);
ranges.forEach(range => write(range[1]));
write(mappings.length);
writeColumn(mappings.map(mapping => mapping[0]), write);
mappings.forEach(mapping => write(mapping[1].length));
for (const [c, text] of mappings) {
  let before = c;
  for (let at = 0; at < text.length; at++) {
    writeSigned(text.charCodeAt(at) - before);
    before = text.charCodeAt(at);
  }
}
write(compositions.length);
writeColumn(compositions.map(composition => composition[0]), write);
compositions.forEach(composition => writeSigned(composition[1] - composition[0]));
writeColumn(compositions.map(composition => composition[2]), writeSigned);

const packed = zlib.brotliCompressSync(Buffer.from(bytes), { params: { [zlib.constants.BROTLI_PARAM_LGWIN]: 20 } }).toString('base64');
const lines = packed.match(/.{1,140}/g).map(line => `        "${line}"`);
console.log(`// <auto-generated>by make-idna-data.cjs; Unicode ${process.versions.unicode}</auto-generated>
namespace Gatehouse.Http.Urls.Idna;

internal static class IdnaData
{
    /// <summary>Brotli in base64; ${bytes.length} bytes of numbers, in the order that IdnaTable reads them.</summary>
    public const string Packed =
${lines.join(' +\n')};
}`);
console.error(`${ranges.length} ranges, ${mappings.length} mappings, ${compositions.length} compositions, ${bytes.length} bytes, ${packed.length} packed`);
