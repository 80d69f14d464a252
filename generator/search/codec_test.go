package search

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestPostingsRoundTrip(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var in []posting
		ord := 0
		for i := range rnd.IntN(30) {
			if ord += rnd.IntN(1 << rnd.IntN(20)); i > 0 {
				ord++
			}
			p := posting{ord: ord}
			p.tf[rnd.IntN(fieldCount)] = uint16(1 + rnd.IntN(maxTF))
			p.tf[fieldText] = uint16(rnd.IntN(4))
			if p.mask() == 0 {
				p.tf[fieldText] = 1
			}
			if p.tf[fieldTitle] > 0 {
				p.title = uint8(rnd.IntN(256))
			}
			if p.tf[fieldName] > 0 {
				p.name = uint8(rnd.IntN(256))
			}
			in = append(in, p)
		}
		got, err := decodePostings(nil, appendPostings(nil, in))
		if err != nil || !slices.Equal(got, in) {
			t.Fatalf("%v came back as %v, %v", in, got, err)
		}
	}
}

func TestLengthsAreExactWhenShortAndCloseWhenLong(t *testing.T) {
	for n := range 100000 {
		got := lengthSteps[quantise(n)]
		if got > n || n < 8 && got != n || float64(n-got) > float64(n)/4 {
			t.Fatalf("length %d is kept as %d", n, got)
		}
	}
}

func TestPartitionHoldsEveryTermWhereItIsLookedFor(t *testing.T) {
	g := newGenerator(61, 20000)
	var l termLists
	l.terms = append(l.terms, g.vocab...)
	l.terms = append(l.terms, "é", "検索", "検", "a", "kind:api", "key=")
	slices.Sort(l.terms)
	l.terms = slices.Compact(l.terms)
	for range l.terms {
		l.data = append(l.data, make([]byte, g.rnd.IntN(200)))
	}
	cuts := l.partition()
	if len(cuts) < 10 {
		t.Fatalf("only %d shards", len(cuts))
	}
	for i, c := range cuts {
		if i > 0 && (c.lo != cuts[i-1].hi || c.lower <= cuts[i-1].lower) {
			t.Fatalf("shard %d is %+v after %+v", i, c, cuts[i-1])
		}
		for _, term := range l.terms[c.lo:c.hi] {
			if term < c.lower || i+1 < len(cuts) && term >= cuts[i+1].lower {
				t.Fatalf("%q is in shard %d, from %q", term, i, c.lower)
			}
		}
	}
	if cuts[0].lower != "" || cuts[len(cuts)-1].hi != len(l.terms) {
		t.Fatalf("from %q to %d of %d", cuts[0].lower, cuts[len(cuts)-1].hi, len(l.terms))
	}
}

// shardSeeds are payloads of every kind, from a real export.
func shardSeeds(t testing.TB) map[byte][]byte {
	lists := termLists{terms: []string{"a", "ab", "é"}, data: [][]byte{
		appendPostings(nil, []posting{{ord: 3, tf: [fieldCount]uint16{1}}, {ord: 9, tf: [fieldCount]uint16{0, 1, 2}}}),
		appendPostings(nil, []posting{{ord: 500, tf: [fieldCount]uint16{7}}}),
		appendPostings(nil, nil),
	}}
	x := openIndex(t, handwritten()[:2])
	ledger, err := unseal(shardLedger, x.ledger.encode())
	if err != nil {
		t.Fatal(err)
	}
	return map[byte][]byte{shardTerms: lists.encode(nil), shardLexicon: encodeLexicon(lists.terms), shardLedger: ledger}
}

// FuzzDecoders: whatever the bytes, decoding ends with a value or an error
// that says the file is damaged, and what was decoded encodes again.
func FuzzDecoders(f *testing.F) {
	for kind, b := range shardSeeds(f) {
		f.Add(kind, b)
		f.Add(kind, b[:len(b)/2])
		f.Add(kind, append(slices.Clone(b), 0xff))
	}
	f.Fuzz(func(t *testing.T, kind byte, b []byte) {
		var err error
		switch kind {
		case shardTerms:
			var l termLists
			if l, err = decodeTermLists(b); err == nil {
				for _, data := range l.data {
					ps, err := decodePostings(nil, data)
					if err == nil && !slices.IsSortedFunc(ps, func(a, b posting) int { return a.ord - b.ord }) {
						t.Error("postings are out of order")
					}
				}
				again, err := decodeTermLists(l.encode(nil))
				if err != nil || !reflect.DeepEqual(again, l) && len(l.terms) > 0 {
					t.Errorf("%v came back as %v, %v", l, again, err)
				}
			}
		case shardLexicon:
			_, err = decodeLexicon(b)
		default:
			_, err = decodeLedger(seal(shardLedger, b))
		}
		if err != nil && !errors.Is(err, errCorrupt) {
			t.Errorf("not a damaged file: %v", err)
		}
	})
}

func TestDamagedFilesAreRefused(t *testing.T) {
	g := newGenerator(71, 500)
	x := openIndex(t, append(g.corpus(40, 3, 20), handwritten()...))
	dir := publish(t, x)
	names, err := filepath.Glob(filepath.Join(dir, "*.bin"))
	if err != nil || len(names) < 4 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	rnd := rand.New(rand.NewPCG(8, 8))
	for _, name := range names {
		whole, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for range 25 {
			b := damage(rnd, whole)
			if got, err := readAny(b); err == nil && !sameAny(got, whole) {
				t.Fatalf("%s: a damaged file was read as something else", filepath.Base(name))
			}
		}
	}
	for _, bad := range []string{"", "{", `{"format":99}`, `{"format":1,"analysis":"en-1","blockBits":60}`,
		`{"format":1,"analysis":"en-1","blockBits":8,"lexicon":"../x.bin"}`, `{"format":1,"analysis":"xx-1"}`} {
		if _, err := newReader([]byte(bad), nil); err == nil || !strings.Contains(err.Error(), "index.json") {
			t.Errorf("pointer %s: %v", bad, err)
		}
	}
}

func damage(rnd *rand.Rand, whole []byte) []byte {
	b := slices.Clone(whole)
	switch rnd.IntN(3) {
	case 0:
		return b[:rnd.IntN(len(b))]
	case 1:
		b[rnd.IntN(len(b))] ^= 1 << rnd.IntN(8)
	default:
		b = append(b, byte(rnd.IntN(256)))
	}
	return b
}

// readAny unpacks a shard of whatever kind.
func readAny(b []byte) ([]byte, error) {
	var err error
	for _, kind := range []byte{shardTerms, shardLexicon, shardLengths, shardStore} {
		var payload []byte
		if payload, err = unpack(kind, b); err == nil {
			return payload, nil
		}
	}
	return nil, err
}

func sameAny(payload, whole []byte) bool {
	want, err := readAny(whole)
	return err == nil && bytes.Equal(payload, want)
}

func TestBrowserRefusesDamagedFiles(t *testing.T) {
	g := newGenerator(72, 500)
	x := openIndex(t, append(g.corpus(40, 3, 20), handwritten()...))
	dir := publish(t, x)
	type answer struct{ Tried, Refused, Same, Wrong int }
	var got answer
	browser(t, dir, []string{"payment service", "the-api", "kubernets cluster"}, `
let seed = 7;
const random = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
const ask = async (l: (name: string) => Promise<Uint8Array>) => {
  const s = new rank.Search(await shards.Shards.open(l));
  return JSON.stringify(await Promise.all(data.map((q: string) => s.query(q, 5).then((a) => a.results))));
};
const want = await ask(load);
const out = { Tried: 0, Refused: 0, Same: 0, Wrong: 0 };
for (let i = 0; i < 150; i++) {
  const kind = i % 3;
  const damaged = async (name: string) => {
    const b = await load(name);
    if (name === "index.json") return b;
    if (kind === 0) return b.slice(0, random(b.length));
    if (kind === 1) { b[random(b.length)] ^= 1 << random(8); return b; }
    const more = new Uint8Array(b.length + 1); more.set(b); more[b.length] = 7; return more;
  };
  out.Tried++;
  try {
    if ((await ask(damaged)) === want) out.Same++; else out.Wrong++;
  } catch (e) {
    if (/damaged|format/.test((e as Error).message)) out.Refused++; else throw e;
  }
}
return out;`, &got)
	t.Logf("%+v", got)
	if got.Wrong > 0 || got.Refused < got.Tried/2 {
		t.Errorf("of %d damaged indexes %d were refused, %d gave wrong results", got.Tried, got.Refused, got.Wrong)
	}
}
