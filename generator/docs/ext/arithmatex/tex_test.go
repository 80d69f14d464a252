package arithmatex

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestMathML(t *testing.T) {
	for tex, want := range map[string]string{
		`x^2`:               `<msup><mi>x</mi><mn>2</mn></msup>`,
		`a_{ij}^n`:          `<msubsup><mi>a</mi><mrow><mi>i</mi><mi>j</mi></mrow><mi>n</mi></msubsup>`,
		`\frac{1}{2}`:       `<mfrac><mn>1</mn><mn>2</mn></mfrac>`,
		`\sqrt[3]{x}`:       `<mroot><mi>x</mi><mn>3</mn></mroot>`,
		`\alpha \le \infty`: `<mrow><mi>α</mi><mo>≤</mo><mi>∞</mi></mrow>`,
		`\mathbb{R}`:        `<mi>ℝ</mi>`,
		`f'(x)`:             `<mrow><msup><mi>f</mi><mo>′</mo></msup><mo>(</mo><mi>x</mi><mo>)</mo></mrow>`,
		`\text{if } x < 0`:  `<mrow><mtext>if </mtext><mi>x</mi><mo>&lt;</mo><mn>0</mn></mrow>`,
		`\left( x \right]`:  `<mrow><mo fence="true" stretchy="true">(</mo><mi>x</mi><mo fence="true" stretchy="true">]</mo></mrow>`,
		`\hat{x}`:           `<mover accent="true"><mi>x</mi><mo>^</mo></mover>`,
		`\begin{pmatrix}a & b \\ c & d\end{pmatrix}`: `<mrow><mo fence="true" stretchy="true">(</mo><mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr>` +
			`<mtr><mtd><mi>c</mi></mtd><mtd><mi>d</mi></mtd></mtr></mtable><mo fence="true" stretchy="true">)</mo></mrow>`,
		`O(n \log n)`: `<mrow><mi>O</mi><mo>(</mo><mi>n</mi><mi mathvariant="normal">log</mi><mi>n</mi><mo>)</mo></mrow>`,
		`a \not= b`:   `<mrow><mi>a</mi><mo>≠</mo><mi>b</mi></mrow>`,
	} {
		got, ok := MathML(tex, false)
		if want = "<math>" + want + "</math>"; !ok || got != want {
			t.Errorf("%s:\n got %s %v\nwant %s", tex, got, ok, want)
		}
	}
	if got, _ := MathML(`\sum_{i=0}^n i`, true); !strings.Contains(got, "<munderover><mo>∑</mo>") || !strings.HasPrefix(got, `<math display="block">`) {
		t.Error(got)
	}
	for _, bad := range []string{`\unknown`, `{`, `}`, `x^`, `\frac{1}`, `\left(x`, `\begin{foo}\end{foo}`, `a & b`, `\text{$x$}`, strings.Repeat("{", 100), strings.Repeat("x", maxSource+1), `x^2^3`, `\href{javascript:x}{y}`} {
		if got, ok := MathML(bad, false); ok {
			t.Errorf("%.40q gave %s", bad, got)
		}
	}
}

// FuzzMathML requires well-formed output of known elements.
func FuzzMathML(f *testing.F) {
	for _, s := range []string{`x^2`, `\frac{a}{b}`, `\begin{cases}a & b\\c\end{cases}`, `\left|x\right.`, `<script>`, `\text{<b>}`, `\sum_{i}^{n}`, `'''`, `\not\in`, `\sqrt[`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, tex string) {
		out, ok := MathML(tex, true)
		if !ok {
			return
		}
		d := xml.NewDecoder(strings.NewReader(out))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				if strings.Contains(err.Error(), "illegal character") {
					return // control characters go with the sanitiser
				}
				t.Fatalf("%q gave %q: %v", tex, out, err)
			}
			if s, ok := token.(xml.StartElement); ok && s.Name.Local[0] != 'm' {
				t.Fatalf("%q gave %q", tex, out)
			}
		}
	})
}
